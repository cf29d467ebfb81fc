/**
 * Makes a new version of a library from an older one on this host: copies equal chunks, and fetches
 * the others. Source: RFC 9110 section 14.2 (Range).
 */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { chunkRuleOf } from '../../../domain/chunks/chunk-rule.ts'
import type { Library } from '../../../domain/libraries/library.ts'
import { JarcastError } from '../../../errors.ts'
import { fetchChunkList } from '../transfer/chunk-source.ts'
import type { PlacedChunk } from '../transfer/chunk-source.ts'
import { openUri, transferError, unavailable } from '../transfer/http-get.ts'
import type { ReceiveOptions } from '../transfer/receive.ts'
import { writeAll } from '../transfer/write-all.ts'
import { digestOf, indexChunks } from './chunk-index.ts'
import type { ChunkIndex } from './chunk-index.ts'

/** Neighbouring chunks: the host has all of them, or none. */
interface Run {
  readonly isHere: boolean
  readonly chunks: PlacedChunk[]
}

/** If a larger part than this is new, a request for the whole library is faster. */
const maxNewShare = 0.7

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
  { versions, onProgress, ...options }: ReceiveOptions & { readonly versions: readonly string[] },
): Promise<number> {
  const list = await fetchChunkList(library, uri, options)
  const index = await indexChunks(versions, chunkRuleOf(library.sizeBytes))
  const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
  try {
    const { size } = await file.stat()
    const rest = list.filter(({ offset, sizeBytes }) => offset + sizeBytes > size)
    const newBytes = sizeOf(rest.filter((chunk) => !index.has(chunk)))
    if (newBytes > library.sizeBytes * maxNewShare) return 0
    await file.truncate(rest[0]?.offset ?? size)
    let receivedBytes = 0
    for (const run of runsOf(rest, index)) {
      options.signal.throwIfAborted()
      receivedBytes += run.isHere
        ? await copyRun(run, index, file)
        : await fetchRun(run, library, uri, file, options)
      onProgress?.(endOf(run))
    }
    return receivedBytes
  } finally {
    await file.close()
    await index.close()
  }
}

function runsOf(chunks: readonly PlacedChunk[], index: ChunkIndex): readonly Run[] {
  const runs: Run[] = []
  for (const chunk of chunks) {
    const isHere = index.has(chunk)
    const last = runs.at(-1)
    if (last?.isHere === isHere) last.chunks.push(chunk)
    else runs.push({ isHere, chunks: [chunk] })
  }
  return runs
}

async function copyRun({ chunks }: Run, index: ChunkIndex, file: FileHandle): Promise<0> {
  for (const chunk of chunks) {
    const bytes = await index.read(chunk)
    if (bytes === undefined) throw corrupt('an older version was changed while it was read')
    await writeAll(file, bytes, chunk.offset)
  }
  return 0
}

async function fetchRun(
  run: Run,
  { sha256, sizeBytes }: Library,
  uri: string,
  file: FileHandle,
  options: Pick<ReceiveOptions, 'signal' | 'authorize'>,
): Promise<number> {
  const { offset } = run.chunks[0] ?? { offset: 0 }
  const end = endOf(run) - 1
  const response = await openUri(uri, {
    ...options,
    part: { offset, end, etag: `"sha256-${sha256}"` },
  })
  try {
    if (response.headers['content-range'] !== `bytes ${offset}-${end}/${sizeBytes}`)
      throw unavailable(uri, `the server answered ${response.statusCode} with another part`, false)
    await writeChunks(response, run.chunks, file)
    return end + 1 - offset
  } catch (error) {
    throw transferError(uri, error)
  } finally {
    response.destroy()
  }
}

/** Writes each chunk when it is complete and verified. */
async function writeChunks(
  response: IncomingMessage,
  chunks: readonly PlacedChunk[],
  file: FileHandle,
): Promise<void> {
  let pending: Buffer = Buffer.alloc(0)
  let next = 0
  for await (const bytes of response as AsyncIterable<Buffer>) {
    if (next === chunks.length) throw corrupt('the server sent more bytes than requested')
    pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes])
    for (let chunk = chunks[next]; chunk !== undefined; chunk = chunks[next]) {
      if (pending.length < chunk.sizeBytes) break
      const whole = pending.subarray(0, chunk.sizeBytes)
      if (digestOf(whole) !== chunk.sha256) throw corrupt('a chunk has another digest')
      await writeAll(file, whole, chunk.offset)
      pending = pending.subarray(chunk.sizeBytes)
      next += 1
    }
  }
  if (next < chunks.length) throw new Error('the connection ended within a chunk')
}

function endOf({ chunks }: Run): number {
  const last = chunks.at(-1)
  return last === undefined ? 0 : last.offset + last.sizeBytes
}

function sizeOf(chunks: readonly PlacedChunk[]): number {
  return chunks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}

function corrupt(why: string): JarcastError {
  return new JarcastError('LIBRARY_CORRUPT', why, { retryable: true })
}
