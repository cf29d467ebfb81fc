/**
 * The list of a staged library's chunks, which is staged beside the library under its own digest.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeChunkList, maxUnchunkedBytes } from '../../domain/chunks/chunk-list.ts'
import type { Chunk } from '../../domain/chunks/chunk-list.ts'
import { chunkRuleOf } from '../../domain/chunks/chunk-rule.ts'
import { createChunker } from '../../domain/chunks/chunker.ts'
import { readBytes } from '../blobs/blob.ts'
import type { StagedBlob } from '../blobs/blob.ts'
import { storeError } from './copy-in.ts'

/** The name of lists in their paths. */
const chunkListName = 'chunks'

/**
 * Writes the list of a blob's chunks into the folder; undefined if the blob is too small for
 * chunks.
 * Rejects with `JAR_SERVER_FAILED` if it cannot be written, and with the signal's reason.
 */
export async function stageChunkList(
  folder: string,
  { path, sizeBytes }: StagedBlob,
  signal?: AbortSignal,
): Promise<StagedBlob | undefined> {
  if (sizeBytes <= maxUnchunkedBytes) return undefined
  try {
    const bytes = encodeChunkList(await chunksOf(path, sizeBytes, signal))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const target = join(folder, sha256)
    const part = `${target}.${process.pid}`
    await writeFile(part, bytes, { mode: 0o400 })
    await rename(part, target)
    return { name: chunkListName, sha256, sizeBytes: bytes.length, path: target }
  } catch (cause) {
    signal?.throwIfAborted()
    throw storeError(folder, cause)
  }
}

async function chunksOf(
  path: string,
  sizeBytes: number,
  signal: AbortSignal | undefined,
): Promise<readonly Chunk[]> {
  const chunker = createChunker(chunkRuleOf(sizeBytes))
  const chunks: Chunk[] = []
  for await (const bytes of createReadStream(path, { highWaterMark: readBytes, signal }))
    chunks.push(...chunker.push(bytes as Buffer))
  chunks.push(...chunker.end())
  return chunks
}
