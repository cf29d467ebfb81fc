import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBuckets } from '../../../src/server/relays/token-buckets.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('createBuckets', () => {
  it('gives each sender its burst, and then its rate', () => {
    const buckets = createBuckets({ burst: 3, perSecond: 2 })
    const taken = (sender: string, times: number) =>
      Array.from({ length: times }, () => buckets.take(sender, 1)).filter(Boolean).length
    expect([taken('a', 10), taken('b', 10)]).toEqual([3, 3])
    vi.advanceTimersByTime(1000)
    expect(taken('a', 10)).toBe(2)
    vi.advanceTimersByTime(60_000)
    expect(taken('a', 10)).toBe(3)
  })

  it('passes a message above the burst when the bucket is full', () => {
    const buckets = createBuckets({ burst: 10, perSecond: 1 })
    expect([buckets.take('a', 1000), buckets.take('a', 1)]).toEqual([true, false])
  })

  it('forgets the least recent senders', () => {
    const buckets = createBuckets({ burst: 1, perSecond: 0 })
    buckets.take('first', 1)
    for (let sender = 0; sender < 10_000; sender++) buckets.take(`${sender}`, 1)
    expect([buckets.take('9999', 1), buckets.take('first', 1)]).toEqual([false, true])
  })
})
