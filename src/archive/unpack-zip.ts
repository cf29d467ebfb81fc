/** Unpacks zip archives. Source: PKWARE APPNOTE.TXT 4.3; Info-ZIP, external attributes. */
import { mkdir, open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import {
  corruptArchive,
  createMeter,
  fileMode,
  findLinkFault,
  findPathFault,
  toArchiveError,
} from './entry-rules.ts'
import type { ArchiveLimits, MakeRoom } from './entry-rules.ts'
import { placeLinks } from './place-links.ts'
import type { ArchiveLink } from './place-links.ts'
import { readZipDirectory } from './zip-directory.ts'
import type { ZipEntry } from './zip-directory.ts'
import { readZipEntry } from './zip-entry.ts'

type EntryKind = 'file' | 'folder' | 'link'

const typeBits = 0o170000
const kinds: Readonly<Record<number, EntryKind>> = {
  0o100000: 'file',
  0o040000: 'folder',
  0o120000: 'link',
}
const maxTargetBytes = 1024

/** As `unpackArchive`, of a zip archive. Names are taken for UTF-8. */
export async function unpackZip(
  path: string,
  folder: string,
  limits: ArchiveLimits,
  makeRoom: MakeRoom,
): Promise<void> {
  const archive = basename(path)
  const handle = await open(path, 'r')
  try {
    const entries = await readZipDirectory(handle)
    const measure = createMeter((await handle.stat()).size, limits)
    for (const entry of entries) {
      const fault = measure(entry.sizeBytes) ?? findPathFault(entry.name) ?? findKindFault(entry)
      if (fault !== undefined) throw corruptArchive(archive, fault)
    }
    await makeRoom(entries.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0))
    const links: ArchiveLink[] = []
    for (const entry of entries) {
      const target = join(folder, entry.name)
      const kind = kindOf(entry)
      await mkdir(kind === 'folder' ? target : dirname(target), { recursive: true })
      if (kind === 'link') links.push(await readLink(handle, entry, archive))
      if (kind === 'file') await writeEntry(handle, entry, target)
    }
    await placeLinks(archive, folder, links)
  } catch (error) {
    throw toArchiveError(archive, error)
  } finally {
    await handle.close()
  }
}

function findKindFault(entry: ZipEntry): string | undefined {
  return kindOf(entry) === undefined
    ? `neither a file, a folder nor a link: ${entry.name}`
    : undefined
}

function kindOf({ name, unixMode }: ZipEntry): EntryKind | undefined {
  const type = unixMode & typeBits
  if (name.endsWith('/')) return type === 0 || kinds[type] === 'folder' ? 'folder' : undefined
  return type === 0 ? 'file' : kinds[type]
}

async function readLink(
  handle: FileHandle,
  entry: ZipEntry,
  archive: string,
): Promise<ArchiveLink> {
  const chunks: Buffer[] = []
  for await (const chunk of readZipEntry(handle, entry, maxTargetBytes)) chunks.push(chunk)
  const target = Buffer.concat(chunks).toString('utf8')
  const fault = findLinkFault(entry.name, target)
  if (fault !== undefined) throw corruptArchive(archive, fault)
  return { path: entry.name, target, isHard: false }
}

/** Only ever a new file: of two entries of one name, either could be meant. */
async function writeEntry(handle: FileHandle, entry: ZipEntry, target: string): Promise<void> {
  const file = await open(target, 'wx', fileMode(entry.unixMode))
  try {
    for await (const chunk of readZipEntry(handle, entry, Infinity)) await file.writeFile(chunk)
  } finally {
    await file.close()
  }
}
