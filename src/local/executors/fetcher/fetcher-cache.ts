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

export interface FetcherCache {
  /**
   * Undefined if the file cannot be cached. Rejects if the download fails; the next call tries
   * again.
   */
  take(key: string, name: string, source: CacheSource): Promise<CachedFile | undefined>
}

interface Entry {
  readonly file: Promise<string | undefined>
  sizeBytes: number
  users: number
}

/** Mesos' default for --fetcher_cache_size. */
const maxCacheBytes = 2 * 1024 ** 3

export function createFetcherCache(directory: string): FetcherCache {
  const entries = new Map<string, Entry>()
  let serial = 0

  async function fill(
    entry: Entry,
    name: string,
    source: CacheSource,
  ): Promise<string | undefined> {
    const sizeBytes = await source.size()
    if (sizeBytes === undefined || !(await makeRoom(sizeBytes))) return undefined
    entry.sizeBytes = sizeBytes
    serial += 1
    makeFolders(directory)
    // Keeps the extension: it decides whether the file is unpacked.
    const file = join(directory, `c${serial}-${name.slice(-40)}`)
    try {
      await source.fill(file)
      entry.sizeBytes = (await stat(file)).size
      return file
    } catch (error) {
      await rm(file, { force: true })
      throw error
    }
  }

  async function makeRoom(sizeBytes: number): Promise<boolean> {
    for (const [key, entry] of entries) {
      if (usedBytes() + sizeBytes <= maxCacheBytes) break
      if (entry.users > 0 || entry.sizeBytes === 0) continue
      entries.delete(key)
      await rm((await entry.file) ?? '', { force: true })
    }
    return usedBytes() + sizeBytes <= maxCacheBytes
  }

  function usedBytes(): number {
    return [...entries.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }

  function begin(key: string, name: string, source: CacheSource): Entry {
    const entry: Entry = {
      file: Promise.resolve().then(() => fill(entry, name, source)),
      sizeBytes: 0,
      users: 0,
    }
    return entry
  }

  return {
    async take(key, name, source) {
      const entry = entries.get(key) ?? begin(key, name, source)
      // Inserted again: the order of the map is the order of use.
      entries.delete(key)
      entries.set(key, entry)
      entry.users += 1
      const release = (): void => {
        entry.users -= 1
      }
      try {
        const file = await entry.file
        if (file !== undefined) return { path: file, release }
      } catch (error) {
        if (entries.get(key) === entry) entries.delete(key)
        release()
        throw error
      }
      if (entries.get(key) === entry) entries.delete(key)
      release()
      return undefined
    },
  }
}
