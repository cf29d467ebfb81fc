/** Divides a library into parts that are read or requested at once. */
import type { PlacedChunk } from '../transfer/chunk-source.ts'
import type { ChunkIndex, Place } from './chunk-index.ts'

/** Neighbouring chunks, which are also neighbours in a file of this host, or in none. */
export interface Part {
  /** Place of the first chunk; undefined if the host has none of them. */
  readonly place: Place | undefined
  readonly chunks: PlacedChunk[]
}

/** Maximum of one read, and of one request, since several requests are held in memory. */
const maxReadBytes = 1024 * 1024
const maxRequestBytes = 256 * 1024

export function partsOf(chunks: readonly PlacedChunk[], index: ChunkIndex): readonly Part[] {
  const parts: Part[] = []
  for (const chunk of chunks) {
    const place = index.find(chunk)
    const last = parts.at(-1)
    if (last !== undefined && continues(last, chunk, place)) last.chunks.push(chunk)
    else parts.push({ place, chunks: [chunk] })
  }
  return parts
}

export function startOf({ chunks }: Part): number {
  return chunks[0]?.offset ?? 0
}

export function sizeOf(chunks: readonly PlacedChunk[]): number {
  return chunks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}

function continues(part: Part, chunk: PlacedChunk, place: Place | undefined): boolean {
  const partBytes = chunk.offset - startOf(part)
  const size = partBytes + chunk.sizeBytes
  if (part.place === undefined) return place === undefined && size <= maxRequestBytes
  return (
    place?.file === part.place.file &&
    place.offset === part.place.offset + partBytes &&
    size <= maxReadBytes
  )
}
