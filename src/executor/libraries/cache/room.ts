/**
 * Keeps a cache folder within its budget and its disk. Parts are removed first, then the least
 * recently used blobs and runtimes. Blobs in use by a living executor stay.
 */
import { lstat, readdir, rm, stat, statfs } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isOwnerDead, readLease } from './lease.ts'
import { sizeOfTree } from './tree-folder.ts'

export interface CacheFolders {
  /** Blobs by digest. */
  readonly blobs: string
  /** Leases (`<digest>.lease`) and partial blobs (`<digest>.part`, `<digest>.<owner>.part`). */
  readonly transfers: string
  /** One folder per executor, with an empty file for each blob it uses. */
  readonly pins: string
  /** Shipped programs of Node.js, by digest. Executors run copies, so each can be removed. */
  readonly runtimes: string
  /** Unpacked archives, by digest and size. */
  readonly trees: string
}

export interface RoomOptions {
  /** Budget of the whole folder, in bytes. */
  readonly budgetBytes: number
  /** The copy that follows: its folder and size. */
  readonly copy?: { readonly folder: string; readonly sizeBytes: number } | undefined
}

interface Candidate {
  readonly path: string
  readonly sizeBytes: number
  readonly usedMs: number
}

interface Contents {
  readonly usedBytes: number
  /** The part of `usedBytes` that fetches in progress have not written yet. */
  readonly comingBytes: number
  /** Unused files, in the order of removal. */
  readonly unused: readonly Candidate[]
}

/** Age at which a partial blob counts as abandoned. */
const stalePartMs = 24 * 60 * 60 * 1000
/** Lifetime of a pin: longer than it takes from the claim of a library to its installation. */
const pinMs = 60 * 60 * 1000
/** Largest difference between clocks of one host. */
const skewMs = 60_000
/** Bytes left free on a disk for files other than blobs. */
const spareBytes = 1_000_000
/** Number of files left free: lease, part, pin and name of a blob, its copy, and a few more. */
const spareFiles = 8

/**
 * Removes unused files until all blobs, with those that living processes are fetching, fit in the
 * budget and on the disk. The caller holds the lease of its blob, which is counted, too. Returns
 * false, and removes nothing, if that is impossible.
 */
export async function makeRoom(
  folders: CacheFolders,
  { budgetBytes, copy }: RoomOptions,
): Promise<boolean> {
  const { usedBytes, comingBytes, unused } = await readContents(folders)
  const isCopyHere = copy !== undefined && (await isOneDisk(copy.folder, folders.blobs))
  const writtenBytes = comingBytes + (isCopyHere ? copy.sizeBytes : 0)
  const free = await freeOf(folders.blobs)
  const missing = writtenBytes + spareBytes - free.bytes
  return await remove(unused, Math.max(usedBytes - budgetBytes, missing), spareFiles - free.files)
}

/**
 * Removes unused files until the disk of `folder` has this number of free bytes. Returns false, and
 * removes nothing, if that is impossible.
 */
export async function freeDisk(
  folders: CacheFolders,
  folder: string,
  sizeBytes: number,
): Promise<boolean> {
  const free = await freeOf(folder)
  const missing = sizeBytes + spareBytes - free.bytes
  if (missing <= 0 && free.files >= spareFiles) return true
  if (!(await isOneDisk(folder, folders.blobs))) return false
  const { unused } = await readContents(folders)
  return await remove(unused, missing, spareFiles - free.files)
}

/**
 * Bytes and files that still fit on the disk of `path` for this user. The path need not exist. For
 * file systems without a fixed number of inodes, `files` is infinite.
 */
export async function freeOf(
  path: string,
): Promise<{ readonly bytes: number; readonly files: number }> {
  const { bavail, bsize, ffree, files } = await statfs(await existing(path))
  return { bytes: bavail * bsize, files: files === 0 ? Infinity : ffree }
}

/** Removes files of executors that have certainly ended, and abandoned parts. */
export async function sweepCache({ transfers, pins }: CacheFolders): Promise<void> {
  await pinnedNames(pins)
  for (const { path, usedMs } of await list(transfers)) {
    const owner = /\/unnamed\.(.+)$/.exec(path)?.[1]
    const isLeft = owner !== undefined && isOwnerDead(owner)
    // A time in the future shows a wrong clock, so the age is unknown: remove it, too.
    const isStale = Math.abs(Date.now() - usedMs) > stalePartMs
    if (isLeft || isStale) await rm(path, { recursive: true, force: true })
  }
}

