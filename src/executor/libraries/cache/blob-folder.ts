/**
 * Blobs on disk, each under the SHA-256 of its bytes, for all processes of one user. Correctness needs no lock: a blob
 * appears by rename once its digest matched, and an executor uses it through a hard link of its own, its pin, so that
 * nobody can take it away. All there is to know is on disk: a new process finds everything where a dead one left it.
 */
import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import { chmod, copyFile, link, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createBlobVersions } from './blob-versions.ts'
import type { BlobVersions } from './blob-versions.ts'
import { createOwner, isOwnerDead, takeLease, waitForLease } from './lease.ts'
import type { CacheLease } from './lease.ts'
import { makeRoom, sweepCache } from './room.ts'
import { isSealed, seal } from './seal.ts'
import { createTrees } from './trees.ts'
import type { Trees } from './trees.ts'

export interface BlobFolder {
  /** Which blobs were the same library by name. */
  readonly versions: BlobVersions
  /** What blobs unpack to. */
  readonly trees: Trees
  /**
   * True when a blob of this digest and size is there, and then it stays for this process. Its bytes are hashed again when
   * they were written to since its digest last matched; a blob that is not what it should be is removed.
   */
  has(sha256: string, sizeBytes: number): Promise<boolean>
  /**
   * The right to fetch a blob: undefined when it is there (also because another process fetched it meanwhile), `full` when
   * the budget does not allow it. Waits while a living process fetches it; rejects with the signal's reason.
   */
  claim(
    sha256: string,
    sizeBytes: number,
    signal: AbortSignal,
  ): Promise<BlobClaim | 'full' | undefined>
  /** A new name, on the same file system, to write a blob to before its digest is known. */
  temporaryPath(): string
  /** Makes the file a blob. Its bytes must have been verified against `sha256` by the caller, and synced. */
  publish(path: string, sha256: string): Promise<void>
  /** Puts a blob that `has` or `publish` told of at `target`: a hard link, or a copy where that cannot be. */
  place(sha256: string, target: string): Promise<void>
  /** Gives up what is used; the blobs stay for others. */
  close(): Promise<void>
}

export interface BlobClaim {
  /** What an earlier fetch received of the blob is here, and what more comes is to be written here. */
  readonly partPath: string
  /** Makes the part a blob, as `publish`. */
  publish(): Promise<void>
  /** Ends the claim; what was received is kept for the next one. */
  release(): Promise<void>
}

/** Opens the folder, which is made when missing; `root` must be this user's alone. */
export async function openBlobFolder(root: string, budgetBytes = Infinity): Promise<BlobFolder> {
  const owner = createOwner()
  const folders = {
    blobs: join(root, 'sha256'),
    transfers: join(root, 'tmp'),
    pins: join(root, 'pins'),
    trees: join(root, 'trees'),
  }
  const names = join(root, 'names')
  const own = join(folders.pins, owner)
  for (const folder of [folders.blobs, folders.transfers, folders.trees, names, own]) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  }
  await sweepCache(folders)
  const blobOf = (sha256: string): string => join(folders.blobs, sha256)
  const pinOf = (sha256: string): string => join(own, sha256)

  async function has(sha256: string, sizeBytes: number): Promise<boolean> {
    const pin = pinOf(sha256)
    const isThere = await linkOrCopy(blobOf(sha256), pin).catch(() => true)
    if (!isThere) return false
    const found = await lstat(pin).catch(() => undefined)
    if (found !== undefined && (await isIntact(pin, found, sha256, sizeBytes))) {
      await seal(pin, sha256).catch(() => undefined)
      return true
    }
    await rm(blobOf(sha256), { recursive: true, force: true })
    await rm(pin, { force: true })
    return false
  }

  async function publish(path: string, sha256: string): Promise<void> {
    // Linked into sandboxes as it is: a task must not change what others will run, and nobody else may read it.
    await chmod(path, 0o400)
    await seal(path, sha256)
    await rm(pinOf(sha256), { force: true })
    await linkOrCopy(path, pinOf(sha256))
    await rename(path, blobOf(sha256))
  }

  async function begin(sha256: string, lease: CacheLease): Promise<BlobClaim> {
    const partPath = join(folders.transfers, `${sha256}.${owner}.part`)
    await adoptPart(folders.transfers, sha256, partPath)
    return {
      partPath,
      publish: () => publish(partPath, sha256),
      async release() {
        await rename(partPath, join(folders.transfers, `${sha256}.part`)).catch(() => undefined)
        await lease.release()
      },
    }
  }

  return {
    versions: createBlobVersions(names, blobOf),
    trees: createTrees({
      folder: folders.trees,
      pins: own,
      owner,
      makeRoom: (sizeBytes) => makeRoom(folders, budgetBytes, sizeBytes),
    }),
    has,
    publish,
    temporaryPath: () => join(folders.transfers, `unnamed.${createOwner()}`),
    async claim(sha256, sizeBytes, signal) {
      const path = join(folders.transfers, `${sha256}.lease`)
      for (;;) {
        signal.throwIfAborted()
        if (await has(sha256, sizeBytes)) return undefined
        const lease = await takeLease(path, { owner, sizeBytes })
        if (lease !== undefined) {
          // Whoever had the lease before may have ended with the blob in place.
          const isThere = await has(sha256, sizeBytes)
          if (!isThere && (await makeRoom(folders, budgetBytes))) return begin(sha256, lease)
          await lease.release()
          return isThere ? undefined : 'full'
        }
        await waitForLease(path, signal)
      }
    },
    async place(sha256, target) {
      if (!(await linkOrCopy(pinOf(sha256), target))) {
        throw new Error(`the host cache has no ${sha256} any more`)
      }
    },
    close: () => rm(own, { recursive: true, force: true }),
  }
}

/** Takes over what was received: by a fetch that gave up, or by a process that is gone and cannot write there any more. */
async function adoptPart(folder: string, sha256: string, partPath: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(sha256) || !name.endsWith('.part')) continue
    const owner = name.slice(sha256.length + 1, -'.part'.length)
    if (owner !== '' && !isOwnerDead(owner)) continue
    await rename(join(folder, name), partPath).catch(() => undefined)
  }
}

/** False when there is nothing at `path`; true also when `target` is there already. */
async function linkOrCopy(path: string, target: string): Promise<boolean> {
  try {
    await link(path, target)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return true
    if (code === 'ENOENT') return false
  }
  // Another file system, or one without hard links.
  await copyFile(path, target)
  await chmod(target, 0o400)
  return true
}

/** True for a file that has not been written to since its digest last matched, or whose digest matches now. */
async function isIntact(
  path: string,
  found: Stats,
  sha256: string,
  sizeBytes: number,
): Promise<boolean> {
  if (!found.isFile() || found.size !== sizeBytes) return false
  return isSealed(found, sha256) || (await hashFile(path)) === sha256
}

/** SHA-256 of a file in hex; undefined when it cannot be read. */
async function hashFile(path: string): Promise<string | undefined> {
  const file = await open(path, 'r').catch(() => undefined)
  if (file === undefined) return undefined
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(256 * 1024)
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length)
      if (bytesRead === 0) return hash.digest('hex')
      hash.update(buffer.subarray(0, bytesRead))
    }
  } catch {
    return undefined
  } finally {
    await file.close()
  }
}
