import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createServerSpeed } from '../../../../src/executor/libraries/relay/server-speed.ts'

function openServerSpeed(list = { bytes: 40_000, tookMs: 100 }) {
  let nowMs = 0
  const serverSpeed = createServerSpeed(list, () => nowMs)
  return { serverSpeed, at: (ms: number) => (nowMs = ms) }
}

describe('createServerSpeed', () => {
  it('gives other sources time to begin', () => {
    const { serverSpeed, at } = openServerSpeed()
    at(800)
    expect(serverSpeed.isBehind(0)).toBe(false)
    at(801)
    expect(serverSpeed.isBehind(0)).toBe(true)
  })

  it('waits at most a second, however slow the server sent its list', () => {
    const { serverSpeed, at } = openServerSpeed({ bytes: 40_000, tookMs: 60_000 })
    at(1001)
    expect(serverSpeed.isBehind(0)).toBe(true)
  })

  it('measures by the average speed of the server', () => {
    const { serverSpeed, at } = openServerSpeed({ bytes: 0, tookMs: 1 })
    serverSpeed.note(900_000, 499)
    serverSpeed.note(100_000, 500)
    at(2020)
    expect(serverSpeed.isBehind(999_999)).toBe(true)
    expect(serverSpeed.isBehind(1_000_001)).toBe(false)
    expect(serverSpeed.untilBehindMs(1_500_000)).toBe(1000)
  })

  it('lets no source make it last more than twice as long as from the server', () => {
    // Other sources send at any speed until the server sends the rest.
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 })
    fc.assert(
      fc.property(shares, (parts) => {
        const sizeBytes = 10_000_000
        const perMs = 1000
        const { serverSpeed, at } = openServerSpeed({ bytes: perMs, tookMs: 1 })
        let received = 0
        let nowMs = 0
        for (const part of parts) {
          received = Math.min(sizeBytes, received + (part * sizeBytes) / 10)
          nowMs += serverSpeed.untilBehindMs(received) + 1
          at(nowMs)
          if (received === sizeBytes) break
          expect(serverSpeed.isBehind(received)).toBe(true)
          const wholeMs = nowMs + (sizeBytes - received) / perMs
          expect(wholeMs).toBeLessThanOrEqual((2 * sizeBytes) / perMs + 20 + parts.length)
        }
      }),
    )
  })
})