async function readContents(folders: CacheFolders): Promise<Contents> {
  const { blobs, transfers, pins, runtimes, trees } = folders
  const pinned = await pinnedNames(pins)
  const leased = await leases(transfers)
  const whole = await list(blobs)
  const programs = await list(runtimes)
  const unpacked = (await list(trees)).map(withTreeSize)
  const files = (await list(transfers)).filter(({ path }) => !/\.lease[^/]*$/.test(path))
  const isLeased = ({ path }: Candidate): boolean => leased.has(digestOf(path))
  const parts = files.filter((file) => file.path.endsWith('.part') && !isLeased(file))
  const unusedBlobs = [...whole, ...unpacked].filter(({ path }) => !pinned.has(digestOf(path)))
  const promisedBytes = [...leased.values()].reduce((bytes, sizeBytes) => bytes + sizeBytes, 0)
  return {
    usedBytes: promisedBytes + sum(whole) + sum(unpacked) + sum(programs) + sum(parts),
    comingBytes: Math.max(0, promisedBytes - sum(files.filter(isLeased))),
    // Parts first: a whole blob saves a whole download.
    unused: [...byUse(parts), ...byUse([...unusedBlobs, ...programs])],
  }
}

async function remove(
  unused: readonly Candidate[],
  needBytes: number,
  needFiles: number,
): Promise<boolean> {
  if (needBytes > sum(unused) || needFiles > unused.length) return false
  let [freedBytes, freedFiles] = [0, 0]
  for (const { path, sizeBytes } of unused) {
    if (freedBytes >= needBytes && freedFiles >= needFiles) break
    await rm(path, { recursive: true, force: true })
    freedBytes += sizeBytes
    freedFiles += 1
  }
  return true
}

/**
 * Digests of blobs that executors took recently or are about to take. Removes the pins of dead
 * executors. The end of an executor in another container may be invisible, so pins expire.
 */
async function pinnedNames(folder: string): Promise<ReadonlySet<string>> {
  const pinned = new Set<string>()
  for (const owner of await readdir(folder)) {
    const path = join(folder, owner)
    if (isOwnerDead(owner)) {
      await rm(path, { recursive: true, force: true })
      continue
    }
    for (const name of await readdir(path).catch(() => [])) {
      const found = await lstat(join(path, name)).catch(() => undefined)
      if (found !== undefined && Math.abs(Date.now() - found.mtimeMs) < pinMs) pinned.add(name)
    }
  }
  return pinned
}

/** Sizes of the blobs that living processes are fetching, by digest. */
async function leases(folder: string): Promise<ReadonlyMap<string, number>> {
  const promised = new Map<string, number>()
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.lease')) continue
    const holder = await readLease(join(folder, name))
    if (holder === undefined || isOwnerDead(holder.owner)) continue
    promised.set(digestOf(name), holder.sizeBytes)
  }
  return promised
}

async function list(folder: string): Promise<readonly Candidate[]> {
  const found = (await readdir(folder)).map(async (name): Promise<readonly Candidate[]> => {
    const path = join(folder, name)
    // It may have been removed meanwhile.
    const file = await lstat(path).catch(() => undefined)
    return file === undefined ? [] : [{ path, sizeBytes: file.size, usedMs: file.atimeMs }]
  })
  return (await Promise.all(found)).flat()
}

function withTreeSize(tree: Candidate): Candidate {
  return { ...tree, sizeBytes: sizeOfTree(basename(tree.path)) }
}

async function isOneDisk(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all(
    [one, other].map(async (path) => stat(await existing(path))),
  )
  return first?.dev === second?.dev
}

async function existing(path: string): Promise<string> {
  const isThere = await lstat(path).then(
    () => true,
    () => false,
  )
  return isThere || dirname(path) === path ? path : await existing(dirname(path))
}

function digestOf(path: string): string {
  return /([0-9a-f]{64})[^/]*$/.exec(path)?.[1] ?? path
}

/** A last use in the future shows a wrong clock, and must not keep a file for ever. */
function byUse(candidates: readonly Candidate[]): readonly Candidate[] {
  const nowMs = Date.now()
  const orderOf = ({ usedMs }: Candidate): number => (usedMs > nowMs + skewMs ? 0 : usedMs)
  return candidates.toSorted((one, other) => orderOf(one) - orderOf(other))
}

function sum(candidates: readonly Candidate[]): number {
  return candidates.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0)
}
