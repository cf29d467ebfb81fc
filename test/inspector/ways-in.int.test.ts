import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasChromium, useBrowser } from '../support/browser.ts'
import { runProgram } from '../support/processes/run-program.ts'
import { goldenPath, serve, serveJournal } from './support/inspected.ts'
import { replayTo, shownStates } from './support/replayed.ts'

const jarcast = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const kitchen = fileURLToPath(new URL('support/kitchen.mjs', import.meta.url))

/** What the page shows of the chosen moment, in words. */
async function textsOf(page: Page): Promise<Readonly<Record<string, readonly string[]>>> {
  await page.getByRole('group', { name: /^Statechart of/ }).waitFor()
  const texts = async (selector: string) => await page.locator(selector).allTextContents()
  return {
    chart: await texts('svg.chart text'),
    actors: await texts('.actor-row'),
    log: await texts('.log [role=option]'),
    entry: await texts('.entry-head'),
    why: await texts('#entry-panel'),
  }
}

describe.skipIf(!hasChromium())('a way to the page', () => {
  const browser = useBrowser()

  it('is a file that shows the same as the server, without a network', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jarcast-saved-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const journal = goldenPath('scheduler-libraries')
    const file = join(folder, 'run.html')
    runProgram(process.execPath, [jarcast, 'inspect', journal, '--html', file])

    // High enough for all rows of the log.
    const viewport = { width: 1600, height: 2600 }
    const requests: string[] = []
    const saved = await browser.open(undefined, { offline: true, viewport })
    saved.on('request', (request) => requests.push(request.url()))
    const address = '#entry=20&actor=offers'
    await saved.goto(`${pathToFileURL(file).href}${address}`)
    const { url } = await serveJournal(journal)
    const served = await browser.open(`${url}${address}`, { viewport })
    await served.locator('.entry-head', { hasText: '#20' }).waitFor()
    const shown = await textsOf(served)
    await expect.poll(() => textsOf(saved)).toEqual(shown)
    expect(shown['chart']?.join(' ')).toContain('holding')

    await saved.keyboard.press('End')
    await expect.poll(() => saved.locator('.entry-head').innerText()).not.toContain('#20 ')
    for (const seq of [20, 3, 31]) {
      await saved.evaluate((entry) => (location.hash = `#entry=${entry}`), seq)
      await saved.locator('.entry-head', { hasText: `#${seq} ` }).waitFor()
      await expect.poll(() => shownStates(saved)).toEqual(replayTo(journal, seq))
    }
    expect(requests.filter((request) => !request.startsWith('file:'))).toEqual([])
  })

  it('is any program that sends frames of the standard protocol', async () => {
    const { url } = await serve()
    const page = await browser.open(url)
    const program = spawn(process.execPath, [kitchen, url.replace('http', 'ws')], {
      stdio: ['pipe', 'inherit', 'inherit'],
    })
    onTestFinished(() => void program.kill())
    const row = page.getByRole('treeitem').filter({ hasText: 'kettle' })
    await row.click()
    await page.getByRole('group', { name: /^Statechart of kettle/ }).waitFor()
    const chart = page.locator('svg.chart')
    for (const text of ['cold', 'heating', 'boiling', 'isHot', 'The water evaporates.'])
      await chart.getByText(text).first().waitFor({ state: 'attached' })
    for (const [type, state] of [
      ['heat', 'heating'],
      ['warmer', 'heating'],
      ['warmer', 'boiling'],
    ] as const) {
      program.stdin.write(`${type}\n`)
      await row.filter({ hasText: state }).waitFor()
      await chart.locator('.lit', { hasText: state }).first().waitFor()
    }
    program.stdin.end()
    const badge = page.getByRole('banner').getByRole('status')
    await badge.filter({ hasText: 'finished' }).waitFor()
  })
})
