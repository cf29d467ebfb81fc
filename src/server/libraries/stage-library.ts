import { chmod, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeLeasedFolder } from '../../leases/leased-folder.ts'
import type { StagedBlob } from '../blobs/blob.ts'
import { copyIn, storeError } from './copy-in.ts'
import type { CheckedLibrary } from './library-check.ts'
import type { PackedFile } from './npm-package.ts'

export interface StagingProgress {
  readonly name: string
  readonly stagedBytes: number
  /** Size of the library; of the tarball, if a folder was packed. */
  readonly sizeBytes: number
}

/** The files of a folder that were packed, and ship. */
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
  /** Ends the staging with the signal's reason; incomplete copies are removed. */
  readonly signal?: AbortSignal
}

/**
 * Copies a library into the folder of a store, as a read-only file named by its digest. Errors as
 * `copyIn`.
 */
export async function stageLibrary(
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
    // Replaces a file of that digest too: this one was just checked. Open readers keep the old one.
    await rename(part, path)
    return { name, sha256, sizeBytes, path }
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

/** Leased, so that a store that outlives the process keeps no half copies. */
function makeStaging(root: string): string {
  try {
    return makeLeasedFolder('staging', root)
  } catch (cause) {
    throw storeError(root, cause)
  }
}
