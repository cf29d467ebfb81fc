/** Unpacks tar archives, plain or gzipped, with `tar`: it is given files and folders only, after all was looked at. */
import { stat } from 'node:fs/promises'
import { basename, posix } from 'node:path'
import { extract } from 'tar'
import type { ReadEntry } from 'tar'
import { JarcastError } from '../errors.ts'
import {
  corruptArchive,
  createMeter,
  fileMode,
  findLinkFault,
  findPathFault,
} from './entry-rules.ts'
import type { ArchiveLimits } from './entry-rules.ts'
import { inspectTar } from './inspect-tar.ts'
import { placeLinks } from './place-links.ts'
import type { ArchiveLink } from './place-links.ts'

const files: readonly string[] = ['File', 'OldFile', 'ContiguousFile']

/** As `unpackArchive`, of a tar archive. */
export async function unpackTar(
  path: string,
  folder: string,
  limits: ArchiveLimits,
): Promise<void> {
  const archive = basename(path)
  try {
    const links = await inspect(path, limits)
    await extract({
      file: path,
      cwd: folder,
      strict: true,
      preserveOwner: false,
      filter: (_, entry) => prepareEntry(entry as ReadEntry),
    })
    await placeLinks(archive, folder, links)
  } catch (error) {
    if (error instanceof JarcastError) throw error
    throw corruptArchive(archive, (error as Error).message, error)
  }
}

/** Gives its links. */
async function inspect(path: string, limits: ArchiveLimits): Promise<readonly ArchiveLink[]> {
  const measure = createMeter((await stat(path)).size, limits)
  const links: ArchiveLink[] = []
  const paths = new Set<string>()
  await inspectTar(
    path,
    (entry) =>
      measure(entry.size) ??
      findPathFault(entry.path) ??
      findSecond(entry, paths) ??
      findKindFault(entry, links),
  )
  return links
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
  if (files.includes(type) || type === 'Directory') return undefined
  const isHard = type === 'Link'
  if (!isHard && type !== 'SymbolicLink') return `neither a file, a folder nor a link: ${path}`
  links.push({ path, target, isHard })
  return isHard ? findPathFault(target) : findLinkFault(path, target)
}

function prepareEntry(entry: ReadEntry): boolean {
  if (entry.type === 'Directory') entry.mode = 0o755
  else if (files.includes(entry.type)) entry.mode = fileMode(entry.mode ?? 0)
  else return false
  return true
}
