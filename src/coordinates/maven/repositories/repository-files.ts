/**
 * Files of repositories, brought onto this machine: from the cache, from Maven's own downloads, from
 * the network. Concurrent requests for one file share one download.
 */
import { copyFile, readFile } from 'node:fs/promises'
import { JarcastError } from '../../../errors.ts'
import { toFileError } from '../../../file-error.ts'
import type { ChecksumAlgorithm } from '../../http/checksums.ts'
import { packageCache } from '../../http/file-cache.ts'
import type { FileCache } from '../../http/file-cache.ts'
import type { HttpClient } from '../../http/http-client.ts'
import { decodeXml } from '../../xml/decode-xml.ts'
import { CheckedLibraries, digestLibrary } from './checked-libraries.ts'
import type { CheckedLibrary } from './checked-libraries.ts'
import type { FindLocal } from './local-repository.ts'
import type { Repository } from './repositories.ts'
import { download } from './download.ts'
import type { DownloadProgress } from './download.ts'

export interface RepositoryFilesOptions {
  readonly client: HttpClient
  readonly cache: FileCache
  readonly findLocal: FindLocal
  readonly isOffline: boolean
  /** Asks again for snapshots, lists of versions and files that were absent. */
  readonly isUpdate: boolean
}

/** `metadata` changes in a repository; `pom` and `library` never do. */
type FileKind = 'metadata' | 'pom' | 'library'

export interface LibraryFile extends CheckedLibrary {
  readonly file: string
}

const dayMs = 24 * 60 * 60 * 1000
const maxTextBytes = 8 * 1024 * 1024
const maxLibraryBytes = 2 * 1024 * 1024 * 1024
// A checksum shows damage in transit only: a registry that changes a file can change its checksum.
// A closure has hundreds of POMs, so the checksum that every repository has comes first.
const textChecksums: readonly ChecksumAlgorithm[] = ['sha1', 'sha256', 'sha512', 'md5']
/** Strongest first. */
const libraryChecksums: readonly ChecksumAlgorithm[] = ['sha512', 'sha256', 'sha1', 'md5']

/** Errors: those of the client, the cache and `download`. */
export class RepositoryFiles {
  readonly #options: RepositoryFilesOptions
  readonly #maxAgeMs: number
  /** By repository, path and kind. */
  readonly #fetches = new Map<string, Promise<boolean>>()
  readonly #checked: CheckedLibraries
  /** Algorithm of the last library's checksum, by repository; requested first. */
  readonly #lastChecksums = new Map<string, ChecksumAlgorithm>()

  constructor(options: RepositoryFilesOptions) {
    this.#options = options
    this.#maxAgeMs = options.isUpdate && !options.isOffline ? 0 : dayMs
    this.#checked = new CheckedLibraries(options.cache)
  }

  /**
   * Undefined when the repository has no such file. Rejects with `PACKAGE_INVALID` when the
   * encoding is unknown.
   */
  async readText(
    repository: Repository,
    path: string,
    kind: 'metadata' | 'pom',
  ): Promise<string | undefined> {
    if (!(await this.#fetch(repository, path, kind))) return undefined
    const file = this.#options.cache.pathOf(repository.cacheKey, path)
    const bytes = await readFile(file).catch((error: unknown) => {
      throw toFileError(error, packageCache)
    })
    return decodeXml(bytes, path)
  }

  /** Undefined when the repository has no such file. */
  async fetchLibrary(
    repository: Repository,
    path: string,
    onProgress?: DownloadProgress,
  ): Promise<LibraryFile | undefined> {
    const isThere = await this.#fetch(repository, path, 'library', onProgress)
    const library = this.#checked.find(repository, path)
    if (!isThere || library === undefined) return undefined
    return { ...library, file: this.#options.cache.pathOf(repository.cacheKey, path) }
  }

  /** True when the file is in the cache now, false when the repository has none. */
  #fetch(
    repository: Repository,
    path: string,
    kind: FileKind,
    onProgress?: DownloadProgress,
  ): Promise<boolean> {
    const key = `${repository.cacheKey} ${path} ${kind}`
    const known = this.#fetches.get(key)
    if (known !== undefined) return known
    const fetching = this.#fetchOnce(repository, path, kind, onProgress)
    this.#fetches.set(key, fetching)
    return fetching
  }

  async #fetchOnce(
    repository: Repository,
    path: string,
    kind: FileKind,
    onProgress?: DownloadProgress,
  ): Promise<boolean> {
    const { cache, findLocal, isOffline } = this.#options
    const { id, cacheKey } = repository
    const isChanging = kind === 'metadata'
    const maxAgeMs = isChanging && !isOffline ? this.#maxAgeMs : Number.POSITIVE_INFINITY
    const isCached = await cache.has(cacheKey, path, maxAgeMs)
    const mayBeDamaged = kind === 'library'
    if (isCached && (!mayBeDamaged || (await this.#checked.isIntact(repository, path)))) return true
    const local = isChanging ? undefined : await findLocal(id, path)
    if (local !== undefined) {
      await this.#copy(local, repository, path, kind)
      return true
    }
    if (isOffline && isCached) throw damaged(cache.pathOf(cacheKey, path), id, path)
    if (isOffline || (await cache.isAbsent(cacheKey, path, this.#maxAgeMs))) return false
    return await this.#download(repository, path, kind, onProgress)
  }

  async #copy(local: string, repository: Repository, path: string, kind: FileKind): Promise<void> {
    await this.#options.cache.put(repository.cacheKey, path, async (temporary) => {
      await copyFile(local, temporary)
      if (kind !== 'library') return
      // Files of the local repository have matched their checksum.
      await this.#checked.keep(repository, path, await digestLibrary(temporary, true))
    })
  }

  async #download(
    repository: Repository,
    path: string,
    kind: FileKind,
    onProgress?: DownloadProgress,
  ): Promise<boolean> {
    const { client, cache } = this.#options
    const isLibrary = kind === 'library'
    try {
      await cache.put(repository.cacheKey, path, async (temporary) => {
        const found = await download(client, repository, path, temporary, {
          maxBytes: isLibrary ? maxLibraryBytes : maxTextBytes,
          algorithms: isLibrary ? this.#checksumsOf(repository) : textChecksums,
          onProgress,
        })
        if (found === undefined) throw absent
        if (!isLibrary) return
        const { checkedBy, sha256, sizeBytes } = found
        const hasChecksum = checkedBy !== undefined
        if (hasChecksum) this.#lastChecksums.set(repository.cacheKey, checkedBy)
        await this.#checked.keep(repository, path, { sha256, sizeBytes, hasChecksum })
      })
      return true
    } catch (error) {
      if (error !== absent) throw error
      await cache.markAbsent(repository.cacheKey, path)
      return false
    }
  }

  #checksumsOf({ cacheKey }: Repository): readonly ChecksumAlgorithm[] {
    const last = this.#lastChecksums.get(cacheKey)
    return last === undefined ? libraryChecksums : [...new Set([last, ...libraryChecksums])]
  }
}

function damaged(file: string, repositoryId: string, path: string): JarcastError {
  const message = `${file} differs from the file of repository ${repositoryId}, and this is offline; resolve it once without --offline`
  return new JarcastError('PACKAGE_CORRUPT', message, { details: { source: path } })
}

// Ends a `put` without a file; caught above.
const absent = new Error('the repository has no such file')
