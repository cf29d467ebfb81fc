import { once } from 'node:events'
import { request } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { JarcastError } from '../../../src/errors.ts'
import type { App, AppInfo } from '../../../src/inspector/protocol/questions.ts'
import { startInspectorServer } from '../../../src/inspector/server/inspector-server.ts'
import type { InspectorServer } from '../../../src/inspector/server/inspector-server.ts'

const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function start(): Promise<InspectorServer> {
  const server = await startInspectorServer()
  closing.push(() => server.close())
  return server
}

interface Page {
  next(): Promise<unknown>
  ask(message: object): void
  readonly closed: Promise<unknown>
}

async function openPage(url: string, headers: Record<string, string> = {}): Promise<Page> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}inspector/socket`, { headers })
  const messages: unknown[] = []
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString()))
    socket.emit('read')
  })
  closing.push(() => socket.terminate())
  const closed = new Promise((resolve) => {
    socket.on('close', (code, reason) => resolve([code, reason]))
  })
  await once(socket, 'open')
  return {
    closed,
    ask: (message) => socket.send(JSON.stringify(message)),
    async next() {
      while (messages.length === 0) await once(socket, 'read')
      return messages.shift()
    },
  }
}

function info(id: string, lastSeq = 0): AppInfo {
  const times = { startedAt: 0, firstSeq: 0, lastSeq, now: 0 }
  return { id, name: id, origin: 'journal', ...times, isOver: false, features: [], notes: [] }
}

function createApp(id: string, answers: Partial<App> = {}) {
  let changed = (): void => undefined
  let lastSeq = 0
  const app = {
    info: () => info(id, lastSeq),
    onChange: (listener: () => void) => ((changed = listener), () => undefined),
    ...answers,
  } as App
  return { app, grow: () => ((lastSeq += 1), changed()) }
}

describe('the inspector server', () => {
  it('sends a page its apps, and changes', async () => {
    const { url, apps } = await start()
    const { app, grow } = createApp('one')
    const remove = apps.add(app)
    const page = await openPage(url)
    expect(await page.next()).toEqual({ push: 'hello', version: 1, apps: [info('one')] })
    for (let count = 0; count < 5; count += 1) grow()
    expect(await page.next()).toEqual({ push: 'apps', apps: [info('one', 5)] })
    remove()
    expect(await page.next()).toEqual({ push: 'gone', app: 'one' })
  })

  it('answers questions, and says why it cannot', async () => {
    const { url, apps } = await start()
    const at = () => ({ seq: 3 })
    const next = () => {
      throw new JarcastError('REPLAY_FAILED', 'the machine throws')
    }
    apps.add(createApp('one', { at, next }).app)
    const page = await openPage(url)
    await page.next()
    page.ask({ id: 1, app: 'one', ask: 'at', params: { now: 5 } })
    expect(await page.next()).toEqual({ id: 1, answer: { seq: 3 } })
    page.ask({ id: 2, app: 'one', ask: 'next', params: { seq: 1, direction: 1, kind: 'failure' } })
    const error = { code: 'REPLAY_FAILED', message: 'the machine throws' }
    expect(await page.next()).toEqual({ id: 2, error })
    page.ask({ id: 3, app: 'two', ask: 'at', params: { now: 5 } })
    expect(await page.next()).toMatchObject({ id: 3, error: { code: 'INSPECTOR_APP_GONE' } })
  })

  it('closes on a page that asks what no page of ours asks', async () => {
    const { url } = await start()
    const page = await openPage(url)
    page.ask({ id: 1, app: 'one', ask: '__proto__', params: {} })
    expect(await page.closed).toEqual([1008, Buffer.from('there is no such question')])
  })

  it.each([
    ['another origin', { Origin: 'http://evil.example' }],
    ['a name that resolves to this host', { Host: 'evil.example' }],
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
  ])('refuses a web page of %s', async (_, headers) => {
    const { url } = await start()
    await expect(openPage(url, headers)).rejects.toThrow('403')
    const answer = request(url, { headers }).end()
    const [{ statusCode }] = (await once(answer, 'response')) as [{ statusCode: number }]
    answer.destroy()
    expect(statusCode).toBe(403)
  })
})
