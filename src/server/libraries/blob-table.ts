import { createHash } from 'node:crypto'
import { manifestJson } from '../../domain/libraries/library.ts'
import type { LibrarySet } from '../../domain/libraries/library.ts'
import { JarcastError } from '../../errors.ts'
import type { BlobResource, StagedBlob } from '../blobs/blob.ts'
import { encodeSegment } from '../http/request-path.ts'
import { blobPath, decodedBlobPath, digestIn, manifestPath, seedNames } from './blob-paths.ts'
import { createLibrarySets, filesOf } from './library-sets.ts'
import type { ChunkedBlob } from './library-sets.ts'
import type { StagedLibraries } from './library-store.ts'

/**
 * The files of the jar server, by decoded path: `/blobs/<sha256>/<name>` for libraries and lists of
 * chunks, `/sets/<set id>.json`, and `/<index>_<name>` as in the seed. No other path is found, so
 * no request reaches the file system by its own path.
 */
export class BlobTable {
  readonly #resources = new Map<string, BlobResource>()
  /** By name. */
  readonly #blobs = new Map<string, StagedBlob>()
  /** Blobs that belong to no set. */
  readonly #extras: StagedBlob[] = []
  readonly #sets = createLibrarySets()

  find(path: string): BlobResource | undefined {
    return this.#resources.get(path)
  }

  addBlob(blob: StagedBlob): void {
    this.#extras.push(blob)
    this.#putBlob(blob)
  }

  /** As `addBlob`, for files that need no permission. */
  addPublic(blob: StagedBlob): void {
    this.addBlob(blob)
    this.#resources.set(decodedBlobPath(blob), { blob, isImmutable: true, isPublic: true })
  }

  /** True for the decoded path of a file that needs no permission. */
  isPublic(path: string): boolean {
    return this.find(path)?.isPublic === true
  }

  /** Returns the path of the manifest. */
  addSet(added: StagedLibraries): string {
    const { set, blobs, chunkLists } = added
    // Seed names belong to the last set: another set may have other bytes under the same name.
    for (const name of seedNames(this.set())) this.#resources.delete(`/${name}`)
    this.#sets.add(added)
    const names = seedNames(set)
    blobs.forEach((blob, index) => {
      this.#putBlob(blob)
      this.#resources.set(`/${names[index]}`, { blob, isImmutable: false })
    })
    for (const list of chunkLists) this.#putUrgent(decodedBlobPath(list), list)
    this.#putUrgent(manifestPath(set), manifestBlob(set))
    return manifestPath(set)
  }

  /**
   * Removes a set and its blobs, but not the set added last, nor blobs that were added by
   * themselves or that another set has. Returns the blobs whose bytes are no longer needed.
   */
  removeSet(id: string): readonly StagedBlob[] {
    const removed = this.#sets.remove(id)
    if (removed === undefined) return []
    this.#resources.delete(manifestPath(removed.set))
    const kept = [...this.#extras, ...this.#sets.files()]
    const keptPaths = new Set(kept.map(decodedBlobPath))
    const keptDigests = new Set(kept.map(({ sha256 }) => sha256))
    for (const blob of filesOf(removed))
      if (!keptPaths.has(decodedBlobPath(blob))) this.#deleteBlob(blob)
    return filesOf(removed).filter(({ sha256 }) => !keptDigests.has(sha256))
  }

  /** True for the decoded path of the manifest of the set, or of a file that belongs to it. */
  isOfSet(id: string, path: string): boolean {
    return path === manifestPath({ id })
      ? this.#sets.has(id)
      : this.#sets.hasFile(id, digestIn(path))
  }

  /** Digests of the large libraries of a set. */
  chunkedOf(setId: string): readonly string[] {
    return this.#sets.chunkedOf(setId)
  }

  /** A large library of any set, and the list of its chunks. */
  chunkedBlob(sha256: string): ChunkedBlob | undefined {
    return this.#sets.chunkedBlob(sha256)
  }

  /** The set added last. */
  set(): LibrarySet | undefined {
    return this.#sets.latest()
  }

  /** All sets, oldest first. */
  sets(): readonly LibrarySet[] {
    return this.#sets.all()
  }

  /** Encoded path of the blob added last under that name. Throws `LIBRARY_NOT_FOUND`. */
  pathOf(name: string): string {
    const blob = this.#blobs.get(name)
    if (blob) return blobPath(blob)
    throw new JarcastError('LIBRARY_NOT_FOUND', `the jar server has no ${name}; stage it first`, {
      details: { library: name },
    })
  }

  /** Encoded paths of the set added last, in its order. */
  seedPaths(): readonly string[] {
    return seedNames(this.set()).map((name) => `/${encodeSegment(name)}`)
  }

  #putBlob(blob: StagedBlob): void {
    this.#blobs.set(blob.name, blob)
    // A public file stays public, even if a library is the same file.
    if (this.isPublic(decodedBlobPath(blob))) return
    this.#resources.set(decodedBlobPath(blob), { blob, isImmutable: true })
  }

  #putUrgent(path: string, blob: BlobResource['blob']): void {
    this.#resources.set(path, { blob, isImmutable: true, isUrgent: true })
  }

  #deleteBlob(blob: StagedBlob): void {
    this.#resources.delete(decodedBlobPath(blob))
    if (this.#blobs.get(blob.name)?.sha256 === blob.sha256) this.#blobs.delete(blob.name)
  }
}

function manifestBlob(set: LibrarySet): BlobResource['blob'] {
  const bytes = Buffer.from(manifestJson(set))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { name: `${set.id}.json`, sha256, sizeBytes: bytes.length, bytes }
}
