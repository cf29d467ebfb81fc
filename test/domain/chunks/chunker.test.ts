import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  encodeChunkList,
  maxChunkBytes,
  maxChunkListBytes,
  minChunkBytes,
  parseChunkList,
} from '../../../src/domain/chunks/chunk-list.ts'
import type { Chunk } from '../../../src/domain/chunks/chunk-list.ts'
import { createChunker } from '../../../src/domain/chunks/chunker.ts'
import { createHash } from 'node:crypto'

/** Bytes that look random and are the same each time. */
function noise(sizeBytes: number, seed: string): Buffer {
  const blocks = Array.from({ length: Math.ceil(sizeBytes / 32) }, (_, index) =>
    createHash('sha256').update(`${seed}${index}`).digest(),
  )
  return Buffer.concat(blocks).subarray(0, sizeBytes)
}

function chunksOf(bytes: Buffer, pushBytes = bytes.length): readonly Chunk[] {
  const chunker = createChunker()
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
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(minChunkBytes)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(maxChunkBytes)
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
