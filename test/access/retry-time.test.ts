import { describe, expect, it } from 'vitest'
import { createRetryTime } from '../../src/access/retry-time.ts'

describe('createRetryTime', () => {
  it('follows the mean time between two ends', () => {
    const retryTime = createRetryTime()
    expect(retryTime.secondsAt(20)).toBe(2)
    for (let ends = 0; ends < 100; ends += 1) retryTime.noteEnd(ends * 400)
    expect(retryTime.secondsAt(20)).toBe(8)
  })

  it('stays between 1 and 30 seconds', () => {
    const retryTime = createRetryTime()
    expect(retryTime.secondsAt(1)).toBe(1)
    expect(retryTime.secondsAt(10_000)).toBe(30)
  })
})
