/** Unpacks zip archives. Source: PKWARE APPNOTE.TXT 4.3; Info-ZIP, external attributes. */
import { mkdir, open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { decodeName, toSystemPath } from './archive-names.ts'
import { createPlaces } from './archive-places.ts'
import {
  corruptArchive,
  createMeter,
  fileMode,
  findLinkFault,
  findPathFault,
  toArchiveError,
} from './entry-rules.ts'
import type { ArchiveLimits, MakeRoom } from './entry-rules.ts'
import { failAt, placeLinks } from './place-links.ts'
import type { ArchiveLink } from './place-links.ts'
import { readZipDirectory } from './zip-directory.ts'
import type { ZipEntry } from './zip-directory.ts'
import { assertReadable, readZipEntry } from './zip-entry.ts'

type EntryKind = 'file' | 'folder' | 'link'

const typeBits = 0o170000
const kinds: Readonly<Record<number, EntryKind>> = {
  0o100000: 'file',
  0o040000: 'folder',
  0o120000: 'link',
}
const pipe = 0o010000
const maxTargetBytes = 1024

/** An entry, its path and its kind. */
interface Placed {
  readonly entry: ZipEntry
  readonly path: string
  readonly kind: EntryKind
}

/** As `unpackArchive`, for a zip archive. */
export async function unpackZip(
  path: string,
  folder: string,
  limits: ArchiveLimits,
  makeRoom: MakeRoom,
): Promise<void> {
  const archive = basename(path)
  const handle = await open(path, 'r')
  try {
    const placed = await inspect(archive, handle, limits)
    await makeRoom(placed.reduce((bytes, { entry }) => bytes + entry.sizeBytes, 0))
    const links: ArchiveLink[] = []
    for (const { entry, path: at, kind } of placed) {
      const target = join(folder, at)
      await mkdir(toSystemPath(kind === 'folder' ? target : dirname(target)), { recursive: true })
      if (kind === 'link') links.push(await readLink(handle, entry, at, archive))
      if (kind === 'file') await writeEntry(handle, entry, target).catch(failAt(archive, at))
    }
    await placeLinks(archive, folder, links)
  } catch (error) {
    throw toArchiveError(archive, error)
  } finally {
    await handle.close()
  }
}

async function inspect(
  archive: string,
  handle: FileHandle,
  limits: ArchiveLimits,
): Promise<readonly Placed[]> {
  const entries = await readZipDirectory(handle)
  const measure = createMeter((await handle.stat()).size, limits)
  const takePlace = createPlaces(limits.maxEntries)
  return entries.map((entry) => {
    const path = pathOf(entry)
    const kind = kindOf(entry, path)
    const fault =
      measure(entry.sizeBytes) ?? findPathFault(path) ?? takePlace(path, kind === 'folder')
    if (fault !== undefined) throw corruptArchive(archive, fault)
    if (kind === undefined)
      throw corruptArchive(archive, `neither a file, a folder nor a link: ${path}`)
    if (kind === 'folder' && entry.sizeBytes > 0)
      throw corruptArchive(archive, `a folder with content: ${path}`)
    if (kind !== 'folder') assertReadable(entry)
    return { entry, path, kind }
  })
}

/** As unzip: a backslash separates folders only in a name without slashes. */
function pathOf({ name, isFromDos }: ZipEntry): string {
  return isFromDos && !name.includes('/') ? name.replaceAll('\\', '/') : name
}

function kindOf(
  { unixMode, isDosFolder, sizeBytes }: ZipEntry,
  path: string,
): EntryKind | undefined {
  const type = unixMode & typeBits
  if (path.endsWith('/')) return type === 0 || kinds[type] === 'folder' ? 'folder' : undefined
  // zip marks content from its standard input as a pipe.
  if (type === pipe && sizeBytes > 0) return 'file'
  if (type !== 0) return kinds[type]
  return isDosFolder ? 'folder' : 'file'
}

async function readLink(
  handle: FileHandle,
  entry: ZipEntry,
  path: string,
  archive: string,
): Promise<ArchiveLink> {
  const chunks: Buffer[] = []
  for await (const chunk of readZipEntry(handle, entry, maxTargetBytes)) chunks.push(chunk)
  const target = decodeName(Buffer.concat(chunks))
  const fault = findLinkFault(path, target)
  if (fault !== undefined) throw corruptArchive(archive, fault)
  return { path, target, isHard: false }
}

/** Writes a new file. An existing one is an error: two entries with one path are ambiguous. */
async function writeEntry(handle: FileHandle, entry: ZipEntry, target: string): Promise<void> {
  const file = await open(toSystemPath(target), 'wx', fileMode(entry.unixMode))
  try {
    for await (const chunk of readZipEntry(handle, entry, Infinity)) await file.writeFile(chunk)
  } finally {
    await file.close()
  }
}
