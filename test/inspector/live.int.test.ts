import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createFramework } from '../../src/framework/framework.ts'
import { inspectFramework } from '../../src/framework/inspect-framework.ts'
import { startLocalCluster } from '../../src/local/cluster.ts'
import { hasChromium, useBrowser } from '../support/browser.ts'
import { violationsIn } from './support/accessibility.ts'
import { shownStates } from './support/replayed.ts'

/** Goes to an entry of the run that is shown. */
async function show(page: Page, seq: number): Promise<void> {
  await page.evaluate((entry) => {
    const members = new URLSearchParams(location.hash.slice(1))
    members.set('entry', String(entry))
    location.hash = members.toString()
  }, seq)
  await page.locator('.entry-head', { hasText: `#${seq} ` }).waitFor()
}

async function save(page: Page, name: string, file: string): Promise<void> {
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name, exact: true }).click()
  await (await download).saveAs(file)
}

describe.skipIf(!hasChromium())('the page of a running framework', () => {
  const browser = useBrowser()

  it('follows tasks, their output, and the end of the run', async () => {
    const cluster = await startLocalCluster({ open: true, allocationIntervalMs: 50 })
    onTestFinished(() => cluster.close())
    const executor = { node: process.execPath }
    const framework = createFramework({ master: cluster.url, executor })
    onTestFinished(() => framework.stop())
    const inspector = await inspectFramework(framework)
    onTestFinished(() => inspector.close())
    const page = await browser.open(inspector.url, { bypassCSP: true })

    const work = { kind: 'shell', command: 'echo words; sleep 3' } as const
    const done = framework.run({ id: 'talker', work })
    const badge = page.getByRole('banner').getByRole('status')
    await badge.filter({ hasText: 'live' }).waitFor()
    await page.getByRole('tab', { name: 'Cluster' }).click()
    await page.getByText('talker').first().waitFor()
    await page.getByRole('tab', { name: 'Sandbox' }).click()
    await page.getByLabel('Task', { exact: true }).fill('talker')
    await page.keyboard.press('Enter')
    await page.getByText('words').first().waitFor()
    expect(await violationsIn(page)).toEqual([])
    await done
    await framework.stop()
    await badge.filter({ hasText: 'finished' }).waitFor()
    await page.getByRole('treeitem').filter({ hasText: 'stopped' }).first().waitFor()

    // Saved, it shows the same moment: as a page without a network, and as a journal opened here.
    await show(page, 7)
    // The states are another answer than the entry.
    await expect.poll(() => shownStates(page)).not.toMatchObject({ scheduler: 'stopped' })
    const states = await shownStates(page)
    expect(Object.keys(states)).toContain('scheduler')
    const folder = await mkdtemp(join(tmpdir(), 'jarcast-saved-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const html = join(folder, 'run.html')
    await save(page, 'HTML', html)
    const saved = await browser.open(undefined, { offline: true })
    await saved.goto(pathToFileURL(html).href)
    await show(saved, 7)
    await expect.poll(() => shownStates(saved)).toEqual(states)

    const journal = join(folder, 'again.ndjson')
    await save(page, 'Save', journal)
    await page.getByLabel('A journal or saved frames').setInputFiles(journal)
    await page.waitForFunction(() => location.hash.includes('app=import-1'))
    await show(page, 7)
    await expect.poll(() => shownStates(page)).toEqual(states)
  })
})
