import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  encodeChunkList,
  maxChunkListBytes,
  parseChunkList,
} from '../../../src/domain/chunks/chunk-list.ts'
import type { Chunk } from '../../../src/domain/chunks/chunk-list.ts'
import { chunkRuleOf } from '../../../src/domain/chunks/chunk-rule.ts'
import { createChunker } from '../../../src/domain/chunks/chunker.ts'
import { createHash } from 'node:crypto'

/** Bytes that look random and are the same each time. */
function noise(sizeBytes: number, seed: string): Buffer {
  const blocks = Array.from({ length: Math.ceil(sizeBytes / 32) }, (_, index) =>
    createHash('sha256').update(`${seed}${index}`).digest(),
  )
  return Buffer.concat(blocks).subarray(0, sizeBytes)
}

const mib = 1024 * 1024
const small = chunkRuleOf(16 * mib)
const medium = chunkRuleOf(1024 * mib)
const large = chunkRuleOf(16 * 1024 * mib)

function chunksOf(bytes: Buffer, pushBytes = bytes.length, rule = small): readonly Chunk[] {
  const chunker = createChunker(rule)
  const chunks: Chunk[] = []
  for (let start = 0; start < bytes.length; start += pushBytes)
    chunks.push(...chunker.push(bytes.subarray(start, start + pushBytes)))
  return [...chunks, ...chunker.end()]
}

const jar = noise(1_000_000, 'jar')

describe('createChunker', () => {
  it('cuts the same however the bytes come', () => {
    const whole = chunksOf(jar)
    for (const pushBytes of [1000, 4096, 65_536, 99_991])
      expect(chunksOf(jar, pushBytes)).toEqual(whole)
  })

  it('covers all bytes in chunks within the bounds', () => {
    const chunks = chunksOf(jar)
    let offset = 0
    for (const { sizeBytes, sha256 } of chunks) {
      const bytes = jar.subarray(offset, offset + sizeBytes)
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
      offset += sizeBytes
    }
    expect(offset).toBe(jar.length)
    const sizes = chunks.map(({ sizeBytes }) => sizeBytes)
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(small.minBytes)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(small.maxBytes)
  })

  it('cuts bytes without a pattern at the longest chunk', () => {
    const sizes = chunksOf(Buffer.alloc(200_000, 1)).map(({ sizeBytes }) => sizeBytes)
    expect(sizes).toEqual([65_536, 65_536, 65_536, 3392])
  })

  it('changes few chunks where bytes are put in or taken out', () => {
    const known = new Set(chunksOf(jar).map(({ sha256 }) => sha256))
    fc.assert(
      fc.property(
        fc.nat(jar.length),
        fc.uint8Array({ maxLength: 5000 }),
        fc.nat(5000),
        (at, added, removed) => {
          const edited = Buffer.concat([jar.subarray(0, at), added, jar.subarray(at + removed)])
          const fresh = chunksOf(edited).filter(({ sha256 }) => !known.has(sha256))
          expect(fresh.length).toBeLessThanOrEqual(6)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('gives nothing for nothing', () => {
    expect(chunksOf(Buffer.alloc(0))).toEqual([])
  })
})

describe('chunkRuleOf', () => {
  const bytes = noise(24 * mib, 'large')

  it('changes at 256 MiB and at 4 GiB, and nowhere else', () => {
    const limits = [256 * mib, 4096 * mib]
    fc.assert(
      fc.property(fc.nat(64 * 1024 * mib), fc.nat(64 * 1024 * mib), (one, other) => {
        const [less, more] = one < other ? [one, other] : [other, one]
        const isBetween = limits.some((limit) => less <= limit && limit < more)
        expect(chunkRuleOf(less) === chunkRuleOf(more)).toBe(!isBetween)
        expect(chunkRuleOf(less).maxBytes).toBeLessThanOrEqual(chunkRuleOf(more).maxBytes)
      }),
    )
    for (const limit of limits) {
      expect(chunkRuleOf(limit)).toBe(chunkRuleOf(limit - 1))
      expect(chunkRuleOf(limit + 1)).not.toBe(chunkRuleOf(limit))
    }
  })

  it('keeps lists below 0.1 % above 256 MiB', () => {
    for (const rule of [medium, large]) {
      const list = encodeChunkList(chunksOf(bytes, mib, rule))
      expect(list.length / bytes.length).toBeLessThan(0.001)
    }
  })

  it('changes few of the larger chunks, too', () => {
    const older = chunksOf(bytes, mib, medium)
    const known = new Set(older.map(({ sha256 }) => sha256))
    fc.assert(
      fc.property(fc.nat(bytes.length), fc.uint8Array({ maxLength: 5000 }), (at, added) => {
        const edited = Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at)])
        const fresh = chunksOf(edited, mib, medium).filter(({ sha256 }) => !known.has(sha256))
        expect(fresh.length).toBeLessThanOrEqual(6)
      }),
      { numRuns: 5 },
    )
  })
})

describe('parseChunkList', () => {
  const chunks = chunksOf(jar)
  const bytes = encodeChunkList(chunks)
  const digest = createHash('sha256').update(bytes).digest('hex')
  const library = {
    name: 'a.jar',
    sha256: 'a'.repeat(64),
    sizeBytes: jar.length,
    kind: 'jar',
    chunks: digest,
  } as const

  it('reads what was encoded', () => {
    expect(parseChunkList(bytes, library)).toEqual(chunks)
    expect(bytes.length).toBeLessThanOrEqual(maxChunkListBytes(jar.length))
  })

  it('refuses a list that the manifest does not name', () => {
    const changed = Buffer.from(bytes)
    changed[7] = (changed[7] ?? 0) ^ 1
    expect(() => parseChunkList(changed, library)).toThrow(
      expect.objectContaining({ code: 'LIBRARY_CORRUPT', retryable: true }),
    )
  })

  it.each([
    ['ends within a chunk', bytes.subarray(0, -1)],
    ['is for more bytes', encodeChunkList([...chunks, { sizeBytes: 1, sha256: digest }])],
    ['has an empty chunk', encodeChunkList([...chunks, { sizeBytes: 0, sha256: digest }])],
    ['has a chunk that is too long', encodeChunkList([{ sizeBytes: jar.length, sha256: digest }])],
    ['is empty', Buffer.alloc(0)],
  ])('refuses a list that %s', (_, list) => {
    const named = { ...library, chunks: createHash('sha256').update(list).digest('hex') }
    expect(() => parseChunkList(list, named)).toThrow(
      expect.objectContaining({ code: 'MESSAGE_INVALID' }),
    )
  })
})
