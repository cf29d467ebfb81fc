import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasChromium, useBrowser } from '../support/browser.ts'
import { violationsIn } from './support/accessibility.ts'
import { goldenPath, serveJournal } from './support/inspected.ts'

async function tabsOf(page: Page): Promise<readonly string[]> {
  return await page.getByRole('tablist', { name: 'Views' }).getByRole('tab').allInnerTexts()
}

/** What is wider than the window, or cut without a way to see the rest of it. */
async function cutIn(page: Page): Promise<readonly string[]> {
  return await page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement
    const wide = scrollWidth > clientWidth ? [`page: ${scrollWidth} > ${clientWidth}`] : []
    const controls = [...document.querySelectorAll('button, input, select, [role=tab]')]
    const cut = controls
      .filter((element) => element.checkVisibility({ visibilityProperty: true }))
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect()
        const scroller = element.closest('[role=tablist], .lanes-scroll, .machines')
        if (scroller !== null && scroller.scrollWidth > scroller.clientWidth) return false
        return width > 0 && (left < -1 || right > clientWidth + 1)
      })
      .map((element) => `${element.outerHTML.slice(0, 120)} is cut`)
    return [...wide, ...cut]
  })
}

describe.skipIf(!hasChromium())('the page of a journal', () => {
  const browser = useBrowser()

  it('is accessible on every view, light and dark', async () => {
    const { url } = await serveJournal(goldenPath('scheduler-libraries'))
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.open(url, { colorScheme, bypassCSP: true })
      await page.getByRole('group', { name: /^Statechart of/ }).waitFor()
      for (const name of await tabsOf(page)) {
        await page.getByRole('tab', { name, exact: true }).click()
        expect({ name, colorScheme, violations: await violationsIn(page) }).toEqual({
          name,
          colorScheme,
          violations: [],
        })
      }
    }
  })

  it('is moved by keys alone', async () => {
    const { url } = await serveJournal(goldenPath('scheduler-trouble'))
    const page = await browser.open(url)
    const chosen = page.getByRole('slider', { name: 'Moment of the run' })
    const entry = () => chosen.getAttribute('aria-valuenow').then(Number)
    await page.getByRole('tree', { name: 'Actors' }).getByRole('treeitem').first().waitFor()

    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })

    await page.keyboard.press('Home')
    await expect.poll(entry).toBe(0)
    await page.keyboard.press('j')
    await page.keyboard.press('ArrowRight')
    await expect.poll(entry).toBe(2)
    await page.keyboard.press('f')
    await expect.poll(entry).toBeGreaterThan(2)

    await page.keyboard.press('/')
    await page.keyboard.type('mesos.update')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await page.keyboard.press('n')
    await expect.poll(() => page.locator('.entry h2').innerText()).toBe('mesos.update')

    await page.keyboard.press('a')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => page.locator('[role=treeitem][aria-selected=true]').count()).toBe(1)

    await page.keyboard.press('b')
    await expect
      .poll(() => page.locator('#entry-branch').getAttribute('aria-selected'))
      .toBe('true')
  })

  it('keeps the active state in sight until the reader moves the picture', async () => {
    const { url } = await serveJournal(goldenPath('scheduler-trouble'))
    const page = await browser.open(`${url}#entry=0&view=statechart`)
    await page.locator('.entry-head .number', { hasText: '#0' }).waitFor()
    const chart = page.getByRole('group', { name: /^Statechart of/ })
    const follow = page.getByRole('button', { name: 'Keep the active state in sight' })
    const place = () => page.locator('svg.chart > g').getAttribute('transform')
    const active = async () => (await chart.locator('.texts.lit .name').allTextContents()).join()
    await chart.focus()
    expect(await chart.locator('.texts.lit').count()).toBeGreaterThan(0)
    expect(await follow.getAttribute('aria-pressed')).toBe('true')

    for (let step = 0; step < 40; step += 1) await page.keyboard.press('ArrowRight')
    expect(await follow.getAttribute('aria-pressed')).toBe('false')
    const [own, first] = [await place(), await active()]
    await page.keyboard.press('End')
    await expect.poll(active).not.toBe(first)
    expect(await place()).toBe(own)

    await page.keyboard.press('.')
    expect(await follow.getAttribute('aria-pressed')).toBe('true')
    expect(await place()).not.toBe(own)
    await page.keyboard.press('-')
    expect(await follow.getAttribute('aria-pressed')).toBe('false')
    await page.keyboard.press('0')
    expect(await follow.getAttribute('aria-pressed')).toBe('true')
  })

  it('moves nothing for people who want less motion', async () => {
    const { url } = await serveJournal(goldenPath('scheduler-work'))
    const page = await browser.open(url, { reducedMotion: 'reduce' })
    await page.getByRole('group', { name: /^Statechart of/ }).waitFor()
    await page.keyboard.press('Home')
    const moving = () => document.getAnimations().length
    for (let step = 1; step <= 5; step += 1) {
      await page.keyboard.press('j')
      await page.locator('.entry-head .number', { hasText: `#${step}` }).waitFor()
      expect(await page.evaluate(moving)).toBe(0)
    }
  })

  it.each([
    { width: 400, height: 800 },
    { width: 1280, height: 800 },
    { width: 3840, height: 2160 },
  ])('cuts nothing on a screen of $width × $height', async (viewport) => {
    const { url } = await serveJournal(goldenPath('scheduler-libraries'))
    const page = await browser.open(url, { viewport })
    await page.getByRole('tab', { name: 'Statechart' }).waitFor()
    for (const name of await tabsOf(page)) {
      await page.getByRole('tab', { name, exact: true }).click()
      expect({ name, cut: await cutIn(page) }).toEqual({ name, cut: [] })
    }
  })
})
