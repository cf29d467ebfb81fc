/**
 * Files of repositories on this machine's disk, so that they are fetched once: one folder per
 * repository, laid out as the repository is. Files appear by rename, so several processes of one
 * user may share it. Nobody else can read it: packages may be private.
 */
import { randomBytes } from 'node:crypto'
import { chmod, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { toFileError } from '../../errors.ts'
import { makeFolders, makePrivateFolder, privateFileMode } from '../../leases/private-files.ts'

/** Name of the cache in errors. */
export const packageCache = 'the cache of packages'

/**
 * Errors, of all but `pathOf`: `DISK_FULL` and `FILE_UNUSABLE`; a cache that cannot be read is not
 * one that lacks a file.
 */
export interface FileCache {
  /** Where the file is, or would be. */
  pathOf(repository: string, path: string): string
  /** True when the file is there and, with `maxAgeMs`, not older than that. */
  has(repository: string, path: string, maxAgeMs?: number): Promise<boolean>
  /** Undefined when it is not there. */
  read(repository: string, path: string): Promise<Buffer | undefined>
  /** True when the repository said within `maxAgeMs` that it has no such file. */
  isAbsent(repository: string, path: string, maxAgeMs: number): Promise<boolean>
  markAbsent(repository: string, path: string): Promise<void>
  /** Has `write` make the file under a temporary name, then puts it in place. */
  put(repository: string, path: string, write: (temporary: string) => Promise<void>): Promise<void>
}

/** `$XDG_CACHE_HOME/jarcast`, by default `~/.cache/jarcast`. */
export function defaultCacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment['XDG_CACHE_HOME']
  return join(base?.startsWith('/') === true ? base : join(homedir(), '.cache'), 'jarcast')
}

/**
 * The folder is made once there is something to put into it. `repository` is a folder name, `path`
 * of slashes.
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
    // A time in the future comes from a wrong clock, so the age is unknown.
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
