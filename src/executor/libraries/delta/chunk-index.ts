/** An index of the chunks in files of this host. */
import type { FileHandle } from 'node:fs/promises'
import { createChunker } from '../../../domain/chunks/chunker.ts'
import type { Chunk } from '../../../domain/chunks/chunk-list.ts'
import type { ChunkRule } from '../../../domain/chunks/chunk-rule.ts'
import { openPlainFile } from '../cache/take-blob.ts'

/** Where a chunk is. */
export interface Place {
  readonly file: FileHandle
  readonly offset: number
}

export interface ChunkIndex {
  /** Adds the chunks of the file at `path`. A file that cannot be read is skipped. */
  add(path: string): Promise<void>
  /** The place of a chunk; undefined if no file has it. The file may be changed since. */
  find(chunk: Chunk): Place | undefined
  close(): Promise<void>
}

const readBytes = 1024 * 1024

/** An index without files, which are cut into chunks by the rule. */
export function createChunkIndex(rule: ChunkRule): ChunkIndex {
  const places = new Map<string, Place>()
  const files: FileHandle[] = []
  return {
    async add(path) {
      const file = await openPlainFile(path).catch(() => undefined)
      if (file === undefined) return
      files.push(file)
      await cut(file, rule, (chunk, offset) => {
        if (!places.has(chunk.sha256)) places.set(chunk.sha256, { file, offset })
      }).catch(() => undefined)
    },
    find: ({ sha256 }) => places.get(sha256),
    async close() {
      await Promise.all(files.map((file) => file.close()))
    },
  }
}

async function cut(
  file: FileHandle,
  rule: ChunkRule,
  onChunk: (chunk: Chunk, offset: number) => void,
): Promise<void> {
  const chunker = createChunker(rule)
  const buffer = Buffer.allocUnsafe(readBytes)
  let offset = 0
  const take = (chunks: readonly Chunk[]): void => {
    for (const chunk of chunks) {
      onChunk(chunk, offset)
      offset += chunk.sizeBytes
    }
  }
  for (;;) {
    const { bytesRead } = await file.read(buffer)
    if (bytesRead === 0) break
    take(chunker.push(buffer.subarray(0, bytesRead)))
  }
  take(chunker.end())
}
