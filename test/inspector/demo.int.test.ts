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
import { hasChromium, useBrowser } from '../support/browser.ts'
import { hasJava } from '../support/java.ts'
import { replayTo, shownStates } from './support/replayed.ts'

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

/** The address of the page that a program prints. */
async function pageOf({ stdout }: { readonly stdout: NodeJS.ReadableStream }): Promise<string> {
  return await new Promise((resolve, reject) => {
    // All is read: a program waits for a pipe that is full.
    const lines = createInterface(stdout)
    lines.on('line', (line) => {
      const [url] = /http:\S+/.exec(/inspector at .*/.exec(line)?.[0] ?? '') ?? []
      if (url !== undefined) resolve(url)
    })
    lines.on('close', () => reject(new Error('the program ended without a page')))
  })
}

async function entryOf(page: Page): Promise<number> {
  return Number(await page.getByRole('slider', { name: 'Moment' }).getAttribute('aria-valuenow'))
}

describe.skipIf(!hasChromium() || !hasJava())('the demo, inspected', () => {
  const browser = useBrowser()

  it('is followed live to its end on its own page and through its journal, and rewound to what replay tells', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jarcast-inspected-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const journal = join(folder, 'journal')
    const run = start(demo, '--inspect', '--journal', journal)
    const viewport = { width: 1600, height: 1200 }
    const own = await browser.open(await pageOf(run), { viewport })
    await badgeOf(own).filter({ hasText: 'live' }).waitFor()
    const first = join(journal, 'journal-0000000000000001.ndjson')
    const written = () => readFile(first, 'utf8').catch(() => '')
    await expect.poll(written).toContain('mesos.subscribed')
    // On a busy machine it would be over before the other page is open.
    run.kill('SIGSTOP')
    onTestFinished(() => void run.kill('SIGCONT'))
    const other = await browser.open(await pageOf(start(jarcast, 'inspect', journal)), { viewport })
    await badgeOf(other).filter({ hasText: 'growing' }).waitFor()
    run.kill('SIGCONT')
    const pages = [own, other]
    const seen = pages.map(() => new Set<number>())
    const isOver = async (page: Page) => (await badgeOf(page).textContent())?.includes('finished')
    while ((await Promise.all(pages.map(isOver))).includes(false)) {
      for (const [index, page] of pages.entries()) seen[index]?.add(await entryOf(page))
      await own.waitForTimeout(200)
    }
    for (const entries of seen) expect(entries.size).toBeGreaterThan(2)
    for (const page of pages) await expectReplayed(page, journal)
  })
})

function badgeOf(page: Page) {
  return page.getByRole('banner').getByRole('status')
}

/** The page shows the end of the run, and three moments before it, as `jarcast replay` does. */
async function expectReplayed(page: Page, journal: string): Promise<void> {
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
}
