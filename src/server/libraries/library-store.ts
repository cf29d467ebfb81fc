/**
 * The scheduler's copy of everything it ships: one read-only file per digest.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createLibrarySet } from '../../domain/libraries/library.ts'
import type { Library, LibrarySet } from '../../domain/libraries/library.ts'
import { JarcastError } from '../../errors.ts'
import { makeLeasedFolder } from '../../leases/leased-folder.ts'
import { makePrivateFolder } from '../../leases/private-files.ts'
import { readBytes } from '../blobs/blob.ts'
import type { StagedBlob } from '../blobs/blob.ts'
import { copyIn, storeError } from './copy-in.ts'
import { stageChunkList } from './chunk-blob.ts'
import { checkLibraries, libraryError } from './library-check.ts'
import type { CheckedLibrary, LibraryInput } from './library-check.ts'
import type { PackedFile } from './npm-package.ts'

export interface StagingProgress {
  readonly name: string
  readonly stagedBytes: number
  /** Size of the library; that of the tarball where a folder was packed. */
  readonly sizeBytes: number
}

/** What was packed of a folder, which is what ships. */
export interface PackedLibrary {
  readonly name: string
  readonly folder: string
  readonly files: readonly PackedFile[]
}

export interface StageOptions {
  /** Called at least once per library, the last time with all of its bytes. */
  readonly onProgress?: (progress: StagingProgress) => void
  /** Called for each folder. */
  readonly onPacked?: (packed: PackedLibrary) => void
  /** Ends the staging with the signal's reason; what was half copied is removed. */
  readonly signal?: AbortSignal
}

/** A library set and where its bytes are. */
export interface StagedLibraries {
  readonly set: LibrarySet
  /** One per library, in the set's order; libraries of the same bytes share one path. */
  readonly blobs: readonly StagedBlob[]
  /** The lists of chunks of those that have one. */
  readonly chunkLists: readonly StagedBlob[]
}

export interface LibraryStore {
  readonly folder: string
  /**
   * Checks all of the libraries, then copies them in. What changes on disk afterwards changes
   * nothing.
   * Errors: those of `checkLibraries`, all before the first copy; `LIBRARY_UNREADABLE` when reading
   * fails midway, `JAR_SERVER_FAILED` when the store's folder cannot be written.
   */
  stage(
    inputs: readonly (LibraryInput | string)[],
    options?: StageOptions,
  ): Promise<StagedLibraries>
  /** Copies in a file that is no library, such as the executor's program. Errors as `stage`. */
  stageFile(path: string, options?: StageOptions & { readonly name?: string }): Promise<StagedBlob>
  /**
   * A set that was staged here before, by this process or an earlier one: its bytes are hashed
   * again, unless this process staged them. Rejects with `LIBRARY_UNREADABLE` naming a library
   * whose bytes are gone or are others.
   */
  restore(set: LibrarySet): Promise<StagedLibraries>
  /** Removes these bytes. */
  discard(blobs: readonly StagedBlob[]): Promise<void>
  /** Removes the bytes of all but these digests. */
  retain(digests: ReadonlySet<string>): Promise<void>
  /** Removes the folder, if the store made it. */
  remove(): Promise<void>
}

/**
 * Opens a store in `folder`, which is made when missing and stays; without one, in a new temporary
 * folder, which `remove` removes. Rejects with `JAR_SERVER_FAILED` when it cannot be made.
 */
export async function createLibraryStore(folder?: string): Promise<LibraryStore> {
  const root = await makeRoot(folder)
  // What was hashed on its way in need not be read again.
  const staged = new Set<string>()
  const chunkLists = new Map<string, StagedBlob>()

  async function chunkListOf(
    blob: StagedBlob,
    signal?: AbortSignal,
  ): Promise<StagedBlob | undefined> {
    const list = chunkLists.get(blob.sha256) ?? (await stageChunkList(root, blob, signal))
    if (list !== undefined) chunkLists.set(blob.sha256, list)
    return list
  }

  return {
    folder: root,
    async stage(inputs, options = {}) {
      const libraries: Library[] = []
      const blobs: StagedBlob[] = []
      const lists: StagedBlob[] = []
      for (const checked of await checkLibraries(inputs)) {
        const blob = await stageOne(root, checked, options)
        staged.add(blob.sha256)
        blobs.push(blob)
        const list = await chunkListOf(blob, options.signal)
        if (list !== undefined) lists.push(list)
        const { name, sha256, sizeBytes } = blob
        const { kind, place } = checked
        libraries.push({
          name,
          sha256,
          sizeBytes,
          kind,
          ...(place === undefined ? {} : { place }),
          ...(list && { chunks: list.sha256 }),
        })
      }
      return { set: createLibrarySet(libraries), blobs, chunkLists: lists }
    },
    async stageFile(path, { name = basename(path), ...options } = {}) {
      await checkLibraries([{ path, name, kind: 'file' }])
      return stageOne(root, { path, name, kind: 'file', isFolder: false }, options)
    },
    async restore(set) {
      const blobs: StagedBlob[] = []
      const lists: StagedBlob[] = []
      for (const { name, sha256, sizeBytes, chunks } of set.libraries) {
        const path = join(root, sha256)
        if (!staged.has(sha256) && (await digestOf(path)) !== sha256) throw lost(name, path)
        staged.add(sha256)
        const blob = { name, sha256, sizeBytes, path }
        blobs.push(blob)
        const list = chunks === undefined ? undefined : await chunkListOf(blob)
        if (list !== undefined) lists.push(list)
      }
      return { set, blobs, chunkLists: lists }
    },
    async discard(blobs) {
      for (const { sha256 } of blobs) {
        staged.delete(sha256)
        chunkLists.delete(sha256)
        await rm(join(root, sha256), { force: true })
      }
    },
    async retain(digests) {
      for (const name of await readdir(root)) {
        if (!/^[0-9a-f]{64}$/.test(name) || digests.has(name)) continue
        staged.delete(name)
        await rm(join(root, name), { force: true })
      }
    },
    async remove() {
      if (folder === undefined) await rm(root, { recursive: true, force: true })
    },
  }
}

/** Undefined if the file does not exist. */
async function digestOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path, { highWaterMark: readBytes }), hash)
    return hash.digest('hex')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw libraryError(path, error)
  }
}

function lost(name: string, path: string): JarcastError {
  return new JarcastError(
    'LIBRARY_UNREADABLE',
    `library ${name}, which was added to the run in the journal, is no longer in ${path}, or has other bytes; put it back there`,
    { details: { library: name, path } },
  )
}

async function makeRoot(folder: string | undefined): Promise<string> {
  try {
    if (folder === undefined) return makeLeasedFolder('libraries')
    makePrivateFolder(folder)
    return folder
  } catch (cause) {
    throw storeError(folder ?? tmpdir(), cause)
  }
}

/** Leased as well: such a store outlives the process. */
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
  { onProgress, onPacked, signal }: StageOptions,
): Promise<StagedBlob> {
  const { name } = library
  const staging = makeStaging(root)
  try {
    const part = join(staging, 'bytes')
    const { sha256, sizeBytes } = await copyIn(library, part, {
      signal,
      onProgress: (stagedBytes, sizeBytes) => onProgress?.({ name, stagedBytes, sizeBytes }),
      onPacked: (files) => onPacked?.({ name, folder: library.path, files }),
    })
    const path = join(root, sha256)
    await chmod(part, 0o400)
    // Over a file of that digest too: this one was hashed just now, and open readers keep the
    // other.
    await rename(part, path)
    return { name, sha256, sizeBytes, path }
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}
