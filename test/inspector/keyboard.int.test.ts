import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasChromium, useBrowser } from '../support/browser.ts'
import { violationsIn } from './support/accessibility.ts'
import { goldenPath, openServer, serveJournal } from './support/inspected.ts'

/** Presses Tab until the element with the focus has this text or label. */
async function tabTo(page: Page, label: string): Promise<void> {
  for (let stop = 0; stop < 80; stop += 1) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(isFocusOn, label)) return
  }
  throw new Error(`Tab does not reach ${label}`)
}

function isFocusOn(label: string): boolean {
  const element = document.activeElement
  const text = element?.getAttribute('aria-label') ?? element?.textContent?.trim()
  const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : []
  return text === label || labels.some(({ textContent }) => textContent?.trim() === label)
}

async function hasFocus(element: Locator): Promise<boolean> {
  return await element.evaluate((own) => own === document.activeElement)
}

/** A key of each part that has keys of its own, as the dialog lists it. */
const ownKeys = [
  ['Time', 'Space'],
  ['Page', 'Esc'],
  ['Focus on the statechart', '.'],
  ['Focus on the sequence', 'Enter'],
  ['Focus on the log', 'Page ↓'],
  ['Focus on the actors', 'Home'],
  ['Focus on the timeline', 'Page ↑'],
  ['Focus on a row of tabs', 'End'],
  ['Focus on a line between panes', 'Home'],
] as const

/** Elements that get the focus by Tab, one after the other, and show nothing of it. */
async function hiddenStops(page: Page): Promise<readonly string[]> {
  const hidden = new Set<string>()
  for (let stop = 0; stop < 60; stop += 1) {
    await page.keyboard.press('Tab')
    const text = await page.evaluate(() => {
      const element = document.activeElement ?? document.body
      if (element === document.body) return ''
      // A field shows it around its label.
      const places = [element, element.closest('label')].filter((place) => place !== null)
      const isShown = places.some((place) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(place)
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0
      })
      return isShown ? '' : element.outerHTML.slice(0, 120)
    })
    if (text !== '') hidden.add(text)
  }
  return [...hidden]
}

