import { describe, expect, it } from 'vitest'
import { createRate } from '../../../src/cli/output/rate.ts'

function rateOf(...samples: readonly (readonly [number, number])[]): number | undefined {
  const rate = createRate()
  for (const [amount, atMs] of samples) rate.add(amount, atMs)
  return rate.perSecond
}

describe('createRate', () => {
  it('is unknown at first', () => {
    expect(rateOf()).toBeUndefined()
    expect(rateOf([5, 0])).toBeUndefined()
    expect(rateOf([0, 0], [5, 100])).toBeUndefined()
  })

  it('is what was added per second', () => {
    expect(rateOf([0, 0], [500, 1000], [3000, 2000])).toBe(1500)
  })

  it('forgets what is older than five seconds', () => {
    expect(rateOf([0, 0], [10_000, 1000], [10_100, 7000], [10_200, 8000])).toBeCloseTo(28.6, 1)
  })

  it('begins again where the amount does', () => {
    expect(rateOf([0, 0], [9000, 1000], [0, 2000], [100, 3000])).toBe(100)
  })
})
