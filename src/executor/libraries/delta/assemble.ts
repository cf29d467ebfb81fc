/**
 * Makes a new version of a library from an older one on this host: copies equal chunks, and fetches
 * the others.
 */
import { hash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { chunkRuleOf } from '../../../domain/chunks/chunk-rule.ts'
import type { Library } from '../../../domain/libraries/library.ts'
import { JarcastError } from '../../../errors.ts'
import { fetchChunkList } from '../transfer/chunk-source.ts'
import type { PlacedChunk } from '../transfer/chunk-source.ts'
import type { ReceiveOptions } from '../transfer/receive.ts'
import { writeAll } from '../transfer/write-all.ts'
import { createChunkIndex } from './chunk-index.ts'
import type { ChunkIndex } from './chunk-index.ts'
import { createFetchAhead } from './fetch-ahead.ts'
import { partsOf, sizeOf, startOf } from './parts.ts'
import type { Part } from './parts.ts'

/** If a larger part than this is new, a request for the whole library is faster. */
const maxNewShare = 0.7
/** If a smaller part than this is new, an even older version would save little. */
const lowNewShare = 0.3

/**
 * Extends the file at `path`, which is empty or holds a beginning of the library, with chunks from
 * the files `versions` and from the server. Returns the number of bytes from the server. Also after
 * an error, the file holds a beginning of the library whose chunks are verified. Without effect if
 * the versions have too little in common with the library.
 * Errors: `LIBRARY_UNAVAILABLE`; `LIBRARY_CORRUPT` for a chunk or a list with another digest;
 * `MESSAGE_INVALID` for an invalid list.
 */
export async function assemble(
  library: Library,
  uri: string,
  path: string,
  { versions, ...options }: ReceiveOptions & { readonly versions: readonly string[] },
): Promise<number> {
  const list = await fetchChunkList(library, uri, options)
  const index = createChunkIndex(chunkRuleOf(library.sizeBytes))
  const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
  try {
    const { size } = await file.stat()
    const rest = list.filter(({ offset, sizeBytes }) => offset + sizeBytes > size)
    if ((await addVersions(index, versions, rest)) > library.sizeBytes * maxNewShare) return 0
    await file.truncate(rest[0]?.offset ?? size)
    return await writeParts(library, uri, file, partsOf(rest, index), options)
  } finally {
    await file.close()
    await index.close()
  }
}

/** Adds the newest versions, as many as are useful. Resolves to the bytes that they lack. */
async function addVersions(
  index: ChunkIndex,
  versions: readonly string[],
  chunks: readonly PlacedChunk[],
): Promise<number> {
  let newBytes = sizeOf(chunks)
  for (const version of versions) {
    await index.add(version)
    newBytes = sizeOf(chunks.filter((chunk) => index.find(chunk) === undefined))
    if (newBytes < sizeOf(chunks) * lowNewShare) break
  }
  return newBytes
}

/** Writes all parts in order. Resolves to the number of bytes from the server. */
async function writeParts(
  library: Library,
  uri: string,
  file: FileHandle,
  parts: readonly Part[],
  { onProgress, signal, authorize }: ReceiveOptions,
): Promise<number> {
  const failed = new AbortController()
  const fresh = parts.filter(({ place }) => place === undefined)
  const fetchNext = createFetchAhead(library, uri, fresh, {
    signal: AbortSignal.any([signal, failed.signal]),
    authorize,
  })
  try {
    for (const part of parts) {
      signal.throwIfAborted()
      const bytes = part.place === undefined ? await fetchNext() : await readPart(part)
      if (!isRight(bytes, part)) throw corrupt(part)
      await writeAll(file, bytes, startOf(part))
      onProgress?.(startOf(part) + bytes.length)
    }
  } finally {
    failed.abort()
  }
  return sizeOf(fresh.flatMap(({ chunks }) => chunks))
}

async function readPart({ place, chunks }: Part): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(sizeOf(chunks))
  const read = await place?.file.read(bytes, 0, bytes.length, place.offset)
  return bytes.subarray(0, read?.bytesRead)
}

function isRight(bytes: Buffer, { chunks }: Part): boolean {
  let start = 0
  return chunks.every(({ sizeBytes, sha256 }) => {
    const chunk = bytes.subarray(start, (start += sizeBytes))
    return hash('sha256', chunk) === sha256
  })
}

function corrupt({ place }: Part): JarcastError {
  const why =
    place === undefined
      ? 'a chunk has another digest'
      : 'an older version was changed while it was read'
  return new JarcastError('LIBRARY_CORRUPT', why, { retryable: true })
}
