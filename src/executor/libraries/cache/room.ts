/** Keeps a cache folder within its budget: what was used longest ago goes first, what a living executor uses stays. */
import { readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isOwnerDead, readLease } from './lease.ts'
import { measureTrees, pinOfTree, removeTree, sweepTrees } from './trees.ts'

export interface CacheFolders {
  /** Blobs by digest. */
  readonly blobs: string
  /** Leases (`<digest>.lease`) and what has been received so far (`<digest>.part`, `<digest>.<owner>.part`). */
  readonly transfers: string
  /** One folder per executor, with a hard link for each blob it uses. */
  readonly pins: string
  /** What blobs unpack to: see `createTrees`. */
  readonly trees: string
}

interface Candidate {
  readonly path: string
  readonly sizeBytes: number
  readonly usedMs: number
  readonly isTree?: boolean
}

/** Parts this old are of libraries that nobody wants any more. */
const stalePartMs = 24 * 60 * 60 * 1000

/**
 * Makes room until everything, what living processes are about to fetch, and so many bytes more are within the budget; the
 * lease of what is to be fetched must be there already. False when even that would not be enough: then nothing is removed.
 */
export async function makeRoom(
  folders: CacheFolders,
  budgetBytes: number,
  moreBytes = 0,
): Promise<boolean> {
  const pinned = await pinnedNames(folders.pins)
  const whole = [...(await list(folders.blobs)), ...(await measureTrees(folders.trees))]
  const leased = await leases(folders.transfers)
  const parts = (await list(folders.transfers)).filter(
    ({ path }) => path.endsWith('.part') && !leased.has(digestOf(path)),
  )
  const unused = whole.filter(
    ({ path, isTree }) => !pinned.has(isTree ? pinOfTree(basename(path)) : digestOf(path)),
  )
  const promisedBytes = [...leased.values()].reduce((sum, sizeBytes) => sum + sizeBytes, 0)
  let usedBytes = moreBytes + promisedBytes + sum(whole) + sum(parts)
  if (usedBytes - sum(unused) - sum(parts) > budgetBytes) return false
  // Parts are worth less than whole blobs.
  for (const { path, sizeBytes, isTree } of [...byUse(parts), ...byUse(unused)]) {
    if (usedBytes <= budgetBytes) break
    await (isTree ? removeTree(path) : rm(path, { force: true }))
    usedBytes -= sizeBytes
  }
  return true
}

/** Removes what executors left that are gone for certain, and parts that nobody has come back for. */
export async function sweepCache({ transfers, pins, trees }: CacheFolders): Promise<void> {
  await pinnedNames(pins)
  await sweepTrees(trees)
  for (const { path, usedMs } of await list(transfers)) {
    const isUnnamed = /\/unnamed\.(.+)$/.exec(path)?.[1]
    const isLeft = isUnnamed !== undefined && isOwnerDead(isUnnamed)
    if (isLeft || Date.now() - usedMs > stalePartMs) await rm(path, { force: true })
  }
}

/** Digests and trees that living executors use; the pins of dead ones are removed on the way. */
async function pinnedNames(folder: string): Promise<ReadonlySet<string>> {
  const pinned = new Set<string>()
  for (const owner of await readdir(folder)) {
    const path = join(folder, owner)
    if (isOwnerDead(owner)) await rm(path, { recursive: true, force: true })
    else for (const name of await readdir(path).catch(() => [])) pinned.add(name)
  }
  return pinned
}

/** Bytes promised to leases, by digest. A lease of the dead promises nothing. */
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
    // Gone in between, or a lease, which is a link that leads nowhere.
    const file = await stat(path).catch(() => undefined)
    return file === undefined ? [] : [{ path, sizeBytes: file.size, usedMs: file.atimeMs }]
  })
  return (await Promise.all(found)).flat()
}

function digestOf(path: string): string {
  return /([0-9a-f]{64})[^/]*$/.exec(path)?.[1] ?? path
}

function byUse(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.toSorted((one, other) => one.usedMs - other.usedMs)
}

function sum(candidates: readonly Candidate[]): number {
  return candidates.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0)
}
