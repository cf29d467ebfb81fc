/**
 * The files that URIs with `cache` brought to an agent, by user and URI, never refreshed.
 * Concurrent askers share one download. Above the limit, files that nobody copies from are dropped,
 * the longest unused first.
 * Source: apache/mesos docs/fetcher-cache-internals.md.
 */
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolders } from '../../../leases/private-files.ts'

export interface CachedFile {
  readonly path: string
  /** Must be called when the file has been copied; it may be dropped from then on. */
  release(): void
}

export interface CacheSource {
  /** The size in bytes before the download; undefined when it cannot be known. */
  readonly size: () => Promise<number | undefined>
  readonly fill: (file: string) => Promise<void>
}

export interface FetcherCache {
  /**
   * Undefined when the file cannot be cached. Rejects when the download fails; the next asker tries
   * anew.
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
    // The name's end is kept: it says whether the file is an archive.
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
      // Set again, so that the order of the map is the order of use.
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
