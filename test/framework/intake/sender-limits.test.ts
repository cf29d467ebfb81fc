import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLatest, createLimitReports } from '../../../src/framework/intake/sender-limits.ts'
import type { SenderLimited } from '../../../src/framework/intake/sender-limits.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('createLatest', () => {
  it('keeps the latest value of a limited number of senders', () => {
    const latest = createLatest<number>()
    for (let sender = 0; sender <= 10_000; sender++) latest.set(`${sender}`, sender)
    expect([latest.get('0'), latest.get('10000')]).toEqual([undefined, 10_000])
  })
})

describe('createLimitReports', () => {
  it('reports drops once per period and sender', () => {
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

  it('counts updates of too many senders together', () => {
    const told: SenderLimited[] = []
    const reports = createLimitReports((limited) => told.push(limited))
    for (let task = 0; task < 1000; task++) reports.add({ what: 'updates', taskId: `${task}` }, 1)
    vi.advanceTimersByTime(10_000)
    expect(told).toHaveLength(101)
    expect(told.at(-1)).toEqual({ what: 'updates', count: 900, bytes: 900 })
  })
})
