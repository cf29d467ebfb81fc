import { describe, expect, it } from 'vitest'
import { PaceWatch } from '../../src/access/pace-watch.ts'

/** Offers and takes a piece again and again, each in so many ms. */
function take(tookMs: number, bytes: number, times: number, pauseMs = 0) {
  const watch = new PaceWatch(4096)
  let nowMs = 0
  for (let count = 0; count < times; count += 1) {
    watch.start((nowMs += pauseMs))
    watch.end((nowMs += tookMs), bytes)
  }
  return { watch, nowMs }
}

describe('PaceWatch', () => {
  it.each([
    ['one that takes nothing', 10_001, 0, 1, true],
    ['one that takes little for long', 1000, 2048, 21, true],
    ['one that takes just enough', 1000, 4096, 1000, false],
    ['one that waits a moment', 9000, 65_536, 1, false],
  ])('%s', (_, tookMs, bytes, times, isSlow) => {
    const { watch, nowMs } = take(tookMs, bytes, times)
    expect(watch.isSlow(nowMs)).toBe(isSlow)
  })

  it('counts the time of bytes still on offer', () => {
    const { watch, nowMs } = take(10, 1_000_000, 100)
    watch.start(nowMs)
    expect(watch.isSlow(nowMs + 10_000)).toBe(false)
    expect(watch.isSlow(nowMs + 10_001)).toBe(true)
  })

  it('does not count time without an offer', () => {
    const { watch, nowMs } = take(1, 65_536, 10, 60_000)
    expect(watch.isSlow(nowMs + 60_000)).toBe(false)
  })
})
