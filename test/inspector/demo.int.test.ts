import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { stateLine } from '../../src/inspector/state-line.ts'
import { hasChromium, useBrowser } from '../support/browser.ts'
import { hasJava } from '../support/java.ts'
import { runProgram } from '../support/processes/run-program.ts'

const demo = fileURLToPath(new URL('../../docs/examples/demo/demo.mjs', import.meta.url))
const jarcast = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

function start(...args: readonly string[]): ChildProcess & { stdout: NodeJS.ReadableStream } {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  })
  return child
}

/** The page of `jarcast inspect`, which runs until the end of the test. */
async function inspect(journal: string): Promise<string> {
  for await (const line of createInterface(start(jarcast, 'inspect', journal).stdout)) {
    const [url] = /http:\S+/.exec(line) ?? []
    if (url !== undefined) return url
  }
  throw new Error('jarcast inspect ended')
}

interface ReplayLine {
  readonly type: string
  readonly value: unknown
  readonly now: number
  readonly transitions: readonly { readonly actorId: string; readonly to?: string }[]
}

/** State of each actor after an entry, as `jarcast replay` has it. */
function replayTo(journal: string, seq: number): Readonly<Record<string, string>> {
  const output = runProgram(process.execPath, [
    jarcast,
    'replay',
    journal,
    '--to',
    `${seq}`,
    '--json',
  ])
  const lines = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ReplayLine)
  const entries = lines.filter(({ type }) => type === 'entry')
  const states = new Map<string, string>()
  for (const { actorId, to } of entries.flatMap(({ transitions }) => transitions)) {
    if (to === undefined) states.delete(actorId)
    else states.set(actorId, stateLine(to.startsWith('{') ? JSON.parse(to) : to))
  }
  return Object.fromEntries(states)
}

/** State of each actor that the page shows. */
async function shownStates(page: Page): Promise<Readonly<Record<string, string>>> {
  const rows = page.getByRole('treeitem')
  const pairs = await rows.evaluateAll((items) =>
    items.map((item) => [
      item.querySelector('.name')?.textContent ?? '',
      item.querySelector('.state')?.getAttribute('title') ?? '',
    ]),
  )
  return Object.fromEntries(pairs) as Record<string, string>
}

async function entryOf(page: Page): Promise<number> {
  return Number(await page.getByRole('slider', { name: 'Moment' }).getAttribute('aria-valuenow'))
}

describe.skipIf(!hasChromium() || !hasJava())('the demo, inspected', () => {
  const browser = useBrowser()

  it('is followed live to its end, and rewound to what replay tells', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jarcast-inspected-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const journal = join(folder, 'journal')
    const run = start(demo, '--journal', journal)
    run.stdout.resume()
    const first = join(journal, 'journal-0000000000000001.ndjson')
    const written = () => readFile(first, 'utf8').catch(() => '')
    await expect.poll(written).toContain('mesos.subscribed')
    // On a busy machine it would be over before a page is open.
    run.kill('SIGSTOP')
    onTestFinished(() => void run.kill('SIGCONT'))

    const page = await browser.open(await inspect(journal), {
      viewport: { width: 1600, height: 1200 },
    })
    const badge = page.getByRole('banner').getByRole('status')
    await badge.filter({ hasText: 'growing' }).waitFor()
    run.kill('SIGCONT')
    const seen: number[] = []
    while (run.exitCode === null) {
      seen.push(await entryOf(page))
      await page.waitForTimeout(200)
    }
    await badge.filter({ hasText: 'finished' }).waitFor()
    expect(new Set(seen).size).toBeGreaterThan(2)
    await expect.poll(() => shownStates(page)).toMatchObject({ scheduler: 'stopped' })
    const last = await entryOf(page)
    expect(await shownStates(page)).toEqual(replayTo(journal, last))

    const scrubber = page.getByRole('slider', { name: 'Moment' })
    const { width = 0 } = (await scrubber.boundingBox()) ?? {}
    for (const part of [0.2, 0.5, 0.8]) {
      await scrubber.click({ position: { x: width * part, y: 10 } })
      await expect.poll(() => entryOf(page)).toBeLessThan(last)
      const seq = await entryOf(page)
      await page.locator('.now', { hasText: `#${seq}` }).waitFor()
      const expected = replayTo(journal, seq)
      await expect.poll(() => shownStates(page)).toEqual(expected)
    }
  })
})
