/**
 * The agent's cache of URIs with `cache`, by user and URI, never refreshed. Concurrent fetches
 * share one download. Above the limit, the least recently used files are removed, unless they are
 * being copied.
 * Source: apache/mesos docs/fetcher-cache-internals.md.
 */
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolders } from '../../../leases/private-files.ts'

export interface CachedFile {
  readonly path: string
  /** Call it after the copy: the file may then be removed. */
  release(): void
}

export interface CacheSource {
  /** Size in bytes, before the download; undefined if unknown. */
  readonly size: () => Promise<number | undefined>
  readonly fill: (file: string) => Promise<void>
}

interface Entry {
  readonly file: Promise<string | undefined>
  sizeBytes: number
  users: number
}

/** Mesos' default for --fetcher_cache_size. */
const maxCacheBytes = 2 * 1024 ** 3

export class FetcherCache {
  readonly #directory: string
  /** In order of use. */
  readonly #entries = new Map<string, Entry>()
  #serial = 0

  constructor(directory: string) {
    this.#directory = directory
  }

  /**
   * Undefined if the file cannot be cached. Rejects if the download fails; the next call retries.
   */
  async take(key: string, name: string, source: CacheSource): Promise<CachedFile | undefined> {
    const entry = this.#entries.get(key) ?? this.#begin(name, source)
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    entry.users += 1
    let path: string | undefined
    try {
      path = await entry.file
      return path === undefined ? undefined : { path, release: () => release(entry) }
    } finally {
      if (path === undefined) {
        if (this.#entries.get(key) === entry) this.#entries.delete(key)
        release(entry)
      }
    }
  }

  #begin(name: string, source: CacheSource): Entry {
    const entry: Entry = {
      file: Promise.resolve().then(() => this.#fill(entry, name, source)),
      sizeBytes: 0,
      users: 0,
    }
    return entry
  }

  async #fill(entry: Entry, name: string, source: CacheSource): Promise<string | undefined> {
    const sizeBytes = await source.size()
    if (sizeBytes === undefined || !(await this.#makeRoom(sizeBytes))) return undefined
    entry.sizeBytes = sizeBytes
    this.#serial += 1
    makeFolders(this.#directory)
    // Keeps the extension: it decides whether the file is unpacked.
    const file = join(this.#directory, `c${this.#serial}-${name.slice(-40)}`)
    try {
      await source.fill(file)
      entry.sizeBytes = (await stat(file)).size
      return file
    } catch (error) {
      await rm(file, { force: true })
      throw error
    }
  }

  async #makeRoom(sizeBytes: number): Promise<boolean> {
    for (const [key, entry] of this.#entries) {
      if (this.#usedBytes() + sizeBytes <= maxCacheBytes) break
      if (entry.users > 0 || entry.sizeBytes === 0) continue
      this.#entries.delete(key)
      await rm((await entry.file) ?? '', { force: true })
    }
    return this.#usedBytes() + sizeBytes <= maxCacheBytes
  }

  #usedBytes(): number {
    return [...this.#entries.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }
}

function release(entry: Entry): void {
  entry.users -= 1
}
