/** Unpacks archives: tar, plain or gzipped, and zip. Their first bytes show which. */
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { corruptArchive } from './entry-rules.ts'
import type { ArchiveLimits, MakeRoom } from './entry-rules.ts'
import { readBytes } from './read-bytes.ts'
import { blockBytes, hasRightChecksum, isZeroBlock } from './tar-header.ts'
import { unpackTar } from './unpack-tar.ts'
import { unpackZip } from './unpack-zip.ts'
import { hasZipDirectory } from './zip-directory.ts'

export type ArchiveFormat =
  | { readonly format: 'tar' | 'zip' }
  /** `fault` completes a sentence that starts with the name of the file. */
  | { readonly format: undefined; readonly fault: string }

// "PK00" marks an archive that was to be split, but has only one part.
const zipStart = /^PK(?:\u0003\u0004|\u0005\u0006|(?:00|\u0007\u0008)PK\u0003\u0004)/
const others: readonly (readonly [RegExp, string])[] = [
  [/^\u00fd7zXZ\0/, 'is compressed by xz'],
  [/^BZh[1-9]/, 'is compressed by bzip2'],
  [/^\u0028\u00b5\u002f\u00fd/, 'is compressed by Zstandard'],
  [/^\u0004"M\u0018/, 'is compressed by lz4'],
  [/^LZIP/, 'is compressed by lzip'],
  [/^\u005d\0\0/, 'is compressed by LZMA'],
  [/^\u001f[\u009d\u00a0]/, 'is compressed by compress (.Z)'],
  [/^7z\u00bc\u00af\u0027\u001c/, 'is a 7z archive'],
  [/^Rar!/, 'is a RAR archive'],
  [/^(?:07070[127]|\u00c7\u0071)/, 'is a cpio archive'],
  [/^!<arch>/, 'is an ar archive'],
]

/**
 * Unpacks into `folder`, which is empty. Files are read-only, and executable as in the archive;
 * owners and other permissions are ignored. Links must lead to paths inside the folder. The limits
 * count all decompressed bytes. `makeRoom` is called with the size of all files before the first
 * one is written.
 * Throws `LIBRARY_CORRUPT` for a file that is not an archive, exceeds the limits, is encrypted, has
 * two entries at one path, has a path or link out of its folder, or has other entries than files,
 * folders and links; errors of this host's disk unchanged. Then the caller removes the folder.
 */
export async function unpackArchive(
  path: string,
  folder: string,
  limits: ArchiveLimits = {},
  makeRoom: MakeRoom = async () => undefined,
): Promise<void> {
  const found = await findFormat(path)
  if (found.format === undefined) throw corruptArchive(basename(path), found.fault)
  await (found.format === 'zip' ? unpackZip : unpackTar)(path, folder, limits, makeRoom)
}

/** Finds the format from the first bytes. The rest may still be invalid. */
export async function findFormat(path: string): Promise<ArchiveFormat> {
  const handle = await open(path, 'r')
  try {
    const bytes = await readBytes(handle, 0, blockBytes)
    const start = bytes.toString('latin1')
    if (zipStart.test(start)) return { format: 'zip' }
    if (bytes.length === 0) return { format: undefined, fault: 'is empty' }
    if (start.startsWith('\u001f\u008b') || isTarStart(bytes)) return { format: 'tar' }
    const other = others.find(([pattern]) => pattern.test(start))
    if (other !== undefined) return { format: undefined, fault: other[1] }
    // A self-extracting archive starts with a program.
    if (await hasZipDirectory(handle)) return { format: 'zip' }
    return { format: undefined, fault: 'is neither tar, gzipped tar nor zip' }
  } finally {
    await handle.close()
  }
}

/** True for a header, also of before `ustar`, and for the zeros of an archive without entries. */
function isTarStart(block: Buffer): boolean {
  if (block.length < blockBytes) return false
  return (
    block.toString('latin1', 257, 262) === 'ustar' || isZeroBlock(block) || hasRightChecksum(block)
  )
}
