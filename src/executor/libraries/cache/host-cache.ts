/** The blobs that all executors of one user on a host share, and a folder of the executor's own for what finds no room there. */
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { JarcastError, toFileError } from '../../../errors.ts'
import { openBlobFolder } from './blob-folder.ts'
import type { BlobClaim, BlobFolder } from './blob-folder.ts'
import { claimFolder } from './claim-folder.ts'
import { freeOf } from './room.ts'

export interface HostCache extends Pick<
  BlobFolder,
  'temporaryPath' | 'publish' | 'place' | 'close' | 'versions'
> {
  /**
   * As `BlobFolder.claim`; a blob without room in the cache goes into the executor's own folder.
   * Rejects with `DISK_FULL` if there is no room there either, after all unused blobs are removed.
   */
  claim(sha256: string, sizeBytes: number, signal: AbortSignal): Promise<BlobClaim | undefined>
  /**
   * Ensures that this number of bytes can be written to `folder`; removes unused blobs of the cache
   * if it is on the same disk. Rejects with `DISK_FULL`.
   */
  makeRoom(folder: string, sizeBytes: number): Promise<void>
}

export interface HostCacheOptions {
  /** `JARCAST_CACHE_DIR`; default `<tmp>/jarcast-cache-<uid>`. */
  readonly folder?: string | undefined
  /** `JARCAST_CACHE_MAX_MB`, 10^6 bytes; default 10,000. What executors took within an hour is not removed for it. */
  readonly maxMb?: string | undefined
  /** Serves this executor alone: in place of a shared folder that others could write to, and for what is beyond the budget. */
  readonly privateFolder: string
  /** Called with the reason why the shared folder is not used. */
  readonly onWarning?: (message: string) => void
}

const defaultMaxMb = 10_000

/**
 * Opens the cache. Does not use a shared folder that another user could write to, or that is
 * unusable.
 */
export async function openHostCache(options: HostCacheOptions): Promise<HostCache> {
  const { folder, maxMb, privateFolder, onWarning } = options
  const shared = await openShared(folder ?? join(tmpdir(), `jarcast-cache-${process.getuid?.()}`))
  let opening: Promise<BlobFolder> | undefined
  const first = shared ?? (await openOwn())
  const beyond = new Set<string>()

  async function openShared(path: string): Promise<BlobFolder | undefined> {
    try {
      const root = await claimFolder(path)
      const sandbox = dirname(privateFolder)
      return await openBlobFolder(root, { budgetBytes: budgetOf(maxMb), copiesFolder: sandbox })
    } catch (error) {
      const why = (error as Error).message
      onWarning?.(`libraries are not shared with other executors of this host: ${why}`)
      return undefined
    }
  }

  function openOwn(): Promise<BlobFolder> {
    opening ??= openBlobFolder(privateFolder).catch((error: unknown) => {
      opening = undefined
      throw toFileError(error, "the executor's own folder of libraries")
    })
    return opening
  }

  async function claimBeyond(
    sha256: string,
    sizeBytes: number,
    signal: AbortSignal,
  ): Promise<BlobClaim | undefined> {
    beyond.add(sha256)
    await makeRoom(privateFolder, sizeBytes)
    const claim = await (await openOwn()).claim(sha256, sizeBytes, signal)
    if (claim !== 'full') return claim
    throw await noRoom(privateFolder, sizeBytes)
  }

  async function makeRoom(target: string, sizeBytes: number): Promise<void> {
    if (await first.freeDisk(target, sizeBytes)) return
    throw await noRoom(target, sizeBytes)
  }

  async function guarded<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      // This may pass: other files may fill the disk for a moment.
      throw toFileError(error, 'libraries of this executor', true)
    }
  }

  return {
    versions: first.versions,
    temporaryPath: first.temporaryPath,
    publish: (path, sha256) => guarded(() => first.publish(path, sha256)),
    claim: (sha256, sizeBytes, signal) =>
      guarded(async () => {
        if (beyond.has(sha256)) return claimBeyond(sha256, sizeBytes, signal)
        const claim = await first.claim(sha256, sizeBytes, signal).catch(fullIfNoRoom)
        return claim === 'full' ? claimBeyond(sha256, sizeBytes, signal) : claim
      }),
    place: (sha256, target) =>
      guarded(async () => {
        const holder = beyond.has(sha256) ? await openOwn() : first
        return holder.place(sha256, target)
      }),
    makeRoom: (target, sizeBytes) => guarded(() => makeRoom(target, sizeBytes)),
    async close() {
      await shared?.close()
      await (await opening)?.close()
    },
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
  const message = `${megabytes(sizeBytes)} are needed on the disk of ${folder}, ${free} are free, and the host's cache has nothing unused that would do: make room there, or set JARCAST_CACHE_DIR to a folder on another disk`
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
