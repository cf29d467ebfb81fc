/** Writes the entries of an archive, which the caller has checked, to a folder. */
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { toSystemPath } from './archive-names.ts'
import { fileMode } from './entry-rules.ts'
import type { ArchiveLimits } from './entry-rules.ts'
import { readTar } from './read-tar.ts'
import type { TarEntry } from './tar-entry.ts'

/** Opens a new file, and returns its descriptor. */
export type MakeFile = (target: string, mode: number, entry: TarEntry) => number

/**
 * Writes files and folders of a tar archive, but not its links. `pathOf` returns the path of an
 * entry below `folder`, or undefined to skip it. If two files have one path, the later one stays,
 * unless `makeFile` throws. Throws as `readTar`.
 * Synchronous: the thread pool takes several times as long for small files.
 */
export async function writeTarEntries(
  archive: string,
  folder: string,
  limits: ArchiveLimits,
  pathOf: (entry: TarEntry) => string | undefined,
  makeFile: MakeFile = replaceFile,
): Promise<void> {
  const made = new Set<string>()
  let open: number | undefined

  function makeFolder(path: string): void {
    if (made.has(path)) return
    mkdirSync(toSystemPath(path), { recursive: true, mode: 0o755 })
    made.add(path)
  }

  try {
    await readTar(archive, limits, (entry) => {
      const path = pathOf(entry)
      if (path === undefined) return undefined
      const target = join(folder, path)
      if (entry.kind === 'folder') makeFolder(target)
      if (entry.kind !== 'file') return undefined
      makeFolder(dirname(target))
      const file = (open = makeFile(target, fileMode(entry.mode), entry))
      let end = 0
      return {
        write(bytes, position) {
          writeAllSync(file, bytes, position)
          end = position + bytes.length
        },
        end() {
          if (end < entry.sizeBytes) ftruncateSync(file, entry.sizeBytes)
          open = undefined
          closeSync(file)
        },
      }
    })
  } finally {
    if (open !== undefined) closeSync(open)
  }
}

/** Opens a new file. Throws the system's error if it exists. */
export function makeNewFile(target: string, mode: number): number {
  return openSync(toSystemPath(target), 'wx', mode)
}

/** Replaces an earlier file of the same path, which is read-only. */
function replaceFile(target: string, mode: number): number {
  try {
    return makeNewFile(target, mode)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    rmSync(toSystemPath(target))
    return makeNewFile(target, mode)
  }
}

function writeAllSync(file: number, bytes: Buffer, position: number): void {
  for (let written = 0; written < bytes.length;)
    written += writeSync(file, bytes, written, bytes.length - written, position + written)
}
