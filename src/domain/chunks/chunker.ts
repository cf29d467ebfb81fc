/**
 * Cuts bytes into chunks at places that depend on the content: inserted or deleted bytes change
 * only the chunks around them. A chunk ends where a "gear" hash of the last 32 bytes has no bit of
 * a mask set.
 * Source: Xia et al., "FastCDC: a Fast and Efficient Content-Defined Chunking Approach for Data
 * Deduplication", 2016.
 */
import { createHash, hash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import type { Chunk } from './chunk-list.ts'
import type { ChunkRule } from './chunk-rule.ts'

export interface Chunker {
  /** Adds the next bytes; returns the chunks that end in them. */
  push(bytes: Buffer): readonly Chunk[]
  /** Returns the last chunk, if bytes are left. */
  end(): readonly Chunk[]
}

/** Made by the first chunker: few programs need one. */
let knownGears: Int32Array | undefined

/**
 * A chunker at the beginning of a library. The same bytes give the same chunks by the same rule,
 * however they are split into pushes.
 */
export function createChunker({ minBytes, meanBytes, maxBytes }: ChunkRule): Chunker {
  const gears = (knownGears ??= createGears())
  // The upper bits: more of the previous bytes affect them.
  const mask = (meanBytes - 1) << (32 - Math.log2(meanBytes))
  let gear = 0
  let size = 0
  /** Of the bytes of earlier pushes; most chunks come in one push. */
  let digest: Hash | undefined

  /** Adds the last bytes of a chunk. */
  function finish(part: Buffer): Chunk {
    const sizeBytes = size + part.length
    const sha256 = digest?.update(part).digest('hex') ?? hash('sha256', part)
    gear = 0
    size = 0
    digest = undefined
    return { sizeBytes, sha256 }
  }

  /** Adds bytes of a chunk that go on in the next push. */
  function begin(part: Buffer): void {
    digest ??= createHash('sha256')
    digest.update(part)
    size += part.length
  }

  /**
   * Index in `bytes`, from `start`, at which the current chunk ends; undefined if it does not end
   * there.
   */
  function findEnd(bytes: Buffer, start: number): number | undefined {
    const last = Math.min(bytes.length, start + maxBytes - size)
    for (let index = start + Math.max(0, minBytes - size); index < last; index++) {
      gear = ((gear << 1) + (gears[bytes[index] ?? 0] ?? 0)) | 0
      if ((gear & mask) === 0) return index + 1
    }
    return last === start + maxBytes - size ? last : undefined
  }

  return {
    push(bytes) {
      const chunks: Chunk[] = []
      for (let start = 0; start < bytes.length;) {
        const end = findEnd(bytes, start)
        const part = bytes.subarray(start, end)
        if (end === undefined) begin(part)
        else chunks.push(finish(part))
        start += part.length
      }
      return chunks
    },
    end: () => (size === 0 ? [] : [finish(Buffer.alloc(0))]),
  }
}

/**
 * A random number for each byte value. It never changes: lists of older schedulers must stay
 * comparable.
 */
function createGears(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) =>
    createHash('sha256').update(Uint8Array.of(byte)).digest().readInt32BE(),
  )
}
