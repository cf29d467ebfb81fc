/** Unpacks tar archives, plain or gzipped: all is looked at, then files and folders are written, then links made. */
import { stat } from 'node:fs/promises'
import { basename, posix } from 'node:path'
import type { ReadEntry } from 'tar'
import {
  corruptArchive,
  createMeter,
  findLinkFault,
  findPathFault,
  toArchiveError,
} from './entry-rules.ts'
import type { ArchiveLimits, MakeRoom } from './entry-rules.ts'
import { placeLinks } from './place-links.ts'
import type { ArchiveLink } from './place-links.ts'
import { readTar } from './read-tar.ts'
import { isFileEntry, writeTarEntries } from './write-tar.ts'

/** As `unpackArchive`, of a tar archive. */
export async function unpackTar(
  path: string,
  folder: string,
  limits: ArchiveLimits,
  makeRoom: MakeRoom,
): Promise<void> {
  const archive = basename(path)
  try {
    const { links, sizeBytes } = await inspect(path, limits)
    await makeRoom(sizeBytes)
    await writeTarEntries(path, folder, limits, (entry) => entry.path)
    await placeLinks(archive, folder, links)
  } catch (error) {
    throw toArchiveError(archive, error)
  }
}

async function inspect(
  path: string,
  limits: ArchiveLimits,
): Promise<{ readonly links: readonly ArchiveLink[]; readonly sizeBytes: number }> {
  const measure = createMeter((await stat(path)).size, limits)
  const links: ArchiveLink[] = []
  const paths = new Set<string>()
  let sizeBytes = 0
  await readTar(path, limits, (entry) => {
    sizeBytes += entry.size
    const fault =
      measure(entry.size) ??
      findPathFault(entry.path) ??
      findSecond(entry, paths) ??
      findKindFault(entry, links)
    if (fault !== undefined) throw corruptArchive(basename(path), fault)
  })
  return { links, sizeBytes }
}

/** Folders are often there twice; of two files either could be meant. */
function findSecond({ path, type }: ReadEntry, paths: Set<string>): string | undefined {
  const normal = posix.normalize(path)
  if (type !== 'Directory' && paths.has(normal)) return `two entries at ${path}`
  paths.add(normal)
  return undefined
}

function findKindFault(entry: ReadEntry, links: ArchiveLink[]): string | undefined {
  const { path, type, linkpath: target = '' } = entry
  if (isFileEntry(entry) || type === 'Directory') return undefined
  const isHard = type === 'Link'
  if (!isHard && type !== 'SymbolicLink') return `neither a file, a folder nor a link: ${path}`
  links.push({ path, target, isHard })
  return isHard ? findPathFault(target) : findLinkFault(path, target)
}
