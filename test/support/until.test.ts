import { describe, expect, it } from 'vitest'
import { until, within } from './until.ts'

describe('until', () => {
  it('gives what is found at last', async () => {
    let looks = 0
    expect(await until('a third look', () => (looks += 1) > 2 && looks)).toBe(3)
  })

  it.each([
    ['never found', () => undefined],
    ['never answered', () => new Promise<true>(() => undefined)],
  ])('names what is %s', async (what, look: () => unknown) => {
    await expect(until(`a fact ${what}`, look, 20)).rejects.toThrow(
      `not within 0.02 s: a fact ${what}`,
    )
  })

  it('passes an error of the look on', async () => {
    await expect(until('a fact', () => Promise.reject(new Error('broken')))).rejects.toThrow(
      'broken',
    )
  })
})

describe('within', () => {
  it('tells what is known when the time is over', async () => {
    let seen = 'nothing'
    const waiting = within(() => `an answer; there is ${seen}`, new Promise(() => undefined), 20)
    seen = 'a question'
    await expect(waiting).rejects.toThrow('not within 0.02 s: an answer; there is a question')
  })
})
