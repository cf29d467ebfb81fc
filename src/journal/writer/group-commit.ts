/**
 * Appends to a journal's files. While one write is on its way to the disk, appended lines wait and
 * then share the next write: the more entries come, the fewer syncs per entry.
 */
import { fstatSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { removed } from '../files/file-errors.ts'
import { maxLineBytes, sealBatch } from '../files/line.ts'
import { openLink } from '../files/record.ts'

/** Lines that are written at once. */
export interface Chunk {
  /** JSON objects without their closing braces. */
  readonly lines: readonly string[]
  /** Upper bound for the size of the sealed lines. */
  readonly sizeBytes: number
  /** Seq of the last entry up to its end. */
  readonly lastSeq: number
}

/** The end of the journal on the disk. */
export interface JournalEnd {
  readonly file: string
  readonly sizeBytes: number
  readonly lastSeq: number
  /** The `crc` of the last line, which the next one continues. */
  readonly chain: number
  /** Bytes of the header: a segment without lines after it is never full. */
  readonly headerBytes: number
}

export interface GroupCommitOptions {
  /** A segment that would grow beyond this is followed by another. */
  readonly segmentBytes: number
  /** Starts the segment after this end. */
  readonly roll: (end: JournalEnd) => Promise<JournalEnd>
}

export interface GroupCommit {
  readonly end: JournalEnd
  /** Set once a write failed. */
  readonly failure: { readonly error: unknown } | undefined
  /** Resolves when all chunks are on the disk. Rejects if a write failed, now or before. */
  append(chunks: readonly Chunk[]): Promise<void>
  /** Waits for pending appends. */
  close(): Promise<void>
}

interface Waiting extends Chunk {
  readonly settle?: { readonly resolve: () => void; readonly reject: (error: unknown) => void }
}

/** Opens the last file of a journal. Throws what the file system throws, as `append` does. */
export async function openGroupCommit(
  start: JournalEnd,
  options: GroupCommitOptions,
): Promise<GroupCommit> {
  return new Committer(start, await openDurable(start.file), options)
}

class Committer implements GroupCommit {
  end: JournalEnd
  failure: { readonly error: unknown } | undefined
  readonly #options: GroupCommitOptions
  #handle: FileHandle
  /** False on a file system that does not count links. */
  readonly #isNamed: boolean
  #queue: Waiting[] = []
  #pump: Promise<void> | undefined

  constructor(start: JournalEnd, handle: FileHandle, options: GroupCommitOptions) {
    this.end = start
    this.#handle = handle
    this.#options = options
    this.#isNamed = fstatSync(handle.fd).nlink > 0
  }

  append(chunks: readonly Chunk[]): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) return reject(this.failure.error)
      if (chunks.length === 0) return resolve()
      const last = chunks.length - 1
      for (const [index, chunk] of chunks.entries()) {
        this.#queue.push(index === last ? { ...chunk, settle: { resolve, reject } } : chunk)
      }
      this.#pump ??= this.#drain()
    })
  }

  async close(): Promise<void> {
    await this.#pump
    await this.#handle.close()
  }

  async #drain(): Promise<void> {
    // Appends of the same turn of the event loop share the write.
    await Promise.resolve()
    while (this.#queue.length > 0) await this.#commit()
    this.#pump = undefined
  }

  async #commit(): Promise<void> {
    let group: readonly Waiting[] = this.#queue.slice(0, 1)
    try {
      if (this.#isFullFor(group[0])) await this.#rollOver()
      group = this.#takeGroup()
      const { end } = this
      const batch = sealBatch(linesOf(group), end.chain)
      const bytes = Buffer.from(batch.text)
      await this.#writeAll(bytes)
      const lastSeq = group.at(-1)?.lastSeq ?? end.lastSeq
      this.end = { ...end, sizeBytes: end.sizeBytes + bytes.length, lastSeq, chain: batch.chain }
      for (const { settle } of group) settle?.resolve()
    } catch (error) {
      this.failure = { error }
      const rejected = new Set([...group, ...this.#queue])
      this.#queue = []
      for (const { settle } of rejected) settle?.reject(error)
    }
  }

  #isFullFor(chunk: Waiting | undefined): boolean {
    const sizeBytes = this.end.sizeBytes + (chunk?.sizeBytes ?? 0)
    return sizeBytes > this.#options.segmentBytes && this.end.sizeBytes > this.end.headerBytes
  }

  #takeGroup(): readonly Waiting[] {
    const room = Math.min(this.#options.segmentBytes - this.end.sizeBytes, maxLineBytes)
    let count = 0
    let bytes = 0
    for (const chunk of this.#queue) {
      bytes += chunk.sizeBytes
      if (count > 0 && bytes > room) break
      count += 1
    }
    return this.#queue.splice(0, count)
  }

  async #rollOver(): Promise<void> {
    const { lastSeq, chain } = this.end
    const next = await this.#options.roll(this.end)
    // Only after the next segment exists: an end that names a missing segment is damage.
    await this.#writeAll(Buffer.from(sealBatch([openLink(lastSeq + 1)], chain).text))
    await this.#handle.close()
    this.#handle = await open(next.file, 'r+')
    this.end = next
  }

  async #writeAll(bytes: Buffer): Promise<void> {
    const { file, sizeBytes } = this.end
    try {
      for (let written = 0; written < bytes.length;) {
        const rest = bytes.length - written
        const position = sizeBytes + written
        written += (await this.#handle.write(bytes, written, rest, position)).bytesWritten
      }
      await this.#handle.datasync()
      // Writes to a removed file are lost when this process ends.
      if (this.#isNamed && fstatSync(this.#handle.fd).nlink === 0) throw removed(file)
    } catch (error) {
      // These lines were not acknowledged. If they cannot be removed here, the next open cuts them
      // off, or keeps them if they are whole.
      await this.#handle.truncate(sizeBytes).catch(() => undefined)
      throw error
    }
  }
}

function linesOf(group: readonly Chunk[]): readonly string[] {
  const [first, ...others] = group
  return others.length === 0 ? (first?.lines ?? []) : group.flatMap(({ lines }) => lines)
}

/** A process that was killed may have left entries in the page cache only: syncs them. */
async function openDurable(file: string): Promise<FileHandle> {
  const handle = await open(file, 'r+')
  try {
    await handle.datasync()
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}
