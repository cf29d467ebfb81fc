import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Charts } from '../../src/inspector/chart/charts.ts'
import { openFrameApp } from '../../src/inspector/frame-app/open-frame-app.ts'
import type { FrameApp } from '../../src/inspector/frame-app/open-frame-app.ts'
import { fingerprintOf } from '../../src/journal/core/state-hash.ts'
import { createRuntime } from '../../src/journal/runtime/runtime.ts'
import { openFileJournal } from '../../src/journal/writer/file-journal.ts'
import type { SchedulerInboxEvent } from '../../src/machines/scheduler/events.ts'
import { schedulerMachine } from '../../src/machines/scheduler/scheduler.ts'
import { hasChromium, useBrowser } from '../support/browser.ts'
import { offer, status } from '../support/mesos/mesos-data.ts'
import { goldenPath, serve, serveJournal } from './support/inspected.ts'

/** Sets a mark on the window in every way in which text could run. */
const markup = `"><img src=x onerror="hurt=1"><script>hurt=1</script><svg onload="hurt=1"><a href="javascript:hurt=1">`
const long = `${markup}${'x'.repeat(10e6)}`

/** Nested so deep that a function which calls itself for each level overflows the stack. */
function deepJson(levels: number): string {
  return `${'{"a":['.repeat(levels)}1${']}'.repeat(levels)}`
}

/** The journal of a scheduler whose tasks and master are hostile. */
async function writeJournal(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-hostile-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const input = { framework: { user: markup, name: markup }, hasLibraries: false, timeoutMs: 1000 }
  const journal = await openFileJournal<SchedulerInboxEvent>(folder, {
    header: {
      machine: 'scheduler',
      version: '1',
      fingerprint: fingerprintOf(schedulerMachine),
      package: 'test',
      input,
    },
  })
  const runtime = createRuntime(schedulerMachine, { input, journal })
  runtime.start()
  const events = [
    { type: 'mesos.subscribed', frameworkId: markup },
    {
      type: 'task.submit',
      requests: [markup, '__proto__', 'constructor', 'long'].map((id) => ({
        id,
        work: { kind: 'shell', command: id === 'long' ? long : markup },
        resources: { cpus: 0.1, memMb: 1 },
      })),
    },
    {
      type: 'mesos.offers',
      offers: [{ ...offer(markup, { cpus: 9, memMb: 999 }), hostname: markup }],
    },
    {
      type: 'mesos.update',
      status: status(markup, 'TASK_FAILED', { message: long, data: deepJson(500) } as never),
    },
    { type: markup, payload: JSON.parse(deepJson(500)) },
    { type: 'mesos.update', status: 7 },
  ]
  for (const event of events) runtime.dispatch(event as SchedulerInboxEvent)
  runtime.stop()
  await journal.close()
  return folder
}

/** Frames of a program that no machine of ours is like. */
function hostileProgram(): FrameApp {
  const app = openFrameApp({ id: markup, charts: new Charts() })
  const base = { _version: '0.7.2', createdAt: '1700000000000', id: null }
  const send = (frame: object) => app.take(JSON.stringify({ ...base, ...frame }))
  const actor = (sessionId: string, definition: unknown, more: object = {}) =>
    send({
      type: '@xstate.actor',
      name: markup,
      rootId: 'x:0',
      sessionId,
      definition: typeof definition === 'string' ? definition : JSON.stringify(definition),
      snapshot: { status: 'active', value: markup, context: { [markup]: long } },
      ...more,
    })
  const states = Object.fromEntries(Array.from({ length: 1e6 }, (_, index) => [`s${index}`, {}]))
  actor('x:0', { id: markup, initial: markup, states: { [markup]: { description: markup } } })
  actor('x:1', { id: 'many', initial: 's0', states })
  actor('x:2', deepJson(5000), { parentId: 'x:2' })
  actor('__proto__', '{"states":7,"on":[null]}', { parentId: 'nobody', snapshot: 9 })
  send({ type: '@xstate.event', sessionId: 'x:0', rootId: 'x:0', event: { type: markup, long } })
  send({
    type: '@xstate.snapshot',
    sessionId: 'x:0',
    rootId: 'x:0',
    event: { type: markup },
    snapshot: { status: markup, value: { [markup]: 7 }, context: JSON.parse(deepJson(500)) },
  })
  app.take(`{"type":"@xstate.event","sessionId":"x:0","event":${deepJson(20_000)}}`)
  app.take('{"type":"@xstate.actor"')
  return app
}

/** Opens every view, panel and entry, and waits after each click until the page has drawn again. */
async function visitAll(page: Page, ...keys: readonly string[]): Promise<void> {
  const tabs = await page.getByRole('tab').all()
  for (const key of keys) {
    await page.keyboard.press(key)
    for (const tab of tabs) {
      if (!(await tab.isVisible())) continue
      await tab.evaluate(async (element: HTMLElement) => {
        element.click()
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
      })
    }
  }
}

async function isHurt(page: Page): Promise<boolean> {
  return await page.evaluate(() => 'hurt' in globalThis)
}

describe.skipIf(!hasChromium())('the page, shown what is hostile', () => {
  const browser = useBrowser()

  it('shows a hostile journal as text, and answers clicks', async () => {
    const { url } = await serveJournal(await writeJournal())
    const page = await browser.open(url)
    await page.getByRole('treeitem').first().waitFor()
    await visitAll(page, 'Home', 'j', 'j', 'j', 'j', 'j', 'j')
    expect(await page.locator('main').innerText()).toContain('<img src=x')
    expect(await isHurt(page)).toBe(false)
  })

  it('shows a hostile program as text, and answers clicks', async () => {
    const { url } = await serve(hostileProgram())
    const page = await browser.open(url)
    await page.getByRole('treeitem').first().waitFor()
    for (const item of await page.getByRole('treeitem').all()) {
      await item.click()
      await visitAll(page, 'Home', 'End')
    }
    expect(await page.locator('main').innerText()).toContain('<img src=x')
    expect(await isHurt(page)).toBe(false)
  })

  it('is neither read nor steered by a page of another site', async () => {
    const { url } = await serveJournal(goldenPath('scheduler-work'))
    const site = createServer((_req, res) => res.setHeader('Content-Type', 'text/html').end())
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void site.close())
    const { port } = site.address() as AddressInfo
    const page = await browser.open(`http://localhost:${port}/`, { expects: /./ })
    expect(await attack(page, url)).toEqual({ fetched: 'refused', ...refused })

    // A name of theirs that now leads to this machine: the same origin as the inspector's port.
    const rebound = `http://rebound.test:${new URL(url).port}/`
    expect((await page.goto(rebound))?.status()).toBe(403)
    expect(await attack(page, rebound)).toEqual({ fetched: 403, ...refused })
  })
})

const refused = { socket: 'refused', isFramed: false }

/** What a page gets of an inspector: by a request, a WebSocket, and a frame. */
async function attack(page: Page, url: string): Promise<unknown> {
  const got = await page.evaluate(async (target) => {
    const fetched = await fetch(target).then(
      ({ status: code }) => code,
      () => 'refused',
    )
    const socket = await new Promise((resolve) => {
      const opened = new WebSocket(`${target.replace('http', 'ws')}inspector/socket`)
      opened.addEventListener('message', () => resolve('read'))
      opened.addEventListener('error', () => resolve('refused'))
    })
    const frame = document.createElement('iframe')
    frame.src = target
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve))
    document.body.append(frame)
    await loaded
    return { fetched, socket }
  }, url)
  const isFramed = await page.frameLocator('iframe').locator('#page').count()
  return { ...got, isFramed: isFramed > 0 }
}