describe.skipIf(!hasChromium())('the page by keys alone', () => {
  const browser = useBrowser()

  it('lists its keys, keeps the focus in there, and gives it back', async () => {
    const { url } = await serveJournal(goldenPath('scheduler-trouble'))
    const page = await browser.open(url, { bypassCSP: true })
    await page.getByRole('treeitem').first().waitFor()
    const log = page.getByRole('listbox', { name: /^Entries/ })
    await log.focus()
    await page.keyboard.press('?')
    const dialog = page.getByRole('dialog', { name: 'Keys' })
    await dialog.waitFor()
    expect(await violationsIn(page)).toEqual([])
    for (const [place, key] of ownKeys) {
      const section = dialog.locator('section').filter({ hasText: place })
      await section.getByText(key, { exact: true }).first().waitFor()
    }
    for (const key of ['Tab', 'Tab', 'Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab']) {
      await page.keyboard.press(key)
      const place = await page.evaluate(() => document.activeElement?.closest('dialog')?.className)
      expect({ key, place }).toEqual({ key, place: 'help' })
    }
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    expect(await hasFocus(log)).toBe(true)

    const button = page.getByRole('button', { name: 'Keys' })
    await button.focus()
    await page.keyboard.press('Enter')
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    expect(await hasFocus(button)).toBe(true)
  })

  it('shows where the focus is, on each stop of each view', async () => {
    const { url } = await serveJournal(goldenPath('scheduler-libraries'))
    const page = await browser.open(url)
    for (const view of ['statechart', 'sequence', 'cluster', 'libraries']) {
      await page.goto(`${url}#entry=20&view=${view}`)
      await page.locator('.entry-head .number', { hasText: '#20' }).waitFor()
      expect({ view, hidden: await hiddenStops(page) }).toEqual({ view, hidden: [] })
    }
  })

  it('closes and opens a state of the statechart', async () => {
    const { url } = await serveJournal(goldenPath('scheduler-trouble'))
    const page = await browser.open(`${url}#entry=0&view=statechart`)
    const state = page.getByRole('button', { name: 'State active', exact: true })
    await state.waitFor()
    await tabTo(page, 'State active')
    for (const isOpen of ['false', 'true']) {
      await page.keyboard.press('Enter')
      await expect.poll(() => state.getAttribute('aria-expanded')).toBe(isOpen)
      expect(await hasFocus(state)).toBe(true)
    }
  })

  it('chooses tabs, and moves the lines between panes', async () => {
    const { url } = await serveJournal(goldenPath('scheduler-trouble'))
    const page = await browser.open(`${url}#entry=3`)
    await page.locator('.entry-head .number', { hasText: '#3' }).waitFor()
    const tabs = page.getByRole('tablist', { name: 'About the entry' }).getByRole('tab')
    await tabs.first().focus()
    for (const [key, place] of [
      ['End', -1],
      ['ArrowRight', 0],
      ['ArrowRight', 1],
      ['Home', 0],
    ] as const) {
      await page.keyboard.press(key)
      expect({ key, isThere: await hasFocus(tabs.nth(place)) }).toEqual({ key, isThere: true })
      expect(await tabs.nth(place).getAttribute('aria-selected')).toBe('true')
    }
    const line = page.getByRole('separator', { name: 'Width of the entry' })
    await line.focus()
    const before = Number(await line.getAttribute('aria-valuenow'))
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => line.getAttribute('aria-valuenow')).toBe(String(before + 16))
    await page.keyboard.press('Home')
    await expect.poll(() => line.getAttribute('aria-valuenow')).toBe('240')
    // The page's own Home would go to the first entry.
    expect(await page.locator('.entry-head .number').innerText()).toContain('#3')
  })

  it('sends an event to a copy, and goes back', async () => {
    const { url } = await serveJournal(goldenPath('scheduler-trouble'))
    const page = await browser.open(`${url}#entry=12`, { bypassCSP: true })
    await page.locator('.entry-head .number', { hasText: '#12' }).waitFor()
    await page.keyboard.press('b')
    await tabTo(page, 'Event')
    await page.keyboard.type('framework.stop')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Back to the run' }).waitFor()
    expect(await violationsIn(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Back to the run' }).waitFor({ state: 'hidden' })
  })

  it('opens and saves runs', async () => {
    const { url } = await serveJournal(goldenPath('scheduler-work'))
    const page = await browser.open(url)
    await page.getByRole('treeitem').first().waitFor()
    await tabTo(page, 'Open')
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.keyboard.press('Enter'),
    ])
    expect(chooser.isMultiple()).toBe(false)
    await tabTo(page, 'Save')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.keyboard.press('Enter'),
    ])
    expect(download.suggestedFilename()).toContain('scheduler-work')
  })

  it('asks for the token, and opens with it', async () => {
    const { url } = await openServer({ token: 'a-token-of-this-test' })
    const page = await browser.open(url, { bypassCSP: true, expects: /401|Unauthorized|WebSocket/ })
    await page.getByRole('heading', { name: 'This inspector needs its token' }).waitFor()
    expect(await violationsIn(page)).toEqual([])
    await page.keyboard.type('a-token-of-this-test')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Nothing is being watched yet' }).waitFor()
    expect(await violationsIn(page)).toEqual([])
  })

  it('is accessible in each part of the entry', async () => {
    const { url } = await serveJournal(goldenPath('scheduler-work'))
    const page = await browser.open(`${url}#entry=20`, { bypassCSP: true })
    await page.locator('.entry-head .number', { hasText: '#20' }).waitFor()
    for (const tab of ['Event', 'Changes', 'Effects', 'Context', 'Branch']) {
      await page.getByRole('tab', { name: tab }).click()
      expect({ tab, violations: await violationsIn(page) }).toEqual({ tab, violations: [] })
    }
  })

  it('opens a link with the filter that its sender had', async () => {
    const { url } = await serveJournal(goldenPath('scheduler-work'))
    const page = await browser.open(url)
    await page.getByRole('treeitem').first().waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('update|offers')
    await page.getByRole('button', { name: 'Regular expression' }).click()
    await page.getByRole('textbox', { name: 'Type of event' }).fill('mesos.update')
    const found = page.locator('.found [role=status]')
    await expect.poll(() => found.innerText()).toMatch(/^\d+ of [1-9]/)
    await expect.poll(() => page.url()).toContain('find-type=mesos.update')
    const other = await browser.open(page.url())
    await expect
      .poll(() => other.locator('.found [role=status]').innerText())
      .toBe(await found.innerText())
    expect(await other.getByRole('searchbox', { name: 'Filter events' }).inputValue()).toBe(
      'update|offers',
    )
  })
})
