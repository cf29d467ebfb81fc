import { createHash } from 'node:crypto'
import { manifestJson } from '../../domain/libraries/library.ts'
import type { Library, LibrarySet } from '../../domain/libraries/library.ts'
import { JarcastError } from '../../errors.ts'
import type { BlobResource, StagedBlob } from '../blobs/blob.ts'
import type { StagedLibraries } from './library-store.ts'
import { encodeSegment } from '../http/request-path.ts'

/**
 * What the jar server has, by decoded path: `/blobs/<sha256>/<name>`, where the list of a library's
 * chunks is a blob too, `/sets/<set id>.json`, and `/<index>_<name>`, the seed's form. Nothing else
 * is ever found, so no request reaches the file system by a path of its own.
 */
export interface BlobTable {
  find(path: string): BlobResource | undefined
  addBlob(blob: StagedBlob): void
  /** As `addBlob`, for files that need no permission. */
  addPublic(blob: StagedBlob): void
  /** True for the decoded path of a file that needs no permission. */
  isPublic(path: string): boolean
  /** Returns the path of the manifest. */
  addSet(libraries: StagedLibraries): string
  /**
   * Removes a set and the blobs that no other set has and that were not added by themselves; the
   * set added last stays.
   * Returns the blobs whose bytes nothing needs any more.
   */
  removeSet(id: string): readonly StagedBlob[]
  /** Whether a decoded path is the manifest of a set, or of a blob that belongs to it. */
  isOfSet(setId: string, path: string): boolean
  /** Digests of the large libraries of a set. */
  chunkedOf(setId: string): readonly string[]
  /** A large library of any set, and the list of its chunks. */
  chunkedBlob(sha256: string): ChunkedBlob | undefined
  /** The set added last. */
  set(): LibrarySet | undefined
  /** All sets, oldest first. */
  sets(): readonly LibrarySet[]
  /** Encoded path of the blob added last under that name. Throws `LIBRARY_NOT_FOUND`. */
  pathOf(name: string): string
  /** Encoded paths of the set added last, in its order. */
  seedPaths(): readonly string[]
}

export interface ChunkedBlob {
  readonly library: Library
  readonly blob: StagedBlob
  readonly list: StagedBlob
}

/** An empty table. */
export function createBlobTable(): BlobTable {
  const resources = new Map<string, BlobResource>()
  const blobs = new Map<string, StagedBlob>()
  /** Blobs that belong to no set. */
  const extras: StagedBlob[] = []
  const sets = new Map<string, StagedLibraries>()
  /** Paths of the blobs of each set. */
  const digests = new Map<string, ReadonlySet<string>>()
  let set: LibrarySet | undefined

  function putBlob(blob: StagedBlob): void {
    blobs.set(blob.name, blob)
    // A public file stays public, even if a library is the same file.
    if (resources.get(resourcePath(blob))?.isPublic === true) return
    resources.set(resourcePath(blob), { blob, isImmutable: true })
  }

  function addBlob(blob: StagedBlob): void {
    extras.push(blob)
    putBlob(blob)
  }

  function addPublic(blob: StagedBlob): void {
    addBlob(blob)
    const resource = { blob, isImmutable: true, isPublic: true }
    resources.set(resourcePath(blob), resource)
  }

  function addSet(added: StagedLibraries): string {
    // Names of the seed's form belong to the last set: another one may have other bytes under them.
    for (const name of seedNames(set)) resources.delete(`/${name}`)
    set = added.set
    // The one given last is last, even when it was given before.
    sets.delete(set.id)
    sets.set(set.id, added)
    digests.set(set.id, new Set(filesOf(added).map(({ sha256 }) => sha256)))
    const names = seedNames(set)
    added.blobs.forEach((blob, index) => {
      putBlob(blob)
      resources.set(`/${names[index]}`, { blob, isImmutable: false })
    })
    for (const list of added.chunkLists)
      resources.set(resourcePath(list), { blob: list, isImmutable: true, isUrgent: true })
    resources.set(manifestPath(set), { blob: manifestBlob(set), isImmutable: true, isUrgent: true })
    return manifestPath(set)
  }

  function removeSet(id: string): readonly StagedBlob[] {
    const removed = sets.get(id)
    if (removed === undefined || id === set?.id) return []
    sets.delete(id)
    digests.delete(id)
    resources.delete(manifestPath(removed.set))
    const kept = [...extras, ...Array.from(sets.values()).flatMap(filesOf)]
    const paths = new Set(kept.map(resourcePath))
    const keptDigests = new Set(kept.map(({ sha256 }) => sha256))
    for (const blob of filesOf(removed).filter(
      (candidate) => !paths.has(resourcePath(candidate)),
    )) {
      resources.delete(resourcePath(blob))
      if (blobs.get(blob.name)?.sha256 === blob.sha256) blobs.delete(blob.name)
    }
    return filesOf(removed).filter(({ sha256 }) => !keptDigests.has(sha256))
  }

  function chunkedBlob(sha256: string): ChunkedBlob | undefined {
    for (const { set: each, blobs: files, chunkLists } of sets.values()) {
      const library = each.libraries.find((known) => known.sha256 === sha256)
      const blob = files.find((file) => file.sha256 === sha256)
      const list = chunkLists.find((file) => file.sha256 === library?.chunks)
      if (library !== undefined && blob !== undefined && list !== undefined)
        return { library, blob, list }
    }
    return undefined
  }

  return {
    find: (path) => resources.get(path),
    isPublic: (path) => resources.get(path)?.isPublic === true,
    isOfSet: (setId, path) =>
      path === `/sets/${setId}.json`
        ? sets.has(setId)
        : digests.get(setId)?.has(blobDigest.exec(path)?.[1] ?? '') === true,
    chunkedOf: (setId) =>
      (sets.get(setId)?.set.libraries ?? [])
        .filter(({ chunks }) => chunks !== undefined)
        .map(({ sha256 }) => sha256),
    chunkedBlob,
    addBlob,
    addPublic,
    addSet,
    removeSet,
    set: () => set,
    sets: () => Array.from(sets.values(), (known) => known.set),
    seedPaths: () => seedNames(set).map((name) => `/${encodeSegment(name)}`),
    pathOf(name) {
      const blob = blobs.get(name)
      if (blob) return blobPath(blob)
      throw new JarcastError('LIBRARY_NOT_FOUND', `the jar server has no ${name}; stage it first`, {
        details: { library: name },
      })
    },
  }
}

const blobDigest = /^\/blobs\/([0-9a-f]{64})\//

/** All that is served for a set, but for its manifest. */
function filesOf({ blobs, chunkLists }: StagedLibraries): readonly StagedBlob[] {
  return [...blobs, ...chunkLists]
}

/** Encoded path of a blob under its name. */
export function blobPath({ sha256, name }: Pick<StagedBlob, 'sha256' | 'name'>): string {
  return `/blobs/${sha256}/${encodeSegment(name)}`
}

/** Path of the manifest of a set. */
export function manifestPath({ id }: LibrarySet): string {
  return `/sets/${id}.json`
}

/** As it is looked up: decoded. */
function resourcePath({ sha256, name }: StagedBlob): string {
  return `/blobs/${sha256}/${name}`
}

function manifestBlob(set: LibrarySet): BlobResource['blob'] {
  const bytes = Buffer.from(manifestJson(set))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { name: `${set.id}.json`, sha256, sizeBytes: bytes.length, bytes }
}

function seedNames(set: LibrarySet | undefined): readonly string[] {
  return set?.libraries.map(({ name }, index) => `${index}_${name}`) ?? []
}
