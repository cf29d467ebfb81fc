/**
 * The scheduler's copy of everything it ships: one read-only file per digest.
 */
import { chmod, mkdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createLibrarySet } from '../domain/library.ts'
import type { Library, LibrarySet } from '../domain/library.ts'
import { makeLeasedFolder } from '../leases/leased-folder.ts'
import type { StagedBlob } from './blob.ts'
import { copyIn, storeError } from './copy-in.ts'
import { checkLibraries } from './library-check.ts'
import type { CheckedLibrary, LibraryInput } from './library-check.ts'

export interface StagingProgress {
  readonly name: string
  readonly stagedBytes: number
  /** Size of the library; that of the tarball where a folder was packed. */
  readonly sizeBytes: number
}

export interface StageOptions {
  /** Called at least once per library, the last time with all of its bytes. */
  readonly onProgress?: (progress: StagingProgress) => void
  /** Ends the staging with the signal's reason; what was half copied is removed. */
  readonly signal?: AbortSignal
}

/** A library set and where its bytes are. */
export interface StagedLibraries {
  readonly set: LibrarySet
  /** One per library, in the set's order; libraries of the same bytes share one path. */
  readonly blobs: readonly StagedBlob[]
}

export interface LibraryStore {
  readonly folder: string
  /**
   * Checks all of the libraries, then copies them in. What changes on disk afterwards changes nothing.
   * Errors: those of `checkLibraries`, all before the first copy; `LIBRARY_UNREADABLE` when reading fails midway,
   * `JAR_SERVER_FAILED` when the store's folder cannot be written.
   */
  stage(
    inputs: readonly (LibraryInput | string)[],
    options?: StageOptions,
  ): Promise<StagedLibraries>
  /** Copies in a file that is no library, such as the executor's program. Errors as `stage`. */
  stageFile(path: string, options?: StageOptions & { readonly name?: string }): Promise<StagedBlob>
  /** Removes the folder, if the store made it. */
  remove(): Promise<void>
}

/**
 * Opens a store in `folder`, which is made when missing and stays; without one, in a new temporary folder, which
 * `remove` removes. Rejects with `JAR_SERVER_FAILED` when it cannot be made.
 */
export async function createLibraryStore(folder?: string): Promise<LibraryStore> {
  const root = await makeRoot(folder)
  return {
    folder: root,
    async stage(inputs, options = {}) {
      const libraries: Library[] = []
      const blobs: StagedBlob[] = []
      for (const checked of await checkLibraries(inputs)) {
        const blob = await stageOne(root, checked, options)
        const { name, sha256, sizeBytes } = blob
        libraries.push({ name, sha256, sizeBytes, kind: checked.kind })
        blobs.push(blob)
      }
      return { set: createLibrarySet(libraries), blobs }
    },
    async stageFile(path, { name = basename(path), ...options } = {}) {
      await checkLibraries([{ path, name, kind: 'file' }])
      return stageOne(root, { path, name, kind: 'file', isFolder: false }, options)
    },
    async remove() {
      if (folder === undefined) await rm(root, { recursive: true, force: true })
    },
  }
}

async function makeRoot(folder: string | undefined): Promise<string> {
  try {
    if (folder === undefined) return makeLeasedFolder('libraries')
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return folder
  } catch (cause) {
    throw storeError(folder ?? tmpdir(), cause)
  }
}

/** Leased as well: a store in a folder of its own outlives the process. */
function makeStaging(root: string): string {
  try {
    return makeLeasedFolder('staging', root)
  } catch (cause) {
    throw storeError(root, cause)
  }
}

async function stageOne(
  root: string,
  library: CheckedLibrary,
  { onProgress, signal }: StageOptions,
): Promise<StagedBlob> {
  const { name } = library
  const staging = makeStaging(root)
  try {
    const part = join(staging, 'bytes')
    const { sha256, sizeBytes } = await copyIn(library, part, {
      signal,
      onProgress: (stagedBytes, sizeBytes) => onProgress?.({ name, stagedBytes, sizeBytes }),
    })
    const path = join(root, sha256)
    await chmod(part, 0o444)
    // Over a file of that digest too: this one was hashed just now, and open readers keep the other.
    await rename(part, path)
    return { name, sha256, sizeBytes, path }
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}
