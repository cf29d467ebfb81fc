/**
 * Blobs on disk, each under the SHA-256 of its bytes, shared by all processes of one user. No lock
 * is needed for correctness: a blob appears by rename, and each user of a blob takes a private copy
 * and hashes it, since tasks run as the owner of this folder and can write to everything in it. All
 * state is on disk, so a new process continues where a dead one stopped.
 */
import { chmod, lstat, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolders } from '../../../leases/private-files.ts'
import { createBlobVersions } from './blob-versions.ts'
import type { BlobVersions } from './blob-versions.ts'
import { createLeaseWaiter, createOwner, isOwnerDead } from './lease.ts'
import type { CacheLease } from './lease.ts'
import { freeDisk, makeRoom, sweepCache } from './room.ts'
import type { CacheFolders } from './room.ts'
import { copyBlob, moveBlob, readBlob } from './take-blob.ts'
import { openTreeFolder } from './tree-folder.ts'
import type { TreeFolder } from './tree-folder.ts'

export interface BlobFolderOptions {
  /** Maximum size of the folder, in bytes. Default: the size of the disk. */
  readonly budgetBytes?: number
  /**
   * The folder that blobs are copied to. Without it, this cache belongs to the process, and blobs
   * are moved out of it.
   */
  readonly copiesFolder?: string
}

export interface BlobClaim {
  /** Path of the partial blob. It may hold bytes of an earlier fetch; this one appends to them. */
  readonly partPath: string
  /** Makes the part a blob, as `BlobFolder.publish` does. */
  publish(): Promise<void>
  /** Ends the claim; the next one continues from the received bytes. */
  release(): Promise<void>
}

/** Opens the folder `root`, and makes it if it is missing. No other user may have access to it. */
export async function openBlobFolder(
  root: string,
  options: BlobFolderOptions = {},
): Promise<BlobFolder> {
  const owner = createOwner()
  const folders = {
    blobs: join(root, 'sha256'),
    transfers: join(root, 'tmp'),
    pins: join(root, 'pins'),
    names: join(root, 'names'),
    // Filled by the commands of executors: see domain/tasks/start-node.ts.
    runtimes: join(root, 'runtimes'),
    trees: join(root, 'trees'),
    own: join(root, 'pins', owner),
  }
  for (const folder of Object.values(folders)) makeFolders(folder)
  await sweepCache(folders)
  return new BlobFolder(folders, owner, options)
}

interface Folders extends CacheFolders {
  /** Notes of `BlobVersions`. */
  readonly names: string
  /** The pins of this owner. */
  readonly own: string
}

export class BlobFolder {
  /** Finds blobs that were the same library by name. */
  readonly versions: BlobVersions
  /** Unpacked archives; absent if this cache belongs to the process. */
  readonly trees: TreeFolder | undefined
  readonly #folders: Folders
  readonly #owner: string
  readonly #options: BlobFolderOptions

