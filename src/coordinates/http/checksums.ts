/**
 * Checksum files that a registry keeps beside its files, such as `x.jar.sha1`.
 * Source: Maven's "Repository Layout"; maven-resolver, "About Checksums".
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { toFileError } from '../../file-error.ts'
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
 * The digest of the file `name` in a checksum file. The digest may be alone, before or after a
 * file name, or in groups as `gpg --print-md` writes them; in any case, and in UTF-16. When several
 * files are listed, the line with `name` counts. Undefined when no digest has the length of the
 * algorithm.
 */
export function parseChecksum(
  bytes: Buffer,
  algorithm: ChecksumAlgorithm,
  name: string,
): Checksum | undefined {
  // Digests are ASCII: UTF-16 without its zeros and byte order mark is ASCII too.
  const text = bytes.toString('latin1').replaceAll(/\0|^\u00FF\u00FE|^\u00FE\u00FF/g, '')
  const lines = text.split(/[\r\n]+/)
  const named = lines.filter((line) => line.split(/[\s()*=:/\\]+/).includes(name))
  const digest =
    findDigest(named.join('\n'), algorithm) ??
    (named.length === 0 ? findDigest(text, algorithm) : undefined) ??
    findGroups(text, algorithm)
  return digest === undefined ? undefined : { algorithm, digest: digest.toLowerCase() }
}

function findDigest(text: string, algorithm: ChecksumAlgorithm): string | undefined {
  return text.split(/[^\da-z]+/i).find((word) => isDigest(word, algorithm))
}

/** `x.jar: 01 23 AB…`, on one or several lines. */
function findGroups(text: string, algorithm: ChecksumAlgorithm): string | undefined {
  const joined = /:((?:\s+[\dA-F]{2,8})+)\s*$/i.exec(text)?.[1]?.replaceAll(/\s+/g, '')
  return joined !== undefined && isDigest(joined, algorithm) ? joined : undefined
}

function isDigest(word: string, algorithm: ChecksumAlgorithm): boolean {
  return word.length === lengths[algorithm] && /^[\da-f]+$/i.test(word)
}

/** Lower-case hex digests of a file, and its size, in one read. Errors: `FILE_UNUSABLE`. */
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
