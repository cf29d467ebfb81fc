/** The inspector's page in Chromium: a long journal, many actors, and what watching costs a run. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Browser, Page } from 'playwright-core'
import { schedulerLens } from '../../../src/framework/inspection/scheduler-lens.ts'
import { Charts } from '../../../src/inspector/chart/charts.ts'
import { openFrameApp } from '../../../src/inspector/frame-app/open-frame-app.ts'
import { openReplayApp } from '../../../src/inspector/replay-app/open-replay-app.ts'
import { startInspectorServer } from '../../../src/inspector/server/inspector-server.ts'
import { listLive } from '../../../src/inspector/server/list-live.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import { hasChromium, startChromium } from '../../support/browser.ts'
import { dispatchAll, dispatchAt, input, record, startRun } from './runs.ts'
import type { Run } from './runs.ts'
import { rate } from '../support/measure.ts'
import type { Figure } from '../support/measure.ts'

const entries = 100_000
const moments = 50
const actors = 5000
const perSecond = 20_000

export async function* figures(): AsyncGenerator<Figure> {
  yield await unwatched()
  if (!hasChromium()) return
  const browser = await startChromium()
  try {
    yield* longJournal(browser)
    yield await manyActors(browser)
    yield await watched(browser)
  } finally {
    await browser.close()
  }
}

async function* longJournal(browser: Browser): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'jarcast-bench-'))
  await record(folder, entries)
  const startedAt = performance.now()
  const child = spawn(process.execPath, [resolve('dist/cli/main.js'), 'inspect', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const page = await openPage(browser, await urlOf(child.stdout))
    await page.locator('.now', { hasText: / of 100,\d\d\d/ }).waitFor()
    await page.locator('.log [aria-selected=true] .label').waitFor()
    await page.locator('.entry-head .number').waitFor()
    const seconds = (performance.now() - startedAt) / 1000
    yield {
      case: `open ${entries} entries, from the command to the last state`,
      value: seconds,
      unit: 's',
    }
    yield { case: 'scroll its log', value: await scrollRate(page), unit: 'frames/s' }
    const times: number[] = []
    for (let count = 0; count < moments; count += 1) times.push(await timeOfMoment(page))
    yield { case: `any moment of it, worst of ${moments}`, value: Math.max(...times), unit: 'ms' }
    await page.close()
  } finally {
    child.kill()
    rmSync(folder, { recursive: true })
  }
}

async function manyActors(browser: Browser): Promise<Figure> {
  const charts = new Charts()
  const app = openFrameApp({ id: 'many', charts })
  const snapshot = { status: 'active', value: 'on', context: {} }
  const definition = JSON.stringify({ id: 'lamp', initial: 'on', states: { on: {} } })
  for (let index = 0; index < actors; index += 1) {
    const id = `x:${index}`
    const frame = {
      type: '@xstate.actor',
      _version: '0.7.2',
      createdAt: '1',
      id: null,
      rootId: 'x:0',
    }
    const parent = index === 0 ? {} : { parentId: 'x:0' }
    app.take(JSON.stringify({ ...frame, sessionId: id, name: id, definition, snapshot, ...parent }))
  }
  const server = await startInspectorServer({ charts })
  server.apps.add(app)
  const startedAt = performance.now()
  const page = await openPage(browser, server.url)
  await page.locator('.actors', { hasText: '5,000' }).waitFor()
  await page.getByRole('treeitem').nth(9).waitFor()
  const value = (performance.now() - startedAt) / 1000
  await page.close()
  await server.close()
  return { case: `list ${actors} actors, from the address to the tree`, value, unit: 's' }
}

/** The rate of a run beside a page that follows it, and without one. */
async function watched(browser: Browser): Promise<Figure> {
  const rates: number[][] = [[], []]
  for (let round = 0; round < 4; round += 1) {
    const { runtime, begin } = startRun()
    const inspected = await inspect(runtime)
    begin()
    const isWatched = round % 2 === 1
    const page = isWatched ? await openPage(browser, inspected.url) : undefined
    await page?.locator('.entry-head .number').waitFor()
    await dispatchAt(runtime, perSecond, 1000)
    rates[Number(isWatched)]?.push(await dispatchAt(runtime, perSecond, 3000))
    await page?.close()
    runtime.stop()
    await inspected.close()
  }
  const [peerValue = 0, value = 0] = rates.map((each) => Math.max(...each))
  return {
    case: `a live run at ${perSecond} entries/s, watched`,
    value,
    unit: 'entries/s',
    peer: 'not watched',
    peerValue,
    ratio: value / peerValue,
  }
}

/** As fast as it can, after its beginning: with an inspector that nobody looks at, and without. */
async function unwatched(): Promise<Figure> {
  const seconds: number[][] = [[], []]
  for (let round = 0; round < 6; round += 1) {
    const hasInspector = round % 2 === 0
    const { runtime, begin } = startRun()
    const inspected = hasInspector ? await inspect(runtime) : undefined
    begin()
    // The first 20,000 entries are kept for a page that may come.
    await dispatchAll(runtime, 30_000)
    await new Promise((resolve) => setTimeout(resolve, 200))
    const startedAt = performance.now()
    await dispatchAll(runtime, entries)
    seconds[Number(hasInspector)]?.push((performance.now() - startedAt) / 1000)
    runtime.stop()
    await inspected?.close()
  }
  const [without = [], unseen = []] = seconds
  return rate('a live run, nobody watching', entries, unseen, 'entries/s', [
    'no inspector',
    without,
  ])
}

async function inspect(runtime: Run): Promise<{ url: string; close: () => Promise<void> }> {
  const charts = new Charts()
  const server = await startInspectorServer({ charts })
  const end = listLive(server, () =>
    openReplayApp({
      id: 'run',
      name: 'run',
      machine: schedulerMachine,
      input,
      startedAt: Date.now(),
      entries: runtime,
      lens: schedulerLens,
      chartOf: async (machine, collapsed) => {
        const drawn = await charts.chart(charts.addMachine(machine), collapsed)
        if (drawn === undefined) throw new Error('a chart that was added is missing')
        return drawn
      },
    }),
  )
  return {
    url: server.url,
    async close() {
      end()
      await server.close()
    },
  }
}

async function openPage(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(url)
  return page
}

async function urlOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const [url] = /http:\S+/.exec(line) ?? []
    if (url !== undefined) return url
  }
  throw new Error('jarcast inspect ended')
}

/** Frames a second while the log moves by more than a page each frame. */
async function scrollRate(page: Page): Promise<number> {
  return await page.locator('.log [role=listbox]').evaluate(async (list) => {
    const startedAt = performance.now()
    let frames = 0
    while (performance.now() - startedAt < 3000) {
      list.scrollTop = (frames * 977) % list.scrollHeight
      await new Promise(requestAnimationFrame)
      frames += 1
    }
    return frames / ((performance.now() - startedAt) / 1000)
  })
}

/** From the choice of a random entry to its state on the page, ms. */
async function timeOfMoment(page: Page): Promise<number> {
  const seq = Math.floor(Math.random() * entries)
  return await page.evaluate(async (wanted) => {
    const startedAt = performance.now()
    location.hash = `#entry=${wanted}`
    const isShown = () =>
      document.querySelector('.entry-head .number')?.textContent === `#${wanted}`
    while (!isShown()) await new Promise(requestAnimationFrame)
    return performance.now() - startedAt
  }, seq)
}
