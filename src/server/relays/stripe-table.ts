/**
 * The stripes of large libraries, as relaying executors request them:
 * `/blobs/<sha256>/stripes/<stripe>/<run>`, and `<run>-<run>` for some of its runs.
 */
import { readFile } from 'node:fs/promises'
import { parseChunkList } from '../../domain/chunks/chunk-list.ts'
import { stripesOf } from '../../domain/relay/stripes.ts'
import type { Run } from '../../domain/relay/stripes.ts'
import type { BlobTable } from '../libraries/blob-table.ts'
import type { ChunkedBlob } from '../libraries/library-sets.ts'
import type { BlobResource } from '../blobs/blob.ts'

export interface StripeTable {
  /**
   * A stripe from a run to its end, or some runs of it; undefined for an unknown path. Rejects if
   * the list of chunks cannot be read.
   */
  find(path: string): Promise<BlobResource | undefined>
}

/** Maximum number of lists of chunks in memory. */
const maxKept = 16

const stripePath = /^\/blobs\/([0-9a-f]{64})\/stripes\/(\d)\/(\d{1,8})(?:-(\d{1,8}))?$/

export function createStripeTable(table: Pick<BlobTable, 'chunkedBlob'>): StripeTable {
  const kept = new Map<string, Promise<readonly (readonly Run[])[]>>()

  async function readStripes({ library, list }: ChunkedBlob) {
    return stripesOf(parseChunkList(await readFile(list.path), library))
  }

  function stripesOfBlob(chunked: ChunkedBlob): Promise<readonly (readonly Run[])[]> {
    const { sha256 } = chunked.library
    const stripes = kept.get(sha256) ?? readStripes(chunked)
    kept.delete(sha256)
    kept.set(sha256, stripes)
    stripes.catch(() => kept.delete(sha256))
    for (const oldest of [...kept.keys()].slice(0, -maxKept)) kept.delete(oldest)
    return stripes
  }

  return {
    async find(path) {
      const [, sha256 = '', stripe = '', first = '', last] = stripePath.exec(path) ?? []
      const chunked = table.chunkedBlob(sha256)
      if (chunked === undefined) return undefined
      const runs = (await stripesOfBlob(chunked))[Number(stripe)]
      const parts = runs
        ?.slice(Number(first), last === undefined ? undefined : Number(last) + 1)
        .map(({ offset, sizeBytes }) => ({ start: offset, end: offset + sizeBytes - 1 }))
      return parts && { blob: chunked.blob, isImmutable: true, parts }
    },
  }
}
