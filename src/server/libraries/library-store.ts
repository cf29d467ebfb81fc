/** The scheduler's copy of everything it ships: one read-only file per digest. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { defined } from '../../defined.ts'
import { createLibrarySet } from '../../domain/libraries/library.ts'
import type { Library, LibrarySet } from '../../domain/libraries/library.ts'
import { JarcastError } from '../../errors.ts'
import { makeLeasedFolder } from '../../leases/leased-folder.ts'
import { makePrivateFolder } from '../../leases/private-files.ts'
import { readBytes } from '../blobs/blob.ts'
import type { StagedBlob } from '../blobs/blob.ts'
import { storeError } from './copy-in.ts'
import { stageChunkList } from './chunk-blob.ts'
import { checkLibraries, libraryError } from './library-check.ts'
import type { CheckedLibrary, LibraryInput } from './library-check.ts'
import { stageLibrary } from './stage-library.ts'
import type { StageOptions } from './stage-library.ts'

/** A library set and where its bytes are. */
export interface StagedLibraries {
  readonly set: LibrarySet
  /** One per library, in the set's order; libraries with the same bytes share one path. */
  readonly blobs: readonly StagedBlob[]
  /** The lists of chunks of the libraries that have one. */
  readonly chunkLists: readonly StagedBlob[]
}

export interface LibraryStore {
  readonly folder: string
  /**
   * Checks all libraries, then copies them in. Later changes of the originals have no effect.
   * Errors: those of `checkLibraries`, all before the first copy; `LIBRARY_UNREADABLE` if reading
   * fails midway, `JAR_SERVER_FAILED` if the store's folder cannot be written.
   */
  stage(
    inputs: readonly (LibraryInput | string)[],
    options?: StageOptions,
  ): Promise<StagedLibraries>
  /** Copies in a file that is no library, such as the executor's program. Errors as `stage`. */
  stageFile(path: string, options?: StageOptions & { readonly name?: string }): Promise<StagedBlob>
  /**
   * Finds a set that this process or an earlier one staged here, and checks the digests of files
   * that this process did not stage. Rejects with `LIBRARY_UNREADABLE`, which names a library whose
   * bytes are missing or changed.
   */
  restore(set: LibrarySet): Promise<StagedLibraries>
  /** Removes the files of these blobs. */
  discard(blobs: readonly StagedBlob[]): Promise<void>
  /** Removes all files but those with these digests. */
  retain(digests: ReadonlySet<string>): Promise<void>
  /** Removes the folder, if the store made it. */
  remove(): Promise<void>
}

/**
 * Opens a store in `folder`, which is made if it is missing, and kept; default: a new temporary
 * folder, which `remove` removes. Rejects with `JAR_SERVER_FAILED` if it cannot be made.
 */
export async function createLibraryStore(folder?: string): Promise<LibraryStore> {
  return new FolderStore(await makeRoot(folder), folder === undefined)
}

class FolderStore implements LibraryStore {
  readonly folder: string
  readonly #isTemporary: boolean
  /** Digests that were checked on the way in, and need no second check. */
  readonly #staged = new Set<string>()
  readonly #chunkLists = new Map<string, StagedBlob>()

  constructor(folder: string, isTemporary: boolean) {
    this.folder = folder
    this.#isTemporary = isTemporary
  }

  async stage(
    inputs: readonly (LibraryInput | string)[],
    options: StageOptions = {},
  ): Promise<StagedLibraries> {
    const libraries: Library[] = []
    const blobs: StagedBlob[] = []
    const chunkLists: StagedBlob[] = []
    for (const checked of await checkLibraries(inputs)) {
      const blob = await stageLibrary(this.folder, checked, options)
      this.#staged.add(blob.sha256)
      blobs.push(blob)
      const list = await this.#chunkListOf(blob, options.signal)
      if (list !== undefined) chunkLists.push(list)
      libraries.push(toLibrary(checked, blob, list))
    }
    return { set: createLibrarySet(libraries), blobs, chunkLists }
  }

  async stageFile(
    path: string,
    { name = basename(path), ...options }: StageOptions & { readonly name?: string } = {},
  ): Promise<StagedBlob> {
    await checkLibraries([{ path, name, kind: 'file' }])
    return stageLibrary(this.folder, { path, name, kind: 'file', isFolder: false }, options)
  }

  async restore(set: LibrarySet): Promise<StagedLibraries> {
    const blobs: StagedBlob[] = []
    const chunkLists: StagedBlob[] = []
    for (const { name, sha256, sizeBytes, chunks } of set.libraries) {
      const path = join(this.folder, sha256)
      if (!this.#staged.has(sha256) && (await digestOf(path)) !== sha256) throw lost(name, path)
      this.#staged.add(sha256)
      const blob = { name, sha256, sizeBytes, path }
      blobs.push(blob)
      const list = chunks === undefined ? undefined : await this.#chunkListOf(blob)
      if (list !== undefined) chunkLists.push(list)
    }
    return { set, blobs, chunkLists }
  }

  async discard(blobs: readonly StagedBlob[]): Promise<void> {
    for (const { sha256 } of blobs) {
      this.#staged.delete(sha256)
      this.#chunkLists.delete(sha256)
      await rm(join(this.folder, sha256), { force: true })
    }
  }

  async retain(digests: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.folder)) {
      if (!/^[0-9a-f]{64}$/.test(name) || digests.has(name)) continue
      this.#staged.delete(name)
      await rm(join(this.folder, name), { force: true })
    }
  }

  async remove(): Promise<void> {
    if (this.#isTemporary) await rm(this.folder, { recursive: true, force: true })
  }

  async #chunkListOf(blob: StagedBlob, signal?: AbortSignal): Promise<StagedBlob | undefined> {
    const known = this.#chunkLists.get(blob.sha256)
    const list = known ?? (await stageChunkList(this.folder, blob, signal))
    if (list !== undefined) this.#chunkLists.set(blob.sha256, list)
    return list
  }
}

function toLibrary(
  { kind, place, platform, tree }: CheckedLibrary,
  { name, sha256, sizeBytes }: StagedBlob,
  chunkList: StagedBlob | undefined,
): Library {
  return {
    name,
    sha256,
    sizeBytes,
    kind,
    ...defined({ place, platform, tree, chunks: chunkList?.sha256 }),
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
    `library ${name}, which was added to the run in the journal, is missing in ${path}, or its bytes have changed; restore it there`,
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
