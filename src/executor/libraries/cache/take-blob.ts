/** Copies or moves a blob out of a cache into a private file, and checks its digest. */
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, copyFile, lstat, open, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** Each buffer is new: larger ones make the garbage collector run for each library. */
const bufferBytes = 256 * 1024
const { COPYFILE_EXCL, COPYFILE_FICLONE } = constants
/** Follows no link, and does not block on a pipe. */
const readOnly = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * Copies the blob to `target`, a new file: as a clone if the file system supports it (btrfs, XFS),
 * otherwise byte by byte. Hashes the copy. Returns false, and removes the copy, for another digest;
 * undefined if the blob is missing. Copies nothing of another size than `sizeBytes`, if that is
 * known.
 */
export async function copyBlob(
  blob: string,
  target: string,
  sha256: string,
  sizeBytes?: number,
): Promise<boolean | undefined> {
  const found = await lstat(blob).catch(ifAbsent)
  if (found === undefined) return undefined
  if (!found.isFile() || (sizeBytes !== undefined && found.size !== sizeBytes)) return false
  try {
    await copyFile(blob, target, COPYFILE_EXCL | COPYFILE_FICLONE)
    await chmod(target, 0o400)
    return await keepIfRight(target, sha256)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(target, { force: true })
    return ifAbsent(error as NodeJS.ErrnoException)
  }
}

/** Moves the blob to `target`; results as of `copyBlob`. */
export async function moveBlob(
  blob: string,
  target: string,
  sha256: string,
): Promise<boolean | undefined> {
  try {
    await rename(blob, target)
    return await keepIfRight(target, sha256)
  } catch (error) {
    return ifAbsent(error as NodeJS.ErrnoException)
  }
}

/**
 * Reads a blob of up to `maxBytes`. Returns undefined if it is missing, larger, or has another
 * digest.
 */
export async function readBlob(
  blob: string,
  sha256: string,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const file = await openPlainFile(blob).catch(() => undefined)
  if (file === undefined) return undefined
  try {
    const { size } = await file.stat()
    if (size > maxBytes) return undefined
    // Not more, though a task may write to it meanwhile.
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0)
    const isRight = createHash('sha256').update(buffer).digest('hex') === sha256
    return isRight && bytesRead === size ? buffer : undefined
  } finally {
    await file.close()
  }
}

function ifAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

async function keepIfRight(path: string, sha256: string): Promise<boolean> {
  const found = await lstat(path)
  if (found.isFile() && (await hashFile(path)) === sha256) return true
  await rm(path, { recursive: true, force: true })
  return false
}

/**
 * Opens a file that a task may have replaced. Rejects for a link, and for a pipe or device, from
 * which a read might never end.
 */
export async function openPlainFile(path: string): Promise<FileHandle> {
  const file = await open(path, readOnly)
  const found = await file.stat().catch(() => undefined)
  if (found?.isFile() === true) return file
  await file.close()
  throw new Error(`${path} is not a plain file`)
}

/** SHA-256 of a plain file, which is read in pieces. */
export async function hashFile(path: string): Promise<string> {
  const file = await openPlainFile(path)
  try {
    const hash = createHash('sha256')
    const buffer = Buffer.allocUnsafeSlow(bufferBytes)
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length)
      if (bytesRead === 0) return hash.digest('hex')
      hash.update(buffer.subarray(0, bytesRead))
    }
  } finally {
    await file.close()
  }
}
