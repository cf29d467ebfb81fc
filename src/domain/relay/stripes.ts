/**
 * How the chunks of a library are dealt out to be passed on: into runs of neighbouring chunks, and
 * the runs in turn to the stripes. Each stripe travels along a tree of its own, so that what a host
 * passes on of one is paid for by what others do of the rest. Follows from the chunk list alone, so
 * everybody who has the list cuts alike.
 * Source: Castro et al., "SplitStream: High-Bandwidth Multicast in Cooperative Environments", SOSP
 * 2003.
 */
import type { Chunk } from '../chunks/chunk-list.ts'

/** Neighbouring chunks that travel and are written together; each is verified on its own. */
export interface Run {
  /** Of its first byte in the library. */
  readonly offset: number
  readonly sizeBytes: number
  readonly chunks: readonly Chunk[]
}

export const stripeCount = 4

/**
 * A run ends with the chunk that brings it to this. Smaller ones get sooner to the end of a tree,
 * and cost more writes: 32 KiB are 20 ms at a quarter of 50 Mbit/s.
 */
const runBytes = 32 * 1024

/** The runs of each stripe, in the order in which they are in the library. */
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
