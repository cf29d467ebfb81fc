/** Archives of libraries: tar, plain or gzipped, and zip, told apart by their first bytes. */
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { corruptArchive } from './entry-rules.ts'
import type { ArchiveLimits, MakeRoom } from './entry-rules.ts'
import { readBytes } from './read-bytes.ts'
import { unpackTar } from './unpack-tar.ts'
import { unpackZip } from './unpack-zip.ts'

const magicBytes = 512

/**
 * Unpacks into `folder`, an empty one. Files are read-only, executable where the archive says so; owners, setuid and other
 * rights are not taken over. Links may lead to what is inside of the folder only. Everything that is
 * decompressed is metered. `makeRoom` is told how many bytes the files have before the first is written.
 * Throws `LIBRARY_CORRUPT` for what is no archive or beyond the limits, is encrypted, or holds a path or link out of its
 * folder or anything but files, folders and links; errors of this machine's disk as they are. What was unpacked until then is the caller's to remove.
 */
export async function unpackArchive(
  path: string,
  folder: string,
  limits: ArchiveLimits = {},
  makeRoom: MakeRoom = async () => undefined,
): Promise<void> {
  const format = await findFormat(path)
  if (format === undefined) {
    throw corruptArchive(basename(path), 'is neither tar, gzipped tar nor zip')
  }
  await (format === 'zip' ? unpackZip : unpackTar)(path, folder, limits, makeRoom)
}

/** What the file looks like; undefined when it is none of these. Only unpacking tells. */
export async function findFormat(path: string): Promise<'tar' | 'zip' | undefined> {
  const handle = await open(path, 'r')
  try {
    const bytes = await readBytes(handle, 0, magicBytes)
    if (/^PK(?:\u0003\u0004|\u0005\u0006)/.test(bytes.toString('latin1', 0, 4))) return 'zip'
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'tar'
    return bytes.toString('latin1', 257, 262) === 'ustar' ? 'tar' : undefined
  } finally {
    await handle.close()
  }
}
