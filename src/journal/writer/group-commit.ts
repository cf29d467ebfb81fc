/**
 * The writing end of a journal. While one write is on its way to the disk, all that is appended waits and then
 * shares the next: the more comes in, the fewer syncs per entry.
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
  /** Seq of the last entry up to the end of it. */
  readonly lastSeq: number
}

/** Where the journal ends on the disk. */
export interface JournalEnd {
  readonly file: string
  readonly sizeBytes: number
  readonly lastSeq: number
  /** The `crc` of the last line, which the next one continues. */
  readonly chain: number
  /** Bytes of the header: a segment with no more is never rolled. */
  readonly headerBytes: number
}

export interface GroupCommitOptions {
  /** Size at which a segment is full. A line larger than that gets one alone. */
  readonly segmentBytes: number
  /** Starts the segment after this end. */
  readonly roll: (end: JournalEnd) => Promise<JournalEnd>
}

export interface GroupCommit {
  readonly end: JournalEnd
  /** Set once a write failed. */
  readonly failure: { readonly error: unknown } | undefined
  /** Resolves when all chunks are on the disk; rejects, as all after it do, once a write failed. */
  append(chunks: readonly Chunk[]): Promise<void>
  /** Waits for what was appended. */
  close(): Promise<void>
}

interface Waiting extends Chunk {
  readonly settle?: { readonly resolve: () => void; readonly reject: (error: unknown) => void }
}

/** Opens the file that `start` is the end of. Throws what the file system throws, as `append` does. */
export async function openGroupCommit(
  start: JournalEnd,
  { segmentBytes, roll }: GroupCommitOptions,
): Promise<GroupCommit> {
  let end = start
  let handle = await openDurable(end.file)
  // Some file systems do not count links.
  const isNamed = fstatSync(handle.fd).nlink > 0
  let queue: Waiting[] = []
  let pump: Promise<void> | undefined
  let failure: { readonly error: unknown } | undefined

  async function drain(): Promise<void> {
    // What is appended in the same turn of the event loop shares the write.
    await Promise.resolve()
    while (queue.length > 0) await commit()
    pump = undefined
  }

  async function commit(): Promise<void> {
    let group: readonly Waiting[] = queue.slice(0, 1)
    try {
      if (isFullFor(group[0])) await rollOver()
      group = takeGroup()
      const batch = sealBatch(linesOf(group), end.chain)
      const bytes = Buffer.from(batch.text)
      await writeAll(bytes)
      const lastSeq = group.at(-1)?.lastSeq ?? end.lastSeq
      end = { ...end, sizeBytes: end.sizeBytes + bytes.length, lastSeq, chain: batch.chain }
      for (const { settle } of group) settle?.resolve()
    } catch (error) {
      failure = { error }
      const rejected = new Set([...group, ...queue])
      queue = []
      for (const { settle } of rejected) settle?.reject(error)
    }
  }

  function isFullFor(chunk: Waiting | undefined): boolean {
    const sizeBytes = end.sizeBytes + (chunk?.sizeBytes ?? 0)
    return sizeBytes > segmentBytes && end.sizeBytes > end.headerBytes
  }

  function takeGroup(): readonly Waiting[] {
    const room = Math.min(segmentBytes - end.sizeBytes, maxLineBytes)
    let count = 0
    let bytes = 0
    for (const chunk of queue) {
      bytes += chunk.sizeBytes
      if (count > 0 && bytes > room) break
      count += 1
    }
    return queue.splice(0, count)
  }

  async function rollOver(): Promise<void> {
    const next = await roll(end)
    // Only after the next segment exists: an end that names a missing segment is damage.
    await writeAll(Buffer.from(sealBatch([openLink(end.lastSeq + 1)], end.chain).text))
    await handle.close()
    handle = await open(next.file, 'r+')
    end = next
  }

  async function writeAll(bytes: Buffer): Promise<void> {
    try {
      for (let written = 0; written < bytes.length;) {
        const position = end.sizeBytes + written
        const rest = bytes.length - written
        written += (await handle.write(bytes, written, rest, position)).bytesWritten
      }
      await handle.datasync()
      // Writes to a removed file are lost when this process ends.
      if (isNamed && fstatSync(handle.fd).nlink === 0) throw removed(end.file)
    } catch (error) {
      // Not acknowledged, so better not there; what stays is cut off, or taken as it is, by the next open.
      await handle.truncate(end.sizeBytes).catch(() => undefined)
      throw error
    }
  }

  return {
    get end() {
      return end
    },
    get failure() {
      return failure
    },
    append(chunks) {
      return new Promise((resolve, reject) => {
        if (failure !== undefined) return reject(failure.error)
        if (chunks.length === 0) return resolve()
        const last = chunks.length - 1
        for (const [index, chunk] of chunks.entries()) {
          queue.push(index === last ? { ...chunk, settle: { resolve, reject } } : chunk)
        }
        pump ??= drain()
      })
    },
    async close() {
      await pump
      await handle.close()
    },
  }
}

function linesOf(group: readonly Chunk[]): readonly string[] {
  const [first, ...others] = group
  return others.length === 0 ? (first?.lines ?? []) : group.flatMap(({ lines }) => lines)
}

/** A process that was killed may have left entries that only the page cache has. */
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
