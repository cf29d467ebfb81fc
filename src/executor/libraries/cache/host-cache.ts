/**
 * The blobs that all executors of one user on a host share, and a folder of each executor for blobs
 * without room there.
 */
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { JarcastError, messageOf } from '../../../errors.ts'
import { toFileError } from '../../../file-error.ts'
import { openBlobFolder } from './blob-folder.ts'
import type { BlobClaim, BlobFolder } from './blob-folder.ts'
import type { BlobVersions } from './blob-versions.ts'
import { claimFolder } from './claim-folder.ts'
import { freeOf } from './room.ts'
import type { TreeFolder } from './tree-folder.ts'

export interface HostCacheOptions {
  /** `JARCAST_CACHE_DIR`; default `<tmp>/jarcast-cache-<uid>`. */
  readonly folder?: string | undefined
  /**
   * `JARCAST_CACHE_MAX_MB`, 10^6 bytes; default 10,000. Blobs that an executor took less than an
   * hour ago are not removed for it.
   */
  readonly maxMb?: string | undefined
  /**
   * A folder of this executor alone, for blobs beyond the budget, and in place of a shared folder
   * that is not safe.
   */
  readonly privateFolder: string
  /** Called with the reason why the shared folder is not used. */
  readonly onWarning?: (message: string) => void
}

const defaultMaxMb = 10_000

/**
 * Opens the cache. A shared folder that another user could write to, or that is unusable, is
 * replaced by the executor's own one.
 */
export async function openHostCache(options: HostCacheOptions): Promise<HostCache> {
  const own = new OwnFolder(options.privateFolder)
  return new HostCache((await openShared(options)) ?? (await own.open()), own)
}

export class HostCache {
  /** The shared folder, or the own one if that is unusable. */
  readonly #first: BlobFolder
  readonly #own: OwnFolder
  /** Digests of blobs in the own folder: the shared one had no room for them. */
  readonly #beyond = new Set<string>()

  constructor(first: BlobFolder, own: OwnFolder) {
    this.#first = first
    this.#own = own
  }

  get versions(): BlobVersions {
    return this.#first.versions
  }

  /** Unpacked archives of this host; absent without a shared folder. */
  get trees(): TreeFolder | undefined {
    return this.#first.trees
  }

  temporaryPath(): string {
    return this.#first.temporaryPath()
  }

  /** As `BlobFolder.keep`. Rejects with `DISK_FULL` or `FILE_UNUSABLE`, retryable. */
  keep(bytes: Uint8Array, sha256: string): Promise<void> {
    return withFileErrors(() => this.#first.keep(bytes, sha256))
  }

  /** As `BlobFolder.read`. Rejects with `FILE_UNUSABLE`, retryable. */
  read(sha256: string, maxBytes: number): Promise<Buffer | undefined> {
    return withFileErrors(() => this.#first.read(sha256, maxBytes))
  }

  /** As `BlobFolder.publish`. Rejects with `DISK_FULL` or `FILE_UNUSABLE`, retryable. */
  publish(path: string, sha256: string): Promise<void> {
    return withFileErrors(() => this.#first.publish(path, sha256))
  }

  /**
   * As `BlobFolder.claim`; a blob without room in the cache goes into the executor's own folder.
   * Rejects with `DISK_FULL` if there is no room there either, after all unused blobs are removed.
   */
  claim(sha256: string, sizeBytes: number, signal: AbortSignal): Promise<BlobClaim | undefined> {
    return withFileErrors(async () => {
      if (this.#beyond.has(sha256)) return this.#claimBeyond(sha256, sizeBytes, signal)
      const claim = await this.#first.claim(sha256, sizeBytes, signal).catch(fullIfNoRoom)
      return claim === 'full' ? this.#claimBeyond(sha256, sizeBytes, signal) : claim
    })
  }

  /** As `BlobFolder.place`. Rejects with `DISK_FULL` or `FILE_UNUSABLE`, retryable. */
  place(sha256: string, target: string): Promise<boolean> {
    return withFileErrors(async () => {
      const holder = this.#beyond.has(sha256) ? await this.#own.open() : this.#first
      return holder.place(sha256, target)
    })
  }

  /**
   * Ensures that this number of bytes can be written to `folder`; removes unused blobs of the cache
   * if it is on the same disk. Rejects with `DISK_FULL`.
   */
  makeRoom(folder: string, sizeBytes: number): Promise<void> {
    return withFileErrors(async () => {
      if (!(await this.#first.freeDisk(folder, sizeBytes))) throw await noRoom(folder, sizeBytes)
    })
  }

  async close(): Promise<void> {
    await this.#first.close()
    await this.#own.close()
  }

  async #claimBeyond(
    sha256: string,
    sizeBytes: number,
    signal: AbortSignal,
  ): Promise<BlobClaim | undefined> {
    this.#beyond.add(sha256)
    await this.makeRoom(this.#own.path, sizeBytes)
    const claim = await (await this.#own.open()).claim(sha256, sizeBytes, signal)
    if (claim !== 'full') return claim
    throw await noRoom(this.#own.path, sizeBytes)
  }
}

/** The executor's own folder, opened on first use. */
class OwnFolder {
  readonly path: string
  #opening: Promise<BlobFolder> | undefined

  constructor(path: string) {
    this.path = path
  }

  /** Rejects with `DISK_FULL` or `FILE_UNUSABLE`; a later call tries again. */
  open(): Promise<BlobFolder> {
    this.#opening ??= openBlobFolder(this.path).catch((error: unknown) => {
      this.#opening = undefined
      throw toFileError(error, "the executor's own folder of libraries")
    })
    return this.#opening
  }

  async close(): Promise<void> {
    await (await this.#opening)?.close()
  }
}

async function openShared({
  folder,
  maxMb,
  privateFolder,
  onWarning,
}: HostCacheOptions): Promise<BlobFolder | undefined> {
  try {
    const root = await claimFolder(folder ?? join(tmpdir(), `jarcast-cache-${process.getuid?.()}`))
    const sandbox = dirname(privateFolder)
    return await openBlobFolder(root, { budgetBytes: budgetOf(maxMb), copiesFolder: sandbox })
  } catch (error) {
    onWarning?.(`libraries are not shared with other executors of this host: ${messageOf(error)}`)
    return undefined
  }
}

async function withFileErrors<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    // Retryable: other files may fill the disk for a moment only.
    throw toFileError(error, 'libraries of this executor', true)
  }
}

/** Without an inode, there can be neither a lease nor a pin. */
function fullIfNoRoom(error: unknown): 'full' {
  if (['ENOSPC', 'EDQUOT'].includes(String((error as NodeJS.ErrnoException).code))) return 'full'
  throw error
}

async function noRoom(folder: string, sizeBytes: number): Promise<JarcastError> {
  const { bytes: freeBytes, files } = await freeOf(folder)
  const free = files < 100 ? `${megabytes(freeBytes)} and ${files} inodes` : megabytes(freeBytes)
  const message = `${megabytes(sizeBytes)} are needed on the disk of ${folder}, ${free} are free, and the unused libraries in the host's cache are too few: free space there, or set JARCAST_CACHE_DIR to a folder on another disk`
  return new JarcastError('DISK_FULL', message, {
    details: { path: folder, needBytes: sizeBytes, freeBytes },
  })
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

/** An invalid budget means the default. */
function budgetOf(maxMb: string | undefined): number {
  const given = Number(maxMb ?? Number.NaN)
  return (Number.isFinite(given) && given >= 0 ? given : defaultMaxMb) * 1_000_000
}
