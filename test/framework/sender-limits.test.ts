import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createBuckets,
  createLatest,
  createLimitReports,
} from '../../src/framework/sender-limits.ts'
import type { SenderLimited } from '../../src/framework/sender-limits.ts'

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

  it('lets one that is larger than a burst pass when nothing came before it', () => {
    const buckets = createBuckets({ burst: 10, perSecond: 1 })
    expect([buckets.take('a', 1000), buckets.take('a', 1)]).toEqual([true, false])
  })

  it('forgets those that it has not heard of for longest', () => {
    const buckets = createBuckets({ burst: 1, perSecond: 0 })
    buckets.take('first', 1)
    for (let sender = 0; sender < 10_000; sender++) buckets.take(`${sender}`, 1)
    expect([buckets.take('9999', 1), buckets.take('first', 1)]).toEqual([false, true])
  })
})

describe('createLatest', () => {
  it('keeps what so many senders said last', () => {
    const latest = createLatest<number>()
    for (let sender = 0; sender <= 10_000; sender++) latest.set(`${sender}`, sender)
    expect([latest.get('0'), latest.get('10000')]).toEqual([undefined, 10_000])
  })
})

describe('createLimitReports', () => {
  it('tells once per period and sender what was dropped', () => {
    const told: SenderLimited[] = []
    const reports = createLimitReports((limited) => told.push(limited))
    const one = { what: 'messages', agentId: 'a', executorId: 'e' } as const
    for (let message = 0; message < 500; message++) reports.add(one, 10)
    reports.add({ what: 'updates', taskId: 't' }, 1)
    expect(told).toEqual([])
    vi.advanceTimersByTime(10_000)
    expect(told).toEqual([
      { ...one, count: 500, bytes: 5000 },
      { what: 'updates', taskId: 't', count: 1, bytes: 1 },
    ])
    vi.advanceTimersByTime(60_000)
    expect(told).toHaveLength(2)
  })

  it('counts together what too many senders said', () => {
    const told: SenderLimited[] = []
    const reports = createLimitReports((limited) => told.push(limited))
    for (let task = 0; task < 1000; task++) reports.add({ what: 'updates', taskId: `${task}` }, 1)
    vi.advanceTimersByTime(10_000)
    expect(told).toHaveLength(101)
    expect(told.at(-1)).toEqual({ what: 'updates', count: 900, bytes: 900 })
  })
})
