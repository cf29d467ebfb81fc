import { describe, expect, it } from 'vitest'
import { createStripeSpeeds } from '../../../../src/executor/libraries/relay/stripe-speeds.ts'

describe('createStripeSpeeds', () => {
  it('finds a stripe that is far slower than the fastest one', () => {
    let nowMs = 0
    const speeds = createStripeSpeeds(3, () => nowMs)
    for (nowMs = 100; nowMs <= 1000; nowMs += 100) {
      speeds.add(0, 10_000)
      speeds.add(1, 2000)
      speeds.add(2, 1000)
    }
    expect([0, 1, 2].map((stripe) => speeds.lags(stripe))).toEqual([false, false, true])
  })

  it('measures the bytes since the last call', () => {
    let nowMs = 1000
    const speeds = createStripeSpeeds(2, () => nowMs)
    speeds.add(0, 1_000_000)
    nowMs = 2000
    speeds.add(0, 1_000_000)
    speeds.add(1, 1_000_000)
    expect(speeds.lags(1)).toBe(false)
    nowMs = 3000
    speeds.add(1, 10_000)
    expect(speeds.lags(1)).toBe(true)
  })

  it.each([
    ['all that come alike', 1500, false],
    ['a drip, though others come alike', 2, true],
  ])('judges %s', (_, bytesPerSecond, lags) => {
    let nowMs = 0
    const speeds = createStripeSpeeds(2, () => nowMs)
    nowMs = 60_000
    for (const stripe of [0, 1]) speeds.add(stripe, 60 * bytesPerSecond)
    expect([0, 1].map((stripe) => speeds.lags(stripe))).toEqual([lags, lags])
  })
})
