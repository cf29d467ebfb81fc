import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backOffMs } from '../src/retry-policy.ts'

describe('backOffMs', () => {
  it.each([
    [0, 0],
    [-1, 0],
    [Number.NaN, 0],
    [1, 500],
    [2, 1000],
    [3, 2000],
    [5, 8000],
    [6, 15_000],
    [100, 15_000],
    [5000, 15_000],
    [Infinity, 15_000],
  ])('bounds the wait of attempt %d by %d ms', (attempt, boundMs) => {
    const wait = (part: number) => backOffMs(attempt, { random: () => part })
    expect(wait(0)).toBe(0)
    expect(wait(0.5)).toBe(boundMs / 2)
    expect(wait(1 - Number.EPSILON)).toBe(Math.max(0, boundMs - 1))
  })

  it('takes its bounds from the options', () => {
    const options = { random: () => 0.5, firstMs: 10, capMs: 30 }
    expect([1, 2, 3, 4].map((attempt) => backOffMs(attempt, options))).toEqual([5, 10, 15, 15])
  })

  it('stays whole and within its cap for any draw', () => {
    const attempts = fc.integer({ min: 0, max: 2000 })
    const draws = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(attempts, draws, (attempt, draw) => {
        const waitMs = backOffMs(attempt, { random: () => draw })
        return Number.isInteger(waitMs) && waitMs >= 0 && waitMs < 15_000
      }),
    )
  })
})
