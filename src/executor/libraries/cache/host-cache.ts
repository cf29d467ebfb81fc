/** The blobs that all executors of one user on a host share, and a folder of the executor's own for what finds no room there. */
import { lstat, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { openBlobFolder } from './blob-folder.ts'
import type { BlobClaim, BlobFolder } from './blob-folder.ts'

export interface HostCache extends Pick<
  BlobFolder,
  'temporaryPath' | 'publish' | 'place' | 'close' | 'versions' | 'trees'
> {
  /** As `BlobFolder.claim`; there is always room in the executor's own folder. */
  claim(sha256: string, sizeBytes: number, signal: AbortSignal): Promise<BlobClaim | undefined>
}

export interface HostCacheOptions {
  /** `JARCAST_CACHE_DIR`; default `<tmp>/jarcast-cache-<uid>`. */
  readonly folder?: string | undefined
  /** `JARCAST_CACHE_MAX_MB`, 10^6 bytes; default 10,000. What executors use now is never removed for it. */
  readonly maxMb?: string | undefined
  /** Serves this executor alone: in place of a shared folder that others could write to, and for what is beyond the budget. */
  readonly privateFolder: string
}

const defaultMaxMb = 10_000

/** Opens the cache. A folder that somebody else could write to is not used. */
export async function openHostCache(options: HostCacheOptions): Promise<HostCache> {
  const { folder, maxMb, privateFolder } = options
  const shared = folder ?? join(tmpdir(), `jarcast-cache-${userId()}`)
  const isClaimed = await claimFolder(shared)
  const first = isClaimed
    ? await openBlobFolder(shared, budgetOf(maxMb))
    : await openBlobFolder(privateFolder)
  let second: Promise<BlobFolder> | undefined
  const beyond = new Set<string>()

  async function claimBeyond(
    sha256: string,
    sizeBytes: number,
    signal: AbortSignal,
  ): Promise<BlobClaim | undefined> {
    beyond.add(sha256)
    second ??= openBlobFolder(privateFolder)
    const claim = await (await second).claim(sha256, sizeBytes, signal)
    return claim === 'full' ? undefined : claim
  }

  return {
    ...first,
    async claim(sha256, sizeBytes, signal) {
      if (beyond.has(sha256)) return claimBeyond(sha256, sizeBytes, signal)
      const claim = await first.claim(sha256, sizeBytes, signal)
      return claim === 'full' ? claimBeyond(sha256, sizeBytes, signal) : claim
    },
    async place(sha256, target) {
      const holder = beyond.has(sha256) ? await second : first
      await (holder ?? first).place(sha256, target)
    },
    async close() {
      await first.close()
      await (await second)?.close()
    },
  }
}

/** A budget that is no number is none of ours to guess: the default. */
function budgetOf(maxMb: string | undefined): number {
  const given = Number(maxMb ?? Number.NaN)
  return (Number.isFinite(given) && given >= 0 ? given : defaultMaxMb) * 1_000_000
}

/** Makes the folder; true when it is ours and only ours. */
async function claimFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    const found = await lstat(path)
    return found.isDirectory() && found.uid === userId() && (found.mode & 0o077) === 0
  } catch {
    return false
  }
}

/** Not by `userInfo()`: in a container the user may well have no entry in passwd. */
function userId(): number | undefined {
  return process.getuid?.()
}
