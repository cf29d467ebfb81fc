import type { FileHandle } from 'node:fs/promises'

/** Reads `length` bytes at `position`: fewer at the end of the file, none beyond it. */
export async function readBytes(
  handle: FileHandle,
  position: number,
  length: number,
): Promise<Buffer> {
  const { size } = await handle.stat()
  if (!Number.isSafeInteger(position) || position < 0 || position >= size) return Buffer.alloc(0)
  // At most the bytes present: a size from the archive must not allocate memory.
  const buffer = Buffer.alloc(Math.max(0, Math.min(length, size - position)))
  let done = 0
  while (done < buffer.length) {
    const { bytesRead } = await handle.read(buffer, done, buffer.length - done, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return buffer.subarray(0, done)
}

const chunkBytes = 256 * 1024

/** Yields the bytes of a range. A stream of the handle would close it when reading stops early. */
export async function* readRange(
  handle: FileHandle,
  start: number,
  end: number,
): AsyncGenerator<Buffer> {
  for (let at = start; at < end; at += chunkBytes) {
    yield await readBytes(handle, at, Math.min(chunkBytes, end - at))
  }
}
