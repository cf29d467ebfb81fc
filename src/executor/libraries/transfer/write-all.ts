import type { FileHandle } from 'node:fs/promises'
import { toFileError } from '../../../file-error.ts'

/**
 * Writes all bytes at `position`, in several writes if necessary. Rejects with `DISK_FULL` or
 * `FILE_UNUSABLE`, retryable: other files may fill the disk for a moment only.
 */
export async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  try {
    for (let written = 0; written < bytes.length;) {
      const { bytesWritten } = await file.write(
        bytes,
        written,
        bytes.length - written,
        position + written,
      )
      written += bytesWritten
    }
  } catch (error) {
    throw toFileError(error, 'a library', true)
  }
}
