/** The chunks that a library is made of, as its server lists them. */
import { maxChunkListBytes, parseChunkList } from '../../../domain/chunks/chunk-list.ts'
import type { Chunk } from '../../../domain/chunks/chunk-list.ts'
import type { Library } from '../../../domain/libraries/library.ts'
import { readUri } from './http-get.ts'
import type { HttpOptions } from './http-get.ts'

/** A chunk and where it stands in its library. */
export interface PlacedChunk extends Chunk {
  readonly offset: number
}

/**
 * Fetches the list of the library at `uri`, which stands beside it as a blob of its own; empty for a library without one.
 * Errors: `LIBRARY_UNAVAILABLE`; `LIBRARY_CORRUPT` and `MESSAGE_INVALID` for a list that is not the library's.
 */
export async function fetchChunkList(
  library: Library,
  uri: string,
  options: Pick<HttpOptions, 'signal' | 'authorize'>,
): Promise<readonly PlacedChunk[]> {
  if (library.chunks === undefined) return []
  const listUri = new URL(`../${library.chunks}/chunks`, uri).href
  const bytes = await readUri(listUri, maxChunkListBytes(library.sizeBytes), options)
  let offset = 0
  return parseChunkList(bytes, library).map((chunk) => {
    const placed = { ...chunk, offset }
    offset += chunk.sizeBytes
    return placed
  })
}
