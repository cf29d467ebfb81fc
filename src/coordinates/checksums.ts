/**
 * Checksums that a registry keeps beside its files, `x.jar.sha1` and the like.
 * Source: Maven's "Repository Layout"; maven-resolver, "About Checksums".
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { toFileError } from '../errors.ts'
import { packageCache } from './file-cache.ts'

export type ChecksumAlgorithm = 'sha512' | 'sha384' | 'sha256' | 'sha1' | 'md5'

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm
  /** Lower-case hex. */
  readonly digest: string
}

const lengths: Readonly<Record<ChecksumAlgorithm, number>> = {
  sha512: 128,
  sha384: 96,
  sha256: 64,
  sha1: 40,
  md5: 32,
}

/**
 * The digest in a checksum file: alone, followed by a file name, or behind `NAME =`. Undefined when there is none of that
 * algorithm's length.
 */
export function parseChecksum(text: string, algorithm: ChecksumAlgorithm): Checksum | undefined {
  const words = text.slice(0, 4096).split(/[\s=:]+/)
  const digest = words.find(
    (word) => word.length === lengths[algorithm] && /^[\da-f]+$/i.test(word),
  )
  return digest === undefined ? undefined : { algorithm, digest: digest.toLowerCase() }
}

/** Lower-case hex digests of a file and its size, read once. Errors: `FILE_UNUSABLE`. */
export async function digestFile(
  path: string,
  algorithms: readonly ChecksumAlgorithm[],
): Promise<{ readonly digests: readonly string[]; readonly sizeBytes: number }> {
  const hashes = algorithms.map((algorithm) => createHash(algorithm))
  let sizeBytes = 0
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), async (chunks) => {
    for await (const chunk of chunks as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length
      for (const hash of hashes) hash.update(chunk)
    }
  }).catch((error: unknown) => {
    throw toFileError(error, packageCache)
  })
  return { digests: hashes.map((hash) => hash.digest('hex')), sizeBytes }
}
