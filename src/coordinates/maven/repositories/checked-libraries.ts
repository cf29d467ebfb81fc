/** The SHA-256 of each library in the cache, kept in a file beside it. */
import { writeFile } from 'node:fs/promises'
import { digestFile } from '../../http/checksums.ts'
import type { FileCache } from '../../http/file-cache.ts'
import type { Repository } from './repositories.ts'

export interface CheckedLibrary {
  readonly sha256: string
  readonly sizeBytes: number
  /** False when the repository had no checksum for it. */
  readonly hasChecksum: boolean
}

const suffix = '.checked'

export class CheckedLibraries {
  readonly #cache: FileCache
  /** By repository and path. */
  readonly #known = new Map<string, CheckedLibrary>()

  constructor(cache: FileCache) {
    this.#cache = cache
  }

  /** Undefined before `isIntact` or `keep`. */
  find(repository: Repository, path: string): CheckedLibrary | undefined {
    return this.#known.get(keyOf(repository, path))
  }

  /** False for a library in the cache that has changed since it was fetched. */
  async isIntact(repository: Repository, path: string): Promise<boolean> {
    const { cacheKey } = repository
    const kept = await this.#cache.read(cacheKey, `${path}${suffix}`)
    const [sha256, word] = kept?.toString().split(' ') ?? []
    const library = await digestLibrary(this.#cache.pathOf(cacheKey, path), word === 'checked')
    this.#known.set(keyOf(repository, path), library)
    return library.sha256 === sha256
  }

  /** Call this before the library enters the cache: without the digest it counts as damaged. */
  async keep(repository: Repository, path: string, library: CheckedLibrary): Promise<void> {
    this.#known.set(keyOf(repository, path), library)
    const text = `${library.sha256} ${library.hasChecksum ? 'checked' : 'unchecked'}`
    await this.#cache.put(repository.cacheKey, `${path}${suffix}`, (temporary) =>
      writeFile(temporary, text),
    )
  }
}

export async function digestLibrary(file: string, hasChecksum: boolean): Promise<CheckedLibrary> {
  const { digests, sizeBytes } = await digestFile(file, ['sha256'])
  return { sha256: digests[0] ?? '', sizeBytes, hasChecksum }
}

function keyOf({ cacheKey }: Repository, path: string): string {
  return `${cacheKey} ${path}`
}
