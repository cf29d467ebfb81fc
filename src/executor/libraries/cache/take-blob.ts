/** Takes the bytes of a blob out of a cache, so that they are nobody else's, and checks what was taken. */
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, copyFile, open, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { writeAll } from '../write-all.ts'

const bufferBytes = 1024 * 1024
const { COPYFILE_EXCL, COPYFILE_FICLONE_FORCE } = constants
/** Through no link, and waiting for nobody at the other end of a pipe. */
const readOnly = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * Copies the blob to `target`, a new file: as a clone where the file system has such (btrfs, XFS), else byte by byte.
 * False, and nothing at `target`, when it has another digest; undefined when it is not there. What is hashed is what the
 * copy got.
 */
export async function copyBlob(
  blob: string,
  target: string,
  sha256: string,
): Promise<boolean | undefined> {
  const source = await open(blob, readOnly).catch(whenAbsent)
  if (typeof source !== 'object') return source
  try {
    if (!(await source.stat()).isFile()) return false
    const digest = (await clone(blob, target))
      ? await hashFile(target)
      : await copyAndHash(source, target)
    if (digest === sha256) return true
    await rm(target, { force: true })
    return false
  } catch (error) {
    await rm(target, { force: true })
    throw error
  } finally {
    await source.close()
  }
}

/** Moves the blob to `target`; else as `copyBlob`. */
export async function moveBlob(
  blob: string,
  target: string,
  sha256: string,
): Promise<boolean | undefined> {
  try {
    await rename(blob, target)
  } catch (error) {
    return whenAbsent(error as NodeJS.ErrnoException)
  }
  if ((await hashFile(target)) === sha256) return true
  await rm(target, { recursive: true, force: true })
  return false
}

function whenAbsent(error: NodeJS.ErrnoException): false | undefined {
  if (error.code === 'ENOENT') return undefined
  // A link or a socket, which no blob is.
  if (error.code === 'ELOOP' || error.code === 'ENXIO') return false
  throw error
}

async function clone(blob: string, target: string): Promise<boolean> {
  try {
    await copyFile(blob, target, COPYFILE_EXCL | COPYFILE_FICLONE_FORCE)
  } catch {
    return false // Most file systems cannot. What else is wrong, the copy says.
  }
  await chmod(target, 0o400)
  return true
}

async function copyAndHash(source: FileHandle, target: string): Promise<string> {
  const copy = await open(target, 'wx', 0o400)
  try {
    return await hashAll(source, (bytes, position) => writeAll(copy, bytes, position))
  } finally {
    await copy.close()
  }
}

async function hashFile(path: string): Promise<string | undefined> {
  const file = await open(path, readOnly).catch(whenAbsent)
  if (typeof file !== 'object') return undefined
  try {
    return (await file.stat()).isFile() ? await hashAll(file) : undefined
  } finally {
    await file.close()
  }
}

async function hashAll(
  file: FileHandle,
  take?: (bytes: Buffer, position: number) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafeSlow(bufferBytes)
  let position = 0
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position)
    if (bytesRead === 0) return hash.digest('hex')
    const bytes = buffer.subarray(0, bytesRead)
    hash.update(bytes)
    await take?.(bytes, position)
    position += bytesRead
  }
}
