import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createYardstick } from '../../../../src/executor/libraries/relay/server-speed.ts'

function openYardstick(list = { bytes: 40_000, tookMs: 100 }) {
  let nowMs = 0
  const yardstick = createYardstick(list, () => nowMs)
  return { yardstick, at: (ms: number) => (nowMs = ms) }
}

describe('createYardstick', () => {
  it('gives other sources time to begin', () => {
    const { yardstick, at } = openYardstick()
    at(800)
    expect(yardstick.isBehind(0)).toBe(false)
    at(801)
    expect(yardstick.isBehind(0)).toBe(true)
  })

  it('waits at most a second, however slow the server sent its list', () => {
    const { yardstick, at } = openYardstick({ bytes: 40_000, tookMs: 60_000 })
    at(1001)
    expect(yardstick.isBehind(0)).toBe(true)
  })

  it('measures by the average speed of the server', () => {
    const { yardstick, at } = openYardstick({ bytes: 0, tookMs: 1 })
    yardstick.note(900_000, 499)
    yardstick.note(100_000, 500)
    at(2020)
    expect(yardstick.isBehind(999_999)).toBe(true)
    expect(yardstick.isBehind(1_000_001)).toBe(false)
    expect(yardstick.untilBehindMs(1_500_000)).toBe(1000)
  })

  it('lets no source make it last more than twice as long as from the server', () => {
    // Other sources send at any speed until the server sends the rest.
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 })
    fc.assert(
      fc.property(shares, (parts) => {
        const sizeBytes = 10_000_000
        const perMs = 1000
        const { yardstick, at } = openYardstick({ bytes: perMs, tookMs: 1 })
        let received = 0
        let nowMs = 0
        for (const part of parts) {
          received = Math.min(sizeBytes, received + (part * sizeBytes) / 10)
          nowMs += yardstick.untilBehindMs(received) + 1
          at(nowMs)
          if (received === sizeBytes) break
          expect(yardstick.isBehind(received)).toBe(true)
          const wholeMs = nowMs + (sizeBytes - received) / perMs
          expect(wholeMs).toBeLessThanOrEqual((2 * sizeBytes) / perMs + 20 + parts.length)
        }
      }),
    )
  })
})
