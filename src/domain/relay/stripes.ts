/**
 * Divides the chunks of a library into runs of neighbouring chunks, and deals the runs to the
 * stripes in turn. Each stripe is passed on along its own tree of hosts, so that every host uploads
 * about as much as it downloads. The result depends on the chunk list alone: all hosts divide
 * alike.
 * Source: Castro et al., "SplitStream: High-Bandwidth Multicast in Cooperative Environments", SOSP
 * 2003.
 */
import type { Chunk } from '../chunks/chunk-list.ts'

/** Neighbouring chunks that are sent and written together; each chunk is verified on its own. */
export interface Run {
  /** Position of its first byte in the library. */
  readonly offset: number
  readonly sizeBytes: number
  readonly chunks: readonly Chunk[]
}

export const stripeCount = 4

/**
 * A run ends with the chunk that reaches this size. Smaller runs reach the end of a tree sooner but
 * cost more writes: 32 KiB take 20 ms at a quarter of 50 Mbit/s.
 */
const runBytes = 32 * 1024

/** The runs of each stripe, in the order of the library. */
export function stripesOf(chunks: readonly Chunk[]): readonly (readonly Run[])[] {
  const stripes: Run[][] = Array.from({ length: stripeCount }, () => [])
  for (const [index, run] of runsOf(chunks).entries()) stripes[index % stripeCount]?.push(run)
  return stripes
}

function runsOf(chunks: readonly Chunk[]): readonly Run[] {
  const runs: Run[] = []
  let run: Chunk[] = []
  let offset = 0
  let sizeBytes = 0
  for (const chunk of chunks) {
    run.push(chunk)
    sizeBytes += chunk.sizeBytes
    if (sizeBytes < runBytes) continue
    runs.push({ offset, sizeBytes, chunks: run })
    offset += sizeBytes
    run = []
    sizeBytes = 0
  }
  if (run.length > 0) runs.push({ offset, sizeBytes, chunks: run })
  return runs
}
