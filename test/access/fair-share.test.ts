import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFairShare } from '../../src/access/fair-share.ts'

interface Stream {
  readonly address: string
  sentBytes: number
}

/** Streams that ask for a grain whenever they have been given one, for so many ms; each `delayMs` late. */
function simulate(
  bytesPerSecond: number,
  streamsOf: Readonly<Record<string, number>>,
  durationMs: number,
  { delayMs = 0, aborting = '' } = {},
): ReadonlyMap<string, number> {
  const share = createFairShare<Stream>(bytesPerSecond, 0)
  const sent = new Map<string, number>()
  const later: { readonly atMs: number; readonly stream: Stream }[] = []
  for (const [address, count] of Object.entries(streamsOf)) {
    for (let index = 0; index < count; index += 1) {
      share.add({ address, sentBytes: 0 }, address, share.grainBytes)
    }
  }
  for (let nowMs = 0; nowMs < durationMs;) {
    while ((later[0]?.atMs ?? Infinity) <= nowMs) {
      const { stream } = later.shift() as { stream: Stream }
      share.add(stream, stream.address, share.grainBytes)
    }
    // What is given back at once would be taken again at once.
    for (let taken = 0; taken < 100; taken += 1) {
      const stream = share.take(nowMs)
      if (stream === undefined) break
      if (stream.address === aborting) share.giveBack(share.grainBytes)
      else sent.set(stream.address, (sent.get(stream.address) ?? 0) + share.grainBytes)
      later.push({ atMs: nowMs + delayMs, stream })
    }
    const nextMs = Math.min(nowMs + share.waitMs(nowMs), later[0]?.atMs ?? Infinity)
    nowMs = Math.max(nowMs + 0.01, nextMs)
  }
  return sent
}

const rates = fc.integer({ min: 20_000, max: 200_000_000 })

describe('createFairShare', () => {
  it('gives each address the same, however many streams it has', () => {
    const counts = fc.dictionary(
      fc.constantFrom('a', 'b', 'c', 'd'),
      fc.integer({ min: 1, max: 60 }),
      {
        minKeys: 1,
      },
    )
    fc.assert(
      fc.property(rates, counts, (bytesPerSecond, streamsOf) => {
        const sent = simulate(bytesPerSecond, streamsOf, 2000)
        const { grainBytes } = createFairShare(bytesPerSecond, 0)
        // What it may catch up on, and what the bucket gave at once in the beginning.
        const each = Object.keys(streamsOf).map((address) => sent.get(address) ?? 0)
        expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(
          10 * grainBytes + bytesPerSecond / 50,
        )
      }),
      { numRuns: 30 },
    )
  })

  it('uses up the budget, and no more', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 60 }), (bytesPerSecond, count) => {
        const sent = simulate(bytesPerSecond, { a: count }, 4000).get('a') ?? 0
        const { grainBytes } = createFairShare(bytesPerSecond, 0)
        const slack = 2 * grainBytes + bytesPerSecond / 50
        expect(sent).toBeLessThanOrEqual(4 * bytesPerSecond + slack)
        expect(sent).toBeGreaterThanOrEqual(4 * bytesPerSecond - slack)
      }),
      { numRuns: 30 },
    )
  })

  it('gives everything to others while one aborts each time', () => {
    const sent = simulate(1_000_000, { thief: 100, honest: 1 }, 4000, { aborting: 'thief' })
    expect(sent.get('honest')).toBeGreaterThan(3_800_000)
  })

  it('compensates streams that return a moment late', () => {
    const sent = simulate(100_000_000, { crowd: 64, single: 1 }, 2000, { delayMs: 0.5 })
    const [crowd = 0, single = 0] = ['crowd', 'single'].map((address) => sent.get(address))
    expect(single / crowd).toBeGreaterThan(0.9)
  })

  it('gives no credit to a silent address', () => {
    const share = createFairShare<string>(1_000_000, 0)
    let given = 0
    for (let nowMs = 0; nowMs < 1000; nowMs += 1) {
      share.add('busy', 'busy', share.grainBytes)
      while (share.take(nowMs) !== undefined) given += 1
    }
    expect(given).toBeGreaterThan(100)
    const order: string[] = []
    for (let count = 0; count < 40; count += 1) {
      share.add('silent', 'silent', share.grainBytes)
      share.add('busy', 'busy', share.grainBytes)
    }
    for (let nowMs = 1000; order.length < 40; nowMs += 1) {
      const next = share.take(nowMs)
      if (next !== undefined) order.push(next)
    }
    expect(order.filter((name) => name === 'busy').length).toBeGreaterThanOrEqual(16)
  })

  it('forgets removed requests', () => {
    const share = createFairShare<string>(1000, 0)
    share.add('a', 'x', 1000)
    share.remove('a')
    expect(share.waitMs(0)).toBe(Infinity)
    expect(share.take(0)).toBe(undefined)
  })
})
