/** A library that arrives in stripes: its file, and which of its chunks are verified. */
import { hash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { Library } from '../../../../domain/libraries/library.ts'
import type { Run } from '../../../../domain/relay/stripes.ts'
import { createPrefixHash } from './prefix-hash.ts'
import type { PrefixHash } from './prefix-hash.ts'
import { createRunBuffer } from './run-buffer.ts'
import type { RunBuffer } from './run-buffer.ts'
import { createStripeCounts } from './stripe-counts.ts'
import type { StripeCounts } from './stripe-counts.ts'

type Stripes = readonly (readonly Run[])[]

/**
 * Opens a file at `path` for the library, and keeps the verified beginning of the part that an
 * earlier fetch left at `partPath`.
 */
export async function openRelayedBlob(
  library: Library,
  stripes: Stripes,
  path: string,
  partPath: string,
): Promise<RelayedBlob> {
  await rename(partPath, path).catch(() => undefined)
  const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
  const blob = new RelayedBlob(library, stripes, path, file)
  await blob.adopt()
  return blob
}

export class RelayedBlob {
  readonly sha256: string
  readonly stripes: Stripes
  readonly #sizeBytes: number
  readonly #path: string
  readonly #file: FileHandle
  readonly #counts: StripeCounts
  readonly #buffer: RunBuffer
  readonly #prefix: PrefixHash
  readonly #broken = new AbortController()
  #heldBytes = 0
  #isMoved = false
  #isClosed = false

  constructor({ sha256, sizeBytes }: Library, stripes: Stripes, path: string, file: FileHandle) {
    this.sha256 = sha256
    this.stripes = stripes
    this.#sizeBytes = sizeBytes
    this.#path = path
    this.#file = file
    this.#counts = createStripeCounts(stripes.length)
    this.#buffer = createRunBuffer(file, (error) => this.#broken.abort(error))
    this.#prefix = createPrefixHash(stripes, (run) => this.#buffer.find(run.offset))
  }

  /** Aborted when the file cannot be written. */
  get broken(): AbortSignal {
    return this.#broken.signal
  }

  /** Bytes received so far. */
  get heldBytes(): number {
    return this.#heldBytes
  }

  /** Number of runs of a stripe received so far. They are its first ones. */
  countOf(stripe: number): number {
    return this.#counts.countOf(stripe)
  }

  /** As `StripeCounts.until`. */
  until(stripe: number, index: number, closed: AbortSignal): Promise<boolean> {
    return this.#counts.until(stripe, index, closed)
  }

  /** Ends all waits of `until`: no further runs will arrive. */
  giveUp(): void {
    this.#counts.giveUp()
  }

  /** Counts the verified runs at the beginning of the file. */
  async adopt(): Promise<void> {
    // Runs are dealt out in turn, so the first runs of all stripes are the beginning of the
    // library.
    for (let index = 0; ; index += 1) {
      for (const [stripe, runs] of this.stripes.entries()) {
        const run = runs[index]
        if (run === undefined || (await readRun(this.#file, run)) === undefined) return
        this.#add(stripe, run)
      }
    }
  }

  /**
   * Takes the next run of a stripe, whose chunks have been verified. Resolves when there is room
   * for another run. One call at a time for each stripe.
   */
  async write(stripe: number, bytes: Buffer): Promise<void> {
    const run = runAt(this.stripes, stripe, this.countOf(stripe))
    const room = this.#buffer.write(run.offset, bytes)
    this.#add(stripe, run)
    this.#prefix.grow((other) => this.countOf(other))
    await room
  }

  /** Reads a received run. Rejects if its bytes in the file were changed. */
  async read(stripe: number, index: number): Promise<Buffer> {
    const run = runAt(this.stripes, stripe, index)
    const bytes = this.#buffer.find(run.offset) ?? (await readRun(this.#file, run))
    if (bytes === undefined) throw new Error(`run ${index} of stripe ${stripe} was written to`)
    return bytes
  }

  /** SHA-256 of the complete library; undefined if only reading the file would give it. */
  digest(): string | undefined {
    return this.#prefix.digest()
  }

  /**
   * Syncs the file, cuts it at the first gap, and renames it to `partPath`. Reads continue.
   * Rejects if the file cannot be written.
   */
  async moveTo(partPath: string): Promise<void> {
    await this.#buffer.flush()
    await this.#file.truncate(this.#prefixBytes())
    await this.#file.sync()
    await rename(this.#path, partPath)
    this.#isMoved = true
  }

  /** Removes the file, unless it was moved. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#file.close()
    if (!this.#isMoved) await rm(this.#path, { force: true })
  }

  #add(stripe: number, { sizeBytes }: Run): void {
    this.#counts.add(stripe)
    this.#heldBytes += sizeBytes
  }

  /** Bytes before the first missing run. */
  #prefixBytes(): number {
    const missing = this.stripes.flatMap((runs, stripe) => {
      return runs[this.countOf(stripe)]?.offset ?? []
    })
    return Math.min(this.#sizeBytes, ...missing)
  }
}

function runAt(stripes: Stripes, stripe: number, index: number): Run {
  const run = stripes[stripe]?.[index]
  if (run === undefined) throw new RangeError(`stripe ${stripe} has no run ${index}`)
  return run
}

/** Undefined if the file does not hold the verified run: tasks may write to it. */
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
