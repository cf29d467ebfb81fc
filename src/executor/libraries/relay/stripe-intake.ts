/** Joins the bytes of a stripe to runs, and verifies each chunk as soon as it is complete. */
import { hash } from 'node:crypto'
import type { Run } from '../../../domain/relay/stripes.ts'

export interface StripeIntake {
  /**
   * Yields the runs that these bytes complete. Ends with `wrong` at a chunk with another digest.
   */
  add(bytes: Buffer): Generator<Buffer | 'wrong'>
  /** True when all runs are complete. */
  isFull(): boolean
}

export function createStripeIntake(runs: readonly Run[]): StripeIntake {
  let index = 0
  let buffer = Buffer.allocUnsafe(runs[0]?.sizeBytes ?? 0)
  let filled = 0
  let checkedChunks = 0
  let checkedBytes = 0

  /** False if a complete chunk has another digest. */
  function isRight({ chunks }: Run): boolean {
    for (;;) {
      const chunk = chunks[checkedChunks]
      const end = checkedBytes + (chunk?.sizeBytes ?? 0)
      if (chunk === undefined || filled < end) return true
      if (hash('sha256', buffer.subarray(checkedBytes, end)) !== chunk.sha256) return false
      checkedChunks += 1
      checkedBytes = end
    }
  }

  function startNext(): void {
    index += 1
    buffer = Buffer.allocUnsafe(runs[index]?.sizeBytes ?? 0)
    filled = checkedChunks = checkedBytes = 0
  }

  return {
    isFull: () => index === runs.length,
    *add(bytes) {
      for (let offset = 0; offset < bytes.length;) {
        const run = runs[index]
        const copied = bytes.copy(buffer, filled, offset)
        offset += copied
        filled += copied
        if (run === undefined || !isRight(run)) {
          yield 'wrong'
          return
        }
        if (filled < run.sizeBytes) continue
        yield buffer
        startNext()
      }
    },
  }
}
