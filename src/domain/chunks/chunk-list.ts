/**
 * The chunks of a large library. Each chunk is verified on its own, so chunks can come from several
 * sources. Encoded, a list has 36 bytes per chunk, in order: the size as an unsigned 32-bit
 * integer, big-endian, then the SHA-256.
 */
import { createHash } from 'node:crypto'
import { JarcastError } from '../../errors.ts'
import type { Library } from '../libraries/library.ts'
import { chunkRuleOf } from './chunk-rule.ts'

export interface Chunk {
  /** 1 to the maximum of the library's rule. */
  readonly sizeBytes: number
  /** SHA-256 of the bytes, 64 lower-case hex digits. */
  readonly sha256: string
}

/** Libraries of this size or less travel as one piece. */
export const maxUnchunkedBytes = 4 * 1024 * 1024

export const encodedChunkBytes = 36

export function encodeChunkList(chunks: readonly Chunk[]): Buffer {
  const bytes = Buffer.alloc(chunks.length * encodedChunkBytes)
  for (const [index, { sizeBytes, sha256 }] of chunks.entries()) {
    bytes.writeUInt32BE(sizeBytes, index * encodedChunkBytes)
    bytes.write(sha256, index * encodedChunkBytes + 4, 'hex')
  }
  return bytes
}

/**
 * Reads the list of a library that came over the network.
 * Errors: `LIBRARY_CORRUPT` (retryable) if its digest is not the one in the manifest;
 * `MESSAGE_INVALID` if the chunks do not add up to the library.
 */
export function parseChunkList(
  bytes: Buffer,
  { name, chunks: expected, sizeBytes }: Library,
): readonly Chunk[] {
  const actual = createHash('sha256').update(bytes).digest('hex')
  if (actual !== expected) {
    throw new JarcastError(
      'LIBRARY_CORRUPT',
      `the list of chunks of ${name} has digest ${actual}, expected ${expected ?? 'none'}`,
      { retryable: true, details: { library: name, expected: expected ?? 'none', actual } },
    )
  }
  const chunks = Array.from(
    { length: Math.floor(bytes.length / encodedChunkBytes) },
    (_, index) => ({
      sizeBytes: bytes.readUInt32BE(index * encodedChunkBytes),
      sha256: bytes.toString('hex', index * encodedChunkBytes + 4, (index + 1) * encodedChunkBytes),
    }),
  )
  const { maxBytes } = chunkRuleOf(sizeBytes)
  const isSound =
    bytes.length % encodedChunkBytes === 0 &&
    chunks.every((chunk) => chunk.sizeBytes > 0 && chunk.sizeBytes <= maxBytes) &&
    chunks.reduce((sum, chunk) => sum + chunk.sizeBytes, 0) === sizeBytes
  if (isSound) return chunks
  throw new JarcastError('MESSAGE_INVALID', `the list of chunks does not add up to ${name}`, {
    details: { library: name },
  })
}

/** Bytes of the longest list that a library of this size can have. */
export function maxChunkListBytes(sizeBytes: number): number {
  const { minBytes } = chunkRuleOf(sizeBytes)
  return (Math.ceil(sizeBytes / minBytes) + 1) * encodedChunkBytes
}
