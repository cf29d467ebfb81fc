/** The library sets that a jar server has. */
import type { Library, LibrarySet } from '../../domain/libraries/library.ts'
import type { StagedBlob } from '../blobs/blob.ts'
import type { StagedLibraries } from './library-store.ts'

export interface LibrarySets {
  /** The set added last. */
  latest(): LibrarySet | undefined
  /** All sets, oldest first. */
  all(): readonly LibrarySet[]
  /** Files of all sets, without the manifests. */
  files(): readonly StagedBlob[]
  /** Makes a set the last one, also if it was added before. */
  add(libraries: StagedLibraries): void
  /** Removes a set and returns it; undefined if it is unknown, or the set added last. */
  remove(id: string): StagedLibraries | undefined
  has(id: string): boolean
  /** True if a file of the set has this digest. */
  hasFile(id: string, sha256: string): boolean
  /** Digests of the large libraries of a set. */
  chunkedOf(id: string): readonly string[]
  /** A large library of any set, and the list of its chunks. */
  chunkedBlob(sha256: string): ChunkedBlob | undefined
}

export interface ChunkedBlob {
  readonly library: Library
  readonly blob: StagedBlob
  readonly list: StagedBlob
}

export function createLibrarySets(): LibrarySets {
  const sets = new Map<string, StagedLibraries>()
  /** Digests of the files of each set. */
  const digests = new Map<string, ReadonlySet<string>>()
  let latest: LibrarySet | undefined

  return {
    latest: () => latest,
    all: () => Array.from(sets.values(), ({ set }) => set),
    files: () => Array.from(sets.values()).flatMap(filesOf),
    add(libraries) {
      latest = libraries.set
      // A Map keeps the position of a known key.
      sets.delete(latest.id)
      sets.set(latest.id, libraries)
      digests.set(latest.id, new Set(filesOf(libraries).map(({ sha256 }) => sha256)))
    },
    remove(id) {
      const removed = sets.get(id)
      if (removed === undefined || id === latest?.id) return undefined
      sets.delete(id)
      digests.delete(id)
      return removed
    },
    has: (id) => sets.has(id),
    hasFile: (id, sha256) => digests.get(id)?.has(sha256) === true,
    chunkedOf: (id) =>
      (sets.get(id)?.set.libraries ?? [])
        .filter(({ chunks }) => chunks !== undefined)
        .map(({ sha256 }) => sha256),
    chunkedBlob(sha256) {
      for (const libraries of sets.values()) {
        const chunked = findChunked(libraries, sha256)
        if (chunked !== undefined) return chunked
      }
      return undefined
    },
  }
}

/** All files of a set, without its manifest. */
export function filesOf({ blobs, chunkLists }: StagedLibraries): readonly StagedBlob[] {
  return [...blobs, ...chunkLists]
}

function findChunked(
  { set, blobs, chunkLists }: StagedLibraries,
  sha256: string,
): ChunkedBlob | undefined {
  const library = set.libraries.find((known) => known.sha256 === sha256)
  const blob = blobs.find((file) => file.sha256 === sha256)
  const list = chunkLists.find((file) => file.sha256 === library?.chunks)
  if (library === undefined || blob === undefined || list === undefined) return undefined
  return { library, blob, list }
}
