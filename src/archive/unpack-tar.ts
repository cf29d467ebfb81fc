/**
 * Unpacks tar archives, plain or gzipped: checks all entries, then writes files and folders, then
 * makes the links.
 */
import { stat } from 'node:fs/promises'
import { basename, posix } from 'node:path'
import { createPlaces } from './archive-places.ts'
import {
  corruptArchive,
  createMeter,
  findLinkFault,
  findPathFault,
  toArchiveError,
} from './entry-rules.ts'
import type { ArchiveLimits, MakeRoom } from './entry-rules.ts'
import { failAt, placeLinks } from './place-links.ts'
import type { ArchiveLink } from './place-links.ts'
import { readTar } from './read-tar.ts'
import type { TarEntry } from './tar-entry.ts'
import { makeNewFile, writeTarEntries } from './write-tar.ts'

/** As `unpackArchive`, for a tar archive. */
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
    await writeTarEntries(path, folder, limits, (entry) => entry.path, makeOnlyFile)
    await placeLinks(archive, folder, links)
  } catch (error) {
    throw toArchiveError(archive, error)
  }

  function makeOnlyFile(target: string, mode: number, entry: TarEntry): number {
    try {
      return makeNewFile(target, mode)
    } catch (error) {
      return failAt(archive, entry.path)(error)
    }
  }
}

async function inspect(
  path: string,
  limits: ArchiveLimits,
): Promise<{ readonly links: readonly ArchiveLink[]; readonly sizeBytes: number }> {
  const measure = createMeter((await stat(path)).size, limits)
  const takePlace = createPlaces(limits.maxEntries)
  const links: ArchiveLink[] = []
  const targets = new Map<string, string>()
  let sizeBytes = 0

  /** A hard link to a symbolic link becomes a symbolic link with the same text. */
  function findLinkOf(entry: TarEntry): ArchiveLink {
    const { path: at, target, kind } = entry
    const text = kind === 'hard link' ? targets.get(posix.normalize(target)) : target
    if (text !== undefined) targets.set(posix.normalize(at), text)
    return text === undefined
      ? { path: at, target, isHard: true }
      : { path: at, target: text, isHard: false }
  }

  function findKindFault(entry: TarEntry): string | undefined {
    if (entry.kind === 'file' || entry.kind === 'folder') return undefined
    if (entry.kind === 'device') return `neither a file, a folder nor a link: ${entry.path}`
    const found = findLinkOf(entry)
    links.push(found)
    return found.isHard ? findPathFault(found.target) : findLinkFault(found.path, found.target)
  }

  await readTar(path, limits, (entry) => {
    sizeBytes += entry.sizeBytes
    const fault =
      measure(entry.sizeBytes) ??
      findPathFault(entry.path) ??
      takePlace(entry.path, entry.kind === 'folder') ??
      findKindFault(entry)
    if (fault !== undefined) throw corruptArchive(basename(path), fault)
    return undefined
  })
  return { links, sizeBytes }
}
