/**
 * Bytes that are named by their digest, and how they are read: from memory or from a file that
 * never changes.
 */
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** Most bytes read, and held in memory, for one response at a time. */
export const readBytes = 1024 * 1024

/** A file of a library store, under the name it was staged with. */
export interface StagedBlob {
  readonly name: string
  /** SHA-256 of the bytes, 64 lower-case hex digits. */
  readonly sha256: string
  readonly sizeBytes: number
  /** Where the bytes are; nobody writes there again. */
  readonly path: string
}

/** Bytes made here, such as a manifest. */
export interface MemoryBlob extends Omit<StagedBlob, 'path'> {
  readonly bytes: Buffer
}

/** What a path stands for: a staged file, or a few bytes made here. */
export interface BlobResource {
  readonly blob: StagedBlob | MemoryBlob
  /** True when the path can never stand for other bytes: it is then cached for a year. */
  readonly isImmutable: boolean
  /**
   * Sent at once, beside the blobs that wait for their turn: what executors need before any
   * library.
   */
  readonly isUrgent?: boolean
  /** Served without a permission: the file is no secret. */
  readonly isPublic?: boolean
  /** Only these bytes of it, one part after the other. */
  readonly parts?: readonly BlobPart[]
}

/** Bytes from `start` to `end`, both included. */
export interface BlobPart {
  readonly start: number
  readonly end: number
}

/** Opened bytes. Who opens them closes them. */
export interface BlobReader {
  /**
   * Next: the bytes from `start` to `end`, both included, in order; a chunk is overwritten by the
   * next one.
   */
  read(start: number, end: number): AsyncIterable<Buffer>
  close(): Promise<void>
}

/** The bytes of several parts, in their order. */
export async function* readParts(
  reader: BlobReader,
  parts: readonly BlobPart[],
): AsyncGenerator<Buffer> {
  for (const { start, end } of parts) yield* reader.read(start, end)
}

/** A reader of bytes in memory. */
export function readMemory(bytes: Buffer, release: () => void = () => undefined): BlobReader {
  return {
    async *read(start, end) {
      for (let offset = start; offset <= end; offset += readBytes) {
        yield bytes.subarray(offset, Math.min(offset + readBytes, end + 1))
      }
    },
    async close() {
      release()
    },
  }
}

/**
 * Opens the file of a blob. Rejects with the system's error, or with `Error` when the file has not
 * the blob's size: then it is not the blob, and its length has not been promised to anybody yet.
 */
export async function openBlob(blob: StagedBlob): Promise<BlobReader> {
  const handle = await open(blob.path, 'r')
  try {
    const { size } = await handle.stat()
    if (size !== blob.sizeBytes) {
      throw new Error(`${blob.path} has ${size} bytes, staged were ${blob.sizeBytes}`)
    }
  } catch (error) {
    await handle.close()
    throw error
  }
  return { read: (start, end) => readFile(handle, start, end), close: () => handle.close() }
}

async function* readFile(handle: FileHandle, start: number, end: number): AsyncGenerator<Buffer> {
  // One buffer per response is enough: while the next read runs, the kernel still sends what it was
  // given.
  const buffer = Buffer.allocUnsafeSlow(Math.min(readBytes, end - start + 1))
  for (let offset = start; offset <= end;) {
    const length = Math.min(buffer.length, end - offset + 1)
    const { bytesRead } = await handle.read(buffer, 0, length, offset)
    if (bytesRead === 0) throw new Error(`a blob ended at byte ${offset}, before byte ${end}`)
    yield buffer.subarray(0, bytesRead)
    offset += bytesRead
  }
}
