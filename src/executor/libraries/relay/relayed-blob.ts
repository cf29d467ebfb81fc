/** A library that arrives in stripes: its file, and which chunks are verified. */
import { hash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { Library } from '../../../domain/libraries/library.ts'
import type { Run } from '../../../domain/relay/stripes.ts'
import { createPrefixHash } from './prefix-hash.ts'
import { createRunBuffer } from './run-buffer.ts'
import { createStripeCounts } from './stripe-counts.ts'
import type { StripeCounts } from './stripe-counts.ts'

export interface RelayedBlob extends Pick<StripeCounts, 'countOf' | 'until' | 'giveUp'> {
  readonly sha256: string
  readonly stripes: readonly (readonly Run[])[]
  /**
   * Takes the next run of a stripe, every chunk of which was verified. One at a time for each
   * stripe.
   */
  write(stripe: number, bytes: Buffer): Promise<void>
  /** A run that there is. Rejects when its bytes are not in the file any more. */
  read(stripe: number, index: number): Promise<Buffer>
  /** Bytes that are there. */
  heldBytes(): number
  /**
   * SHA-256 of all bytes, once all are there; undefined where it would have to be found out from
   * the file.
   */
  digest(): string | undefined
  /** Aborted when the file cannot be written to. */
  readonly broken: AbortSignal
  /**
   * Gives the file, synced, the name of a part: as it is when all is there, else what there is
   * without a gap. Reads go on. Rejects when it cannot be written.
   */
  moveTo(partPath: string): Promise<void>
  close(): Promise<void>
}

/**
 * Begins with what an earlier fetch left at `partPath`, as far as its chunks are right, in a file
 * at `path`.
 */
export async function openRelayedBlob(
  { sha256, sizeBytes }: Library,
  stripes: readonly (readonly Run[])[],
  path: string,
  partPath: string,
): Promise<RelayedBlob> {
  await rename(partPath, path).catch(() => undefined)
  const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
  const counts = createStripeCounts(stripes.length)
  const broken = new AbortController()
  const buffer = createRunBuffer(file, (error) => broken.abort(error))
  const prefix = createPrefixHash(stripes, (run) => buffer.find(run.offset))
  let heldBytes = 0
  let isMoved = false
  let isClosed = false

  function add(stripe: number, { sizeBytes: length }: Run): void {
    counts.add(stripe)
    heldBytes += length
  }

  /**
   * Runs are dealt out in turn, so the beginning of the library is the beginning of each stripe.
   */
  async function adopt(): Promise<void> {
    for (let index = 0; ; index += 1) {
      for (const [stripe, runs] of stripes.entries()) {
        const run = runs[index]
        if (run === undefined || (await readRun(file, run)) === undefined) return
        add(stripe, run)
      }
    }
  }

  /** Up to the first run that is missing. */
  function prefixBytes(): number {
    const missing = stripes.flatMap((runs, stripe) => runs[counts.countOf(stripe)]?.offset ?? [])
    return Math.min(sizeBytes, ...missing)
  }

  await adopt()

  return {
    sha256,
    stripes,
    ...counts,
    broken: broken.signal,
    heldBytes: () => heldBytes,
    digest: () => prefix.digest(),
    async write(stripe, bytes) {
      const run = runAt(stripes, stripe, counts.countOf(stripe))
      const room = buffer.write(run.offset, bytes)
      add(stripe, run)
      prefix.grow(counts.countOf)
      await room
    },
    async read(stripe, index) {
      const run = runAt(stripes, stripe, index)
      const bytes = buffer.find(run.offset) ?? (await readRun(file, run))
      if (bytes === undefined) throw new Error(`run ${index} of stripe ${stripe} was written to`)
      return bytes
    },
    async moveTo(target) {
      await buffer.flush()
      await file.truncate(prefixBytes())
      await file.sync()
      await rename(path, target)
      isMoved = true
    },
    async close() {
      if (isClosed) return
      isClosed = true
      await file.close()
      if (!isMoved) await rm(path, { force: true })
    },
  }
}

function runAt(stripes: readonly (readonly Run[])[], stripe: number, index: number): Run {
  const run = stripes[stripe]?.[index]
  if (run === undefined) throw new RangeError(`stripe ${stripe} has no run ${index}`)
  return run
}

/** Undefined when it is not there, or not right: tasks may write to the file of a library. */
async function readRun(
  file: FileHandle,
  { offset, sizeBytes, chunks }: Run,
): Promise<Buffer | undefined> {
  const bytes = Buffer.allocUnsafe(sizeBytes)
  const { bytesRead } = await file.read(bytes, 0, sizeBytes, offset)
  if (bytesRead < sizeBytes) return undefined
  let start = 0
  const isRight = chunks.every(({ sizeBytes: length, sha256 }) => {
    const chunk = bytes.subarray(start, (start += length))
    return hash('sha256', chunk) === sha256
  })
  return isRight ? bytes : undefined
}
