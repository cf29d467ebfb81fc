/**
 * Buffers runs: writes many at a time to the file, and keeps the newest in memory, since other
 * hosts request them soon. Writing and reading single runs would take most of the time of a relay.
 */
import type { FileHandle } from 'node:fs/promises'
import { writeAll } from '../../transfer/write-all.ts'

export interface RunBuffer {
  /** Takes a run; resolves when there is room for another one. */
  write(offset: number, bytes: Buffer): Promise<void>
  /** The run at this offset, if it is in memory. A run that is not written yet always is. */
  find(offset: number): Buffer | undefined
  /** Resolves when all runs are written. Rejects if one could not be written. */
  flush(): Promise<void>
}

interface Placed {
  readonly offset: number
  readonly bytes: Buffer
}

/** Size of a write. In less of a library, the runs of its four stripes are rarely neighbours. */
const batchBytes = 2 * 1024 * 1024
/** Bytes kept in memory for one library. */
const keptBytes = 2 * batchBytes

/** `onFailure` is called when a write fails. */
export function createRunBuffer(file: FileHandle, onFailure: (error: unknown) => void): RunBuffer {
  const kept = new Map<number, Buffer>()
  const written: number[] = []
  let keptSize = 0
  let batch: Placed[] = []
  let batchSize = 0
  let writing: Promise<void> = Promise.resolve()

  function keep({ offset, bytes }: Placed): void {
    kept.set(offset, bytes)
    keptSize += bytes.length
  }

  function dropOldest(): void {
    while (keptSize > keptBytes) {
      const offset = written.shift()
      if (offset === undefined) return
      keptSize -= kept.get(offset)?.length ?? 0
      kept.delete(offset)
    }
  }

  async function writeBatch(runs: readonly Placed[]): Promise<void> {
    for (const { offset, parts } of joinNeighbours(runs)) await writeParts(file, offset, parts)
    written.push(...runs.map(({ offset }) => offset))
    dropOldest()
  }

  function startBatch(): void {
    const runs = batch
    batch = []
    batchSize = 0
    writing = writing.then(() => writeBatch(runs))
    writing.catch(onFailure)
  }

  return {
    async write(offset, bytes) {
      const run = { offset, bytes }
      keep(run)
      batch.push(run)
      batchSize += bytes.length
      if (batchSize < batchBytes) return
      // One batch may fill while another is written.
      const before = writing
      startBatch()
      await before.catch(() => undefined)
    },
    find: (offset) => kept.get(offset),
    async flush() {
      startBatch()
      await writing
    },
  }
}

/** Groups adjacent runs: each group becomes one write. */
function joinNeighbours(runs: readonly Placed[]) {
  const groups: { readonly offset: number; readonly parts: Buffer[]; end: number }[] = []
  for (const { offset, bytes } of runs.toSorted((one, other) => one.offset - other.offset)) {
    const last = groups.at(-1)
    if (last?.end === offset) {
      last.parts.push(bytes)
      last.end += bytes.length
    } else {
      groups.push({ offset, parts: [bytes], end: offset + bytes.length })
    }
  }
  return groups
}

async function writeParts(
  file: FileHandle,
  offset: number,
  parts: readonly Buffer[],
): Promise<void> {
  const { bytesWritten } = await file.writev(parts, offset)
  // A single write may take fewer bytes.
  let start = 0
  for (const part of parts) {
    const taken = Math.min(part.length, Math.max(0, bytesWritten - start))
    if (taken < part.length) await writeAll(file, part.subarray(taken), offset + start + taken)
    start += part.length
  }
}
