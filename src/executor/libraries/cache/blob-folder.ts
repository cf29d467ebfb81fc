/**
 * Blobs on disk, each under the SHA-256 of its bytes, for all processes of one user. Correctness
 * needs no lock and trusts nobody: a blob appears by rename, and whoever uses it takes a copy that
 * no other process has, and hashes that. Tasks run as the user whose folder this is and can write
 * to everything in it. All there is to know is on disk: a new process finds everything where a dead
 * one left it.
 */
import { chmod, lstat, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolders } from '../../../leases/private-files.ts'
import { createBlobVersions } from './blob-versions.ts'
import type { BlobVersions } from './blob-versions.ts'
import { createLeaseWaiter, createOwner, isOwnerDead } from './lease.ts'
import type { CacheLease } from './lease.ts'
import { freeDisk, makeRoom, sweepCache } from './room.ts'
import { copyBlob, moveBlob } from './take-blob.ts'

export interface BlobFolder {
  /** Which blobs were the same library by name. */
  readonly versions: BlobVersions
  /**
   * The right to fetch a blob: undefined when one of this size is there (also because another
   * process fetched it meanwhile), and then it stays for this process; `full` when budget or disk
   * have no room. Waits while a living process fetches it; rejects with the signal's reason.
   */
  claim(
    sha256: string,
    sizeBytes: number,
    signal: AbortSignal,
  ): Promise<BlobClaim | 'full' | undefined>
  /** A new name, on the same file system, to write a blob to before its digest is known. */
  temporaryPath(): string
  /**
   * Makes the file a blob. Its bytes must have been verified against `sha256` by the caller, and
   * synced.
   */
  publish(path: string, sha256: string): Promise<void>
  /**
   * Copies or moves a blob to `target`, a new file that only this process has. Returns false if the
   * blob is missing or had other bytes; then it is removed and can be fetched again.
   */
  place(sha256: string, target: string): Promise<boolean>
  /**
   * Removes unused blobs until the disk of `folder` has this number of free bytes. Returns false if
   * that is impossible.
   */
  freeDisk(folder: string, sizeBytes: number): Promise<boolean>
  /** Gives up what is used; the blobs stay for others. */
  close(): Promise<void>
}

export interface BlobClaim {
  /** The path of the partial blob: bytes of an earlier fetch, to which this one appends. */
  readonly partPath: string
  /** Makes the part a blob, as `publish`. */
  publish(): Promise<void>
  /** Ends the claim; what was received is kept for the next one. */
  release(): Promise<void>
}

export interface BlobFolderOptions {
  /** Default: the size of the disk. */
  readonly budgetBytes?: number
  /**
   * The folder that blobs are copied to. Without it, this cache belongs to the process, and blobs
   * are moved out of it.
   */
  readonly copiesFolder?: string
}

/** Opens the folder, which is made when missing; `root` must be this user's alone. */
export async function openBlobFolder(
  root: string,
  { budgetBytes = Infinity, copiesFolder }: BlobFolderOptions = {},
): Promise<BlobFolder> {
  const owner = createOwner()
  const folders = {
    blobs: join(root, 'sha256'),
    transfers: join(root, 'tmp'),
    pins: join(root, 'pins'),
  }
  const names = join(root, 'names')
  const own = join(folders.pins, owner)
  for (const folder of [folders.blobs, folders.transfers, names, own]) {
    makeFolders(folder)
  }
  await sweepCache(folders)
  const blobOf = (sha256: string): string => join(folders.blobs, sha256)
  const pinOf = (sha256: string): string => join(own, sha256)

  /** Returns true if the blob exists; then pins it and marks it as used last. */
  async function has(sha256: string, sizeBytes: number): Promise<boolean> {
    // Pin first, so that no other process removes the blob in between.
    await writeFile(pinOf(sha256), '')
    const found = await lstat(blobOf(sha256)).catch(() => undefined)
    if (found?.isFile() === true && found.size === sizeBytes) {
      await utimes(blobOf(sha256), new Date(), found.mtime)
      return true
    }
    // Removes only the file that was seen: another process may put a new one there now.
    if (found !== undefined) await rm(blobOf(sha256), { recursive: true, force: true })
    return false
  }

  async function publish(path: string, sha256: string): Promise<void> {
    await chmod(path, 0o400)
    await writeFile(pinOf(sha256), '')
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
    publish,
    temporaryPath: () => join(folders.transfers, `unnamed.${createOwner()}`),
    async claim(sha256, sizeBytes, signal) {
      const waiter = createLeaseWaiter(join(folders.transfers, `${sha256}.lease`))
      const copy = copiesFolder === undefined ? {} : { copy: { folder: copiesFolder, sizeBytes } }
      for (;;) {
        signal.throwIfAborted()
        if (await has(sha256, sizeBytes)) return undefined
        const lease = await waiter.take({ owner, sizeBytes })
        if (lease !== undefined) {
          // Whoever had the lease before may have ended with the blob in place.
          const isThere = await has(sha256, sizeBytes)
          if (!isThere && (await makeRoom(folders, { budgetBytes, ...copy }))) {
            return begin(sha256, lease)
          }
          await lease.release()
          return isThere ? undefined : 'full'
        }
        await waiter.wait(signal)
      }
    },
    async place(sha256, target) {
      const take = copiesFolder === undefined ? moveBlob : copyBlob
      const isPlaced = await take(blobOf(sha256), target, sha256)
      // The blob had other bytes, or was missing; then another process may put it there now.
      if (isPlaced === false) await rm(blobOf(sha256), { recursive: true, force: true })
      return isPlaced === true
    },
    freeDisk: (folder, sizeBytes) => freeDisk(folders, folder, sizeBytes),
    close: () => rm(own, { recursive: true, force: true }),
  }
}

/**
 * Takes over what was received: by a fetch that gave up, or by a process that is gone and cannot
 * write there any more.
 */
async function adoptPart(folder: string, sha256: string, partPath: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(sha256) || !name.endsWith('.part')) continue
    const owner = name.slice(sha256.length + 1, -'.part'.length)
    if (owner !== '' && !isOwnerDead(owner)) continue
    await rename(join(folder, name), partPath).catch(() => undefined)
  }
}
