/** An index of the chunks in files of this host. */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { createChunker } from '../../../domain/chunks/chunker.ts'
import type { Chunk } from '../../../domain/chunks/chunk-list.ts'
import type { ChunkRule } from '../../../domain/chunks/chunk-rule.ts'

export interface ChunkIndex {
  has(chunk: Chunk): boolean
  /** The bytes of a chunk; undefined if the file was changed. */
  read(chunk: Chunk): Promise<Buffer | undefined>
  close(): Promise<void>
}

interface Place {
  readonly file: FileHandle
  readonly offset: number
}

const readBytes = 1024 * 1024

/** Cuts the files at `paths` into chunks by the rule. Files that cannot be read are skipped. */
export async function indexChunks(paths: readonly string[], rule: ChunkRule): Promise<ChunkIndex> {
  const places = new Map<string, Place>()
  const files: FileHandle[] = []
  for (const path of paths) {
    const file = await open(path, 'r').catch(() => undefined)
    if (file === undefined) continue
    files.push(file)
    await cut(file, rule, (chunk, offset) => places.set(chunk.sha256, { file, offset })).catch(
      () => {},
    )
  }
  return {
    has: ({ sha256 }) => places.has(sha256),
    async read({ sha256, sizeBytes }) {
      const place = places.get(sha256)
      if (place === undefined) return undefined
      const bytes = Buffer.allocUnsafe(sizeBytes)
      const { bytesRead } = await place.file.read(bytes, 0, sizeBytes, place.offset)
      // A task may have changed the file.
      return bytesRead === sizeBytes && digestOf(bytes) === sha256 ? bytes : undefined
    },
    async close() {
      await Promise.all(files.map((file) => file.close()))
    },
  }
}

export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
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
