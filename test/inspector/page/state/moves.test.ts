import { signal } from '@preact/signals'
import { describe, expect, it } from 'vitest'
import { goTo, goToTime, jump } from '../../../../src/inspector/page/state/moves.ts'
import type { Page } from '../../../../src/inspector/page/state/page.ts'
import { appInfo } from '../support.ts'

/** A page at entry 3, whose questions have this answer. */
function setUp(answer: Promise<{ readonly seq: number | null }>) {
  const seq = signal(3)
  const app = signal(appInfo({ id: 'a' }))
  const notice = signal<string | undefined>(undefined)
  const go = (next: number) => (seq.value = next)
  const page = { app, seq, notice, go, askApp: () => answer } as unknown as Page
  return { page, app, seq, notice }
}

const ways = {
  jump: (page: Page) => jump(page, 'failure', 1),
  goTo: (page: Page) => goTo(page, '00:00'),
  goToTime: (page: Page) => goToTime(page, 0),
}

describe.each(Object.entries(ways))('%s', (_name, way) => {
  it('goes to the entry of the answer', async () => {
    const { page, seq } = setUp(Promise.resolve({ seq: 7 }))
    await way(page)
    expect(seq.value).toBe(7)
  })

  it('goes nowhere in an app that was chosen before the answer', async () => {
    const { page, app, seq } = setUp(Promise.resolve({ seq: 7 }))
    const done = way(page)
    app.value = appInfo({ id: 'b' })
    await done
    expect(seq.value).toBe(3)
  })

  it('says why there is no answer', async () => {
    const { page, seq, notice } = setUp(Promise.reject(new Error('gone')))
    await way(page)
    expect([seq.value, notice.value]).toEqual([3, 'gone'])
  })
})
