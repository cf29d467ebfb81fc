/** The list of the chunks of a library, from its server. */
import { maxChunkListBytes, parseChunkList } from '../../../domain/chunks/chunk-list.ts'
import type { Chunk } from '../../../domain/chunks/chunk-list.ts'
import type { Library } from '../../../domain/libraries/library.ts'
import { readUri } from './http-get.ts'
import type { HttpOptions } from './http-get.ts'

/** A chunk and its place in the library. */
export interface PlacedChunk extends Chunk {
  readonly offset: number
}

/**
 * Fetches the list of the library at `uri`, which is a blob beside the library. Empty for a library
 * without a list. Errors: `LIBRARY_UNAVAILABLE`; `LIBRARY_CORRUPT` or `MESSAGE_INVALID` if the list
 * does not match the library.
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
