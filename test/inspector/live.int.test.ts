import { describe, expect, it, onTestFinished } from 'vitest'
import { createFramework } from '../../src/framework/framework.ts'
import { inspectFramework } from '../../src/framework/inspect-framework.ts'
import { startLocalCluster } from '../../src/local/cluster.ts'
import { hasChromium, useBrowser } from '../support/browser.ts'
import { violationsIn } from './support/accessibility.ts'

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
  })
})
