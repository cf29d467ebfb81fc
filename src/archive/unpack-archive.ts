/** Archives of libraries: tar, plain or gzipped, and zip, told apart by their bytes. */
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
  /** `fault` is why it cannot be unpacked, to follow the name of the file. */
  | { readonly format: undefined; readonly fault: string }

// "PK00" is the mark of a split archive that has one part after all.
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
 * Unpacks into `folder`, an empty one. Files are read-only, executable where the archive says so;
 * owners, setuid and other rights are not taken over. Links may lead to what is inside of the
 * folder only. Everything that is decompressed is metered. `makeRoom` is told how many bytes the
 * files have before the first is written.
 * Throws `LIBRARY_CORRUPT` for what is no archive or beyond the limits, is encrypted, has two
 * entries at one place, or holds a path or link out of its folder or anything but files, folders
 * and links; errors of this machine's disk as they are. What was unpacked until then is the
 * caller's to remove.
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

/** What the file looks like. Only unpacking tells whether all of it is that. */
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
    // A program that unpacks itself.
    if (await hasZipDirectory(handle)) return { format: 'zip' }
    return { format: undefined, fault: 'is neither tar, gzipped tar nor zip' }
  } finally {
    await handle.close()
  }
}

/** Those from before `ustar` have a checksum only, and those of no entries are zeros. */
function isTarStart(block: Buffer): boolean {
  if (block.length < blockBytes) return false
  return (
    block.toString('latin1', 257, 262) === 'ustar' || isZeroBlock(block) || hasRightChecksum(block)
  )
}
