import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, copyFile, open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { JarcastError } from '../../errors.ts'
import { readBytes } from '../blobs/blob.ts'
import { libraryError } from './library-check.ts'
import type { CheckedLibrary } from './library-check.ts'
import { packNpmPackage } from './npm-package.ts'
import type { PackedFile } from './npm-package.ts'

export interface CopyOptions {
  readonly signal: AbortSignal | undefined
  readonly onProgress: (copiedBytes: number, sizeBytes: number) => void
  /** Called with the packed files of a folder. */
  readonly onPacked: (files: readonly PackedFile[]) => void
}

/** Digest and size of the copy: the original may have changed since. */
export interface CopiedBytes {
  readonly sha256: string
  readonly sizeBytes: number
}

/**
 * Copies the bytes of a library to `target`, packing a folder first, and hashes the copy.
 * Errors: `LIBRARY_UNREADABLE`, `LIBRARY_NOT_FOUND`, `CONFIG_INVALID` (a package too large to
 * pack), `JAR_SERVER_FAILED` if `target` cannot be written; the reason of `signal` after its
 * abort.
 */
export async function copyIn(
  { path, isFolder }: CheckedLibrary,
  target: string,
  options: CopyOptions,
): Promise<CopiedBytes> {
  options.signal?.throwIfAborted()
  if (isFolder) await pack(path, target, options)
  const isThere = isFolder || (await clone(path, target))
  const source = await open(isThere ? target : path, 'r').catch((cause: unknown) => {
    throw libraryError(path, cause)
  })
  try {
    return isThere
      ? await hash(source, path, options)
      : await copyAndHash(source, path, target, options)
  } finally {
    await source.close()
  }
}

/** The error of a store that cannot be written. */
export function storeError(folder: string, cause: unknown): JarcastError {
  const { code = String(cause) } = cause as NodeJS.ErrnoException
  return new JarcastError(
    'JAR_SERVER_FAILED',
    `libraries cannot be staged in ${folder} (${code}); make room there, or set TMPDIR`,
    { cause, details: { folder } },
  )
}

/**
 * Clones a file copy-on-write (btrfs, XFS, APFS); true if that worked. A hard link would be the
 * same file: a jar that is overwritten in place would then change the bytes of its old digest.
 */
async function clone(path: string, target: string): Promise<boolean> {
  try {
    await copyFile(path, target, constants.COPYFILE_FICLONE_FORCE)
    await chmod(target, 0o600)
    return true
  } catch {
    return false // not supported, or a fault of the library, which the copy will report
  }
}

async function pack(folder: string, target: string, options: CopyOptions): Promise<void> {
  const { signal, onPacked } = options
  try {
    onPacked(await packNpmPackage(folder, { target, signal }))
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof JarcastError) throw cause
    const { path, code } = cause as NodeJS.ErrnoException
    throw path === target || code === 'ENOSPC'
      ? storeError(target, cause)
      : libraryError(folder, cause)
  }
}

async function copyAndHash(
  source: FileHandle,
  path: string,
  target: string,
  options: CopyOptions,
): Promise<CopiedBytes> {
  const fail = (cause: unknown): never => {
    throw storeError(target, cause)
  }
  const copy = await open(target, 'wx', 0o600).catch(fail)
  try {
    return await hash(source, path, options, (chunk) => copy.writeFile(chunk).catch(fail))
  } finally {
    await copy.close()
  }
}

async function hash(
  source: FileHandle,
  path: string,
  { signal, onProgress }: CopyOptions,
  take?: (chunk: Buffer) => Promise<void>,
): Promise<CopiedBytes> {
  const sha256 = createHash('sha256')
  const buffer = Buffer.allocUnsafeSlow(readBytes)
  const fail = (cause: unknown): never => {
    throw libraryError(path, cause)
  }
  const { size } = await source.stat().catch(fail)
  let sizeBytes = 0
  for (;;) {
    signal?.throwIfAborted()
    const { bytesRead } = await source.read(buffer, 0, buffer.length).catch(fail)
    if (bytesRead === 0) break
    const chunk = buffer.subarray(0, bytesRead)
    sha256.update(chunk)
    await take?.(chunk)
    sizeBytes += bytesRead
    onProgress(sizeBytes, Math.max(size, sizeBytes))
  }
  if (sizeBytes !== size || size === 0) onProgress(sizeBytes, sizeBytes)
  return { sha256: sha256.digest('hex'), sizeBytes }
}
