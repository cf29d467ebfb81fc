import { createHash } from 'node:crypto'
import { manifestJson } from '../domain/library.ts'
import type { LibrarySet } from '../domain/library.ts'
import { JarcastError } from '../errors.ts'
import type { BlobResource, StagedBlob } from './blob.ts'
import type { StagedLibraries } from './library-store.ts'
import { encodeSegment } from './request-path.ts'

/**
 * What the jar server has, by decoded path: `/blobs/<sha256>/<name>`, `/sets/<set id>.json`, and `/<index>_<name>`, the
 * seed's form. Nothing else is ever found, so no request reaches the file system by a path of its own.
 */
export interface BlobTable {
  find(path: string): BlobResource | undefined
  addBlob(blob: StagedBlob): void
  /** As `addBlob`, for what is sent at once. */
  addUrgent(blob: StagedBlob): void
  /** Returns the path of the manifest. */
  addSet(libraries: StagedLibraries): string
  /** The set added last. */
  set(): LibrarySet | undefined
  /** Encoded path of the blob added last under that name. Throws `LIBRARY_NOT_FOUND`. */
  pathOf(name: string): string
  /** Encoded paths of the set added last, in its order. */
  seedPaths(): readonly string[]
}

/** An empty table. */
export function createBlobTable(): BlobTable {
  const resources = new Map<string, BlobResource>()
  const blobs = new Map<string, StagedBlob>()
  let set: LibrarySet | undefined

  function addBlob(blob: StagedBlob): void {
    blobs.set(blob.name, blob)
    resources.set(`/blobs/${blob.sha256}/${blob.name}`, { blob, isImmutable: true })
  }

  function addUrgent(blob: StagedBlob): void {
    addBlob(blob)
    resources.set(`/blobs/${blob.sha256}/${blob.name}`, { blob, isImmutable: true, isUrgent: true })
  }

  function addSet(added: StagedLibraries): string {
    // Names of the seed's form belong to the last set: another one may have other bytes under them.
    for (const name of seedNames(set)) resources.delete(`/${name}`)
    set = added.set
    const names = seedNames(set)
    added.blobs.forEach((blob, index) => {
      addBlob(blob)
      resources.set(`/${names[index]}`, { blob, isImmutable: false })
    })
    resources.set(manifestPath(set), { blob: manifestBlob(set), isImmutable: true, isUrgent: true })
    return manifestPath(set)
  }

  return {
    find: (path) => resources.get(path),
    addBlob,
    addUrgent,
    addSet,
    set: () => set,
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

/** Encoded path of a blob under its name. */
export function blobPath({ sha256, name }: Pick<StagedBlob, 'sha256' | 'name'>): string {
  return `/blobs/${sha256}/${encodeSegment(name)}`
}

/** Path of the manifest of a set. */
export function manifestPath({ id }: LibrarySet): string {
  return `/sets/${id}.json`
}

function manifestBlob(set: LibrarySet): BlobResource['blob'] {
  const bytes = Buffer.from(manifestJson(set))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { name: `${set.id}.json`, sha256, sizeBytes: bytes.length, bytes }
}

function seedNames(set: LibrarySet | undefined): readonly string[] {
  return set?.libraries.map(({ name }, index) => `${index}_${name}`) ?? []
}
