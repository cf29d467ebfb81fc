/**
 * Files of repositories on this machine's disk: one folder per repository, with the repository's
 * own layout. Files appear by rename, so several processes of one user may share the cache. Other
 * users cannot read it: packages may be private.
 */
import { randomBytes } from 'node:crypto'
import { chmod, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { toFileError } from '../../file-error.ts'
import { makeFolders, makePrivateFolder, privateFileMode } from '../../leases/private-files.ts'

/** Name of the cache in errors. */
export const packageCache = 'the cache of packages'

/** Errors of all methods but `pathOf`: `DISK_FULL`, `FILE_UNUSABLE`. */
export interface FileCache {
  /** Path of the file, which need not exist. */
  pathOf(repository: string, path: string): string
  /** True when the file exists and, with `maxAgeMs`, is not older. */
  has(repository: string, path: string, maxAgeMs?: number): Promise<boolean>
  /** Undefined when the file does not exist. */
  read(repository: string, path: string): Promise<Buffer | undefined>
  /** True when `markAbsent` was called within `maxAgeMs`. */
  isAbsent(repository: string, path: string, maxAgeMs: number): Promise<boolean>
  /** Records that the repository has no such file. */
  markAbsent(repository: string, path: string): Promise<void>
  /** Calls `write` to create a temporary file, then renames it. */
  put(repository: string, path: string, write: (temporary: string) => Promise<void>): Promise<void>
}

/** `$XDG_CACHE_HOME/jarcast`, by default `~/.cache/jarcast`. */
export function defaultCacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment['XDG_CACHE_HOME']
  return join(base?.startsWith('/') === true ? base : join(homedir(), '.cache'), 'jarcast')
}

/**
 * Creates the folder at the first `put`. A `repository` is a folder name; a `path` is relative,
 * with slashes.
 */
export function createFileCache(folder: string): FileCache {
  const made = new Set<string>()
  const absentMark = (repository: string, path: string): string =>
    `${pathOf(repository, path)}.absent`

  function pathOf(repository: string, path: string): string {
    return join(folder, repository, ...path.split('/'))
  }

  async function isYoung(path: string, maxAgeMs: number): Promise<boolean> {
    const found = await stat(path).catch(ifAbsent)
    // A time in the future comes from a wrong clock: the age is unknown.
    return found?.isFile() === true && Math.abs(Date.now() - found.mtimeMs) <= maxAgeMs
  }

  async function put(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
    const temporary = `${path}.${process.pid}.${randomBytes(6).toString('hex')}.part`
    const parent = dirname(path)
    try {
      if (made.size === 0) makePrivateFolder(folder)
      if (!made.has(parent)) makeFolders(parent)
      made.add(parent)
      await write(temporary)
      await chmod(temporary, privateFileMode)
      await rename(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined)
      throw toFileError(error, packageCache)
    }
  }

  return {
    pathOf,
    has: (repository, path, maxAgeMs = Number.POSITIVE_INFINITY) =>
      isYoung(pathOf(repository, path), maxAgeMs),
    read: (repository, path) => readFile(pathOf(repository, path)).catch(ifAbsent),
    isAbsent: (repository, path, maxAgeMs) => isYoung(absentMark(repository, path), maxAgeMs),
    markAbsent: (repository, path) =>
      put(absentMark(repository, path), (temporary) => writeFile(temporary, '')),
    put: (repository, path, write) => put(pathOf(repository, path), write),
  }
}

function ifAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
  throw toFileError(error, packageCache)
}
