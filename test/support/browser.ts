/**
 * Chromium for the tests of one file, and its pages. What a page says to nobody fails the test that
 * opened it: errors in its console, exceptions, and what its content security policy refused.
 */
import { chromium } from 'playwright-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, expect, onTestFinished } from 'vitest'
import { chromiumPath, hasTool } from '../../scripts/support/machine.mjs'
import { waitMs } from './patience.ts'

export const hasChromium = (): boolean => hasTool('chromium')

export interface PageOptions extends BrowserContextOptions {
  /** Messages of the console that the test means to cause. */
  readonly expects?: RegExp
}

export interface TestBrowser {
  /** A page in a context of its own, closed at the end of the test, which fails if it complained. */
  open(url?: string, options?: PageOptions): Promise<Page>
}

/** To be called where tests are described: the browser starts with its first page. */
export function useBrowser(): TestBrowser {
  let started: Promise<Browser> | undefined
  afterAll(async () => (await started)?.close())
  return {
    async open(url, { expects, ...options } = {}) {
      started ??= startChromium()
      const context = await (await started).newContext(options)
      context.setDefaultTimeout(waitMs)
      const complaints: string[] = []
      const complain = (text: string) => {
        if (expects?.test(text) !== true) complaints.push(text)
      }
      const page = await context.newPage()
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complain(message.text())
      })
      page.on('pageerror', ({ message }) => complain(message))
      page.on('dialog', (dialog) => {
        complain(`dialog: ${dialog.message()}`)
        void dialog.dismiss()
      })
      onTestFinished(async () => {
        await context.close()
        expect(complaints).toEqual([])
      })
      if (url !== undefined) await page.goto(url)
      return page
    },
  }
}

/** Names that lead to this machine, as those of a hostile site can. */
const resolving = '--host-resolver-rules=MAP *.test 127.0.0.1'

/** Chromium without its sandbox, which root may not use: the pages are ours. */
export function startChromium(): Promise<Browser> {
  const executablePath = chromiumPath()
  if (executablePath === undefined) throw new Error('no Chromium: see hasChromium()')
  const args = ['--no-sandbox', '--disable-gpu', resolving]
  return chromium.launch({ executablePath, args })
}
