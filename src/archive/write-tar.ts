/** Puts the entries of an archive, which were checked before, into a folder. */
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ReadEntry } from 'tar'
import { fileMode } from './entry-rules.ts'
import type { ArchiveLimits } from './entry-rules.ts'
import { readTar } from './read-tar.ts'

const files: readonly string[] = ['File', 'OldFile', 'ContiguousFile']

export function isFileEntry({ type }: ReadEntry): boolean {
  return files.includes(type)
}

/**
 * Writes files and folders of a tar archive, and nothing else of it. `pathOf` gives where an entry goes
 * below `folder`; undefined for one that is left out. Of two files at one path the later one stays.
 * Without the thread pool, which takes several times as long for small files.
 * Throws as `readTar`.
 */
export async function writeTarEntries(
  archive: string,
  folder: string,
  limits: ArchiveLimits,
  pathOf: (entry: ReadEntry) => string | undefined,
): Promise<void> {
  const made = new Set<string>()
  let open: number | undefined

  function makeFolder(path: string): void {
    if (made.has(path)) return
    mkdirSync(path, { recursive: true, mode: 0o755 })
    made.add(path)
  }

  try {
    await readTar(archive, limits, (entry) => {
      const path = pathOf(entry)
      if (path === undefined) return
      const target = join(folder, path)
      if (entry.type === 'Directory') return makeFolder(target)
      if (!isFileEntry(entry)) return
      makeFolder(dirname(target))
      const file = (open = replaceFile(target, fileMode(entry.mode ?? 0)))
      entry.on('data', (chunk) => writeAllSync(file, chunk))
      entry.on('end', () => {
        open = undefined
        closeSync(file)
      })
    })
  } finally {
    if (open !== undefined) closeSync(open)
  }
}

/** Some have a file twice, and the first one is read-only by then. */
function replaceFile(target: string, mode: number): number {
  try {
    return openSync(target, 'wx', mode)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    rmSync(target)
    return openSync(target, 'wx', mode)
  }
}

function writeAllSync(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;)
    written += writeSync(file, bytes, written, bytes.length - written)
}
