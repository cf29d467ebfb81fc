import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { Charts } from '../../../src/inspector/chart/charts.ts'
import { openFrameApp } from '../../../src/inspector/frame-app/open-frame-app.ts'
import type { FrameApp } from '../../../src/inspector/frame-app/open-frame-app.ts'
import { startInspectorServer } from '../../../src/inspector/server/inspector-server.ts'
import type { InspectorServerOptions } from '../../../src/inspector/server/inspector-server.ts'

const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function start(options: InspectorServerOptions = {}) {
  const server = await startInspectorServer({ charts: new Charts(), ...options })
  closing.push(() => server.close())
  const open = (body: string, headers: Record<string, string> = {}, name = 'a run.ndjson') =>
    fetch(`${server.url}inspector/import?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      headers,
      body,
    })
  const save = (app: string) => fetch(`${server.url}inspector/export?app=${app}`)
  return { server, open, save }
}

const common = { _version: '0.7.2', id: null, rootId: 'x:0', sessionId: 'x:0' }
const next = { type: 'next' }
const frames = [
  {
    ...common,
    type: '@xstate.actor',
    createdAt: '1000',
    name: 'light',
    snapshot: { status: 'active', value: 'green', context: { cars: 1 } },
  },
  { ...common, type: '@xstate.event', createdAt: '2000', sourceId: 'x:0', event: next },
  {
    ...common,
    type: '@xstate.snapshot',
    createdAt: '2000',
    event: next,
    snapshot: { status: 'active', value: 'red', context: { cars: 2 } },
  },
  { ...common, type: '@xstate.event', createdAt: '3000', event: { type: 'ignored' } },
].map((frame) => JSON.stringify(frame))

function program(id = 'program'): FrameApp {
  const app = openFrameApp({ id, charts: new Charts() })
  for (const frame of frames) app.take(frame)
  return app
}

async function shown(app: FrameApp | undefined) {
  if (app === undefined) return undefined
  const moment = async (seq: number) => await app.moment({ seq })
  return [app.rows({ from: 0, count: 10 }), await moment(0), await moment(1), await moment(2)]
}

describe('a run as a file', () => {
  it('is saved from the page, and shows the same when it is opened again', async () => {
    const { server, open, save } = await start()
    server.apps.add(program())
    const saved = await save('program')
    expect(saved.headers.get('content-disposition')).toBe('attachment; filename="light.ndjson"')
    const opened = await open(await saved.text())
    const { app } = (await opened.json()) as { app: string }
    expect(server.apps.get(app)?.info()).toMatchObject({ name: 'a run.ndjson', isOver: true })
    expect(await shown(server.apps.get(app) as FrameApp)).toEqual(await shown(program()))
  })

  it('is saved as a page, if the run can be', async () => {
    const { server, save } = await start()
    const app = program()
    const features = ['exportPage'] as const
    async function* savePage() {
      yield await Promise.resolve('<!doctype html>')
      yield 'ab'
    }
    server.apps.add({ ...app, info: () => ({ ...app.info(), features }), savePage })
    const saved = await save('program&as=page')
    expect(saved.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(saved.headers.get('content-disposition')).toBe('attachment; filename="light.html"')
    expect(await saved.text()).toBe('<!doctype html>ab')
    // Its first entries are gone.
    expect((await save('program')).status).toBe(404)
    expect((await save('program&as=other')).status).toBe(404)
  })

  it('is a journal where somebody opens journals', async () => {
    const seen: string[] = []
    const { server, open } = await start({
      openJournal: (path, { id, name }) => {
        seen.push(readFileSync(path, 'utf8'), name)
        return program(id)
      },
    })
    const answer = await open('{"format":1}\n')
    expect(await answer.json()).toEqual({ app: 'import-1' })
    expect(seen).toEqual(['{"format":1}\n', 'a run.ndjson'])
    expect(await (await open('{"format":1}\n')).json()).toEqual({ app: 'import-2' })
    expect(server.apps.infos()).toHaveLength(2)
  })

  it('is refused with the reason', async () => {
    const { open, save } = await start({
      openJournal: (path) => {
        throw new Error(`${path} has a damaged header`)
      },
    })
    for (const [body, reason] of [
      ['', /empty/],
      ['{"format":1}', /^a run\.ndjson has a damaged header$/m],
    ] as const) {
      const answer = await open(body)
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringMatching(reason)])
    }
    expect((await save('nobody')).status).toBe(404)
  })

  it('is refused where frames or journals are not opened', async () => {
    const { open } = await start()
    const answer = await open('{"format":1}')
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringMatching(/journals/)])
  })

  it('comes from nobody without the token, and from no foreign page', async () => {
    const token = '0123456789abcdef'
    const { open, save } = await start({ token })
    expect((await open(frames.join('\n'))).status).toBe(401)
    expect((await save('program')).status).toBe(401)
    const permitted = await open(frames.join('\n'), { authorization: `Bearer ${token}` })
    expect(permitted.status).toBe(200)
    const foreign = { authorization: `Bearer ${token}`, origin: 'http://evil.example' }
    expect((await open(frames.join('\n'), foreign)).status).toBe(403)
  })
})