  constructor(folders: Folders, owner: string, options: BlobFolderOptions) {
    this.versions = createBlobVersions(folders.names, (sha256) => this.#pathOf(sha256))
    this.#folders = folders
    this.#owner = owner
    this.#options = options
    this.trees =
      options.copiesFolder === undefined
        ? undefined
        : openTreeFolder({
            root: folders.trees,
            temporaryPath: () => this.temporaryPath(),
            makeRoom: (sizeBytes) => this.#makeRoom(sizeBytes),
          })
  }

  /**
   * Claims the right to fetch a blob, and waits while a living process fetches it. Resolves to
   * undefined if a blob of this size is there, which then stays for this process; to `full` if the
   * budget or the disk has no room. Rejects with the signal's reason.
   */
  async claim(
    sha256: string,
    sizeBytes: number,
    signal: AbortSignal,
  ): Promise<BlobClaim | 'full' | undefined> {
    const waiter = createLeaseWaiter(join(this.#folders.transfers, `${sha256}.lease`))
    for (;;) {
      signal.throwIfAborted()
      if (await this.#pin(sha256, sizeBytes)) return undefined
      const lease = await waiter.take({ owner: this.#owner, sizeBytes })
      if (lease !== undefined) return await this.#useLease(lease, sha256, sizeBytes)
      await waiter.wait(signal)
    }
  }

  /** Returns an unused name on the same file system, for a blob of unknown digest. */
  temporaryPath(): string {
    return join(this.#folders.transfers, `unnamed.${createOwner()}`)
  }

  /** Makes the file a blob. The caller has verified its bytes against `sha256`, and synced them. */
  async publish(path: string, sha256: string): Promise<void> {
    await chmod(path, 0o400)
    await writeFile(this.#pinOf(sha256), '')
    await rename(path, this.#pathOf(sha256))
  }

  /** Makes these bytes a blob, if there is room. The caller has verified their digest. */
  async keep(bytes: Uint8Array, sha256: string): Promise<void> {
    if (!(await this.#makeRoom(bytes.length))) return
    const path = this.temporaryPath()
    try {
      await writeFile(path, bytes, { flag: 'wx', mode: 0o600 })
      await this.publish(path, sha256)
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
  }

  /** Reads a blob of up to `maxBytes`; undefined if it is missing, larger or has other bytes. */
  async read(sha256: string, maxBytes: number): Promise<Buffer | undefined> {
    const path = this.#pathOf(sha256)
    const bytes = await readBlob(path, sha256, maxBytes)
    if (bytes !== undefined) await utimes(path, new Date(), new Date()).catch(() => undefined)
    return bytes
  }

  /**
   * Copies or moves a blob to `target`, a new private file. Returns false if the blob is missing or
   * has other bytes; then it is removed and can be fetched again.
   */
  async place(sha256: string, target: string): Promise<boolean> {
    const take = this.#options.copiesFolder === undefined ? moveBlob : copyBlob
    const isPlaced = await take(this.#pathOf(sha256), target, sha256)
    // Not for a missing blob: another process may put it there now.
    if (isPlaced === false) await rm(this.#pathOf(sha256), { recursive: true, force: true })
    return isPlaced === true
  }

  /**
   * Removes unused blobs until the disk of `folder` has this number of free bytes. Returns false if
   * that is impossible.
   */
  freeDisk(folder: string, sizeBytes: number): Promise<boolean> {
    return freeDisk(this.#folders, folder, sizeBytes)
  }

  /** Removes the pins of this owner; the blobs stay for others. */
  async close(): Promise<void> {
    await rm(this.#folders.own, { recursive: true, force: true })
  }

  /** False if this number of bytes does not fit in the budget or on the disk. */
  async #makeRoom(sizeBytes: number): Promise<boolean> {
    const { budgetBytes = Infinity } = this.#options
    return (
      (await makeRoom(this.#folders, { budgetBytes: budgetBytes - sizeBytes })) &&
      (await freeDisk(this.#folders, this.#folders.blobs, sizeBytes))
    )
  }

  async #useLease(
    lease: CacheLease,
    sha256: string,
    sizeBytes: number,
  ): Promise<BlobClaim | 'full' | undefined> {
    const { budgetBytes = Infinity, copiesFolder: folder } = this.#options
    const copy = folder === undefined ? undefined : { folder, sizeBytes }
    // The previous holder of the lease may have published the blob.
    const isThere = await this.#pin(sha256, sizeBytes)
    if (!isThere && (await makeRoom(this.#folders, { budgetBytes, copy }))) {
      return await this.#begin(sha256, lease)
    }
    await lease.release()
    return isThere ? undefined : 'full'
  }

  async #begin(sha256: string, lease: CacheLease): Promise<BlobClaim> {
    const { transfers } = this.#folders
    const partPath = join(transfers, `${sha256}.${this.#owner}.part`)
    await adoptPart(transfers, sha256, partPath)
    return {
      partPath,
      publish: () => this.publish(partPath, sha256),
      async release() {
        await rename(partPath, join(transfers, `${sha256}.part`)).catch(() => undefined)
        await lease.release()
      },
    }
  }

  /** Returns true if the blob exists; then pins it and marks it as used last. */
  async #pin(sha256: string, sizeBytes: number): Promise<boolean> {
    const path = this.#pathOf(sha256)
    // Pin first, so that no other process removes the blob in between.
    await writeFile(this.#pinOf(sha256), '')
    const found = await lstat(path).catch(() => undefined)
    if (found?.isFile() === true && found.size === sizeBytes) {
      await utimes(path, new Date(), found.mtime)
      return true
    }
    // Removes only the file that was seen: another process may put a new one there now.
    if (found !== undefined) await rm(path, { recursive: true, force: true })
    return false
  }

  #pathOf(sha256: string): string {
    return join(this.#folders.blobs, sha256)
  }

  #pinOf(sha256: string): string {
    return join(this.#folders.own, sha256)
  }
}

/** Takes over the part of a fetch that gave up, or of a process that has certainly ended. */
async function adoptPart(folder: string, sha256: string, partPath: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(sha256) || !name.endsWith('.part')) continue
    const owner = name.slice(sha256.length + 1, -'.part'.length)
    if (owner !== '' && !isOwnerDead(owner)) continue
    await rename(join(folder, name), partPath).catch(() => undefined)
  }
}
