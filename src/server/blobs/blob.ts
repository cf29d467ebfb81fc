/** Blobs: bytes named by their digest, read from memory or from a file that never changes. */
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** Maximum number of bytes read and held in memory for one response at a time. */
export const readBytes = 1024 * 1024

/** A file of a library store, with the name under which it was staged. */
export interface StagedBlob {
  readonly name: string
  /** SHA-256 of the bytes, 64 lower-case hex digits. */
  readonly sha256: string
  readonly sizeBytes: number
  /** The file, which is never written again. */
  readonly path: string
}

/** Bytes made by the server, such as a manifest. */
export interface MemoryBlob extends Omit<StagedBlob, 'path'> {
  readonly bytes: Buffer
}

/** The resource of a path. */
export interface BlobResource {
  readonly blob: StagedBlob | MemoryBlob
  /** True if the bytes of the path never change: clients cache them for a year. */
  readonly isImmutable: boolean
  /** True for files that executors need before any library: they do not wait for a turn. */
  readonly isUrgent?: boolean
  /** True if it is served without a permission: the file is no secret. */
  readonly isPublic?: boolean
  /** The parts to serve, in this order. Default: the whole blob. */
  readonly parts?: readonly BlobPart[]
}

/** Bytes from `start` to `end`, both included. */
export interface BlobPart {
  readonly start: number
  readonly end: number
}

/** Opened bytes. The caller closes them. */
export interface BlobReader {
  /**
   * These bytes, at most `readBytes`; at once if they are in memory. The next call overwrites them.
   */
  readAt(offset: number, bytes: number): Buffer | Promise<Buffer>
  /** Frees what it holds. Never rejects. */
  close(): void
}

/** A reader of bytes in memory. */
export class MemoryReader implements BlobReader {
  readonly #bytes: Buffer
  readonly #release: (() => void) | undefined
  #isClosed = false

  /** `release` is called once. */
  constructor(bytes: Buffer, release?: () => void) {
    this.#bytes = bytes
    this.#release = release
  }

  readAt(offset: number, bytes: number): Buffer {
    return this.#bytes.subarray(offset, offset + bytes)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#release?.()
  }
}

class FileReader implements BlobReader {
  readonly #handle: FileHandle
  /** One is enough: the kernel has its own copy while the next read runs. */
  #buffer = Buffer.alloc(0)

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  async readAt(offset: number, bytes: number): Promise<Buffer> {
    if (this.#buffer.length < bytes) this.#buffer = Buffer.allocUnsafeSlow(bytes)
    for (let at = 0; at < bytes;) {
      const { bytesRead } = await this.#handle.read(this.#buffer, at, bytes - at, offset + at)
      if (bytesRead === 0) throw new Error(`a blob ended at byte ${offset + at}`)
      at += bytesRead
    }
    return this.#buffer.subarray(0, bytes)
  }

  /** The system's handle waits for a read that still runs. */
  close(): void {
    void this.#handle.close().catch(() => undefined)
  }
}

/** The bytes of several parts, in their order. */
export async function* readParts(
  reader: BlobReader,
  parts: readonly BlobPart[],
): AsyncGenerator<Buffer> {
  for (const { start, end } of parts)
    for (let offset = start; offset <= end; offset += readBytes)
      yield await reader.readAt(offset, Math.min(readBytes, end + 1 - offset))
}

/**
 * Opens the file of a blob. Rejects with the system's error, or with `Error` if the file does not
 * have the blob's size. The response headers have not been sent then.
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
  return new FileReader(handle)
}

/** Reads all bytes of a blob into memory. Rejects as `openBlob`. */
export async function readWhole(blob: StagedBlob): Promise<Buffer> {
  const reader = await openBlob(blob)
  try {
    const bytes = Buffer.allocUnsafeSlow(blob.sizeBytes)
    const whole = { start: 0, end: blob.sizeBytes - 1 }
    let offset = 0
    for await (const chunk of readParts(reader, [whole])) offset += chunk.copy(bytes, offset)
    return bytes
  } finally {
    reader.close()
  }
}
