/**
 * Which process of the host fetches a blob: a link named after the blob whose text names the process. It spares downloads
 * and nothing else: two that fetch the same bytes at once do no harm, since blobs appear by rename.
 */
import { randomBytes } from 'node:crypto'
import { lstat, lutimes, readlink, rename, rm, symlink } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  formatIdentity,
  isProvablyDead,
  parseIdentity,
  thisProcess,
} from '../../../leases/process-identity.ts'

export interface CacheLease {
  release(): Promise<void>
}

export interface LeaseHolder {
  readonly owner: string
  /** Bytes that the blob will have. */
  readonly sizeBytes: number
}

/** A lease that nobody renewed for so long is nobody's: its process hangs, or lives where it cannot be seen. */
const leaseMs = 15_000
const renewalMs = 3000

/** How often a process looks whether the one that fetches is done, and whether that one still lives. */
const pollMs = 25
const pollsPerLook = 20

/** Takes the lease at `path`; undefined while a living process has it. Throws what the file system throws. */
export async function takeLease(
  path: string,
  holder: LeaseHolder,
): Promise<CacheLease | undefined> {
  const text = `${holder.sizeBytes}:${holder.owner}`
  if (!(await tryLink(text, path))) {
    await removeExpired(path)
    if (!(await tryLink(text, path))) return undefined
  }
  const timer = setInterval(() => void renew(path), renewalMs)
  timer.unref()
  return {
    async release() {
      clearInterval(timer)
      if ((await textOf(path)) === text) await rm(path, { force: true })
    },
  }
}

/** Resolves when the lease is given back, or after a while, when it is time to look who has it. */
export async function waitForLease(path: string, signal: AbortSignal): Promise<void> {
  for (let polls = 0; polls < pollsPerLook; polls += 1) {
    // Not all at the same moment: many wait for the same blob.
    await sleep(pollMs * (0.5 + Math.random()), undefined, { signal })
    if ((await lstat(path).catch(() => undefined)) === undefined) return
  }
}

/** Who has the lease; undefined when nobody does. */
export async function readLease(path: string): Promise<LeaseHolder | undefined> {
  const [, sizeBytes, owner] = /^(\d+):(.+)$/.exec((await textOf(path)) ?? '') ?? []
  return owner === undefined ? undefined : { owner, sizeBytes: Number(sizeBytes) }
}

/** A name for what this process makes, that no other process and nothing else in this one ever has. */
export function createOwner(): string {
  return `${formatIdentity(thisProcess())}.${randomBytes(6).toString('hex')}`
}

/** True when whoever had this name is gone for certain. */
export function isOwnerDead(owner: string): boolean {
  const identity = parseIdentity(owner.slice(0, owner.lastIndexOf('.')))
  return identity !== undefined && isProvablyDead(identity)
}

/** A link appears with its text, so that there is no lease without a name. */
async function tryLink(text: string, path: string): Promise<boolean> {
  try {
    await symlink(text, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function removeExpired(path: string): Promise<void> {
  const holder = await readLease(path)
  const found = await lstat(path).catch(() => undefined)
  if (holder === undefined || found === undefined) return
  if (!isOwnerDead(holder.owner) && Date.now() - found.mtimeMs < leaseMs) return
  // Moved away before it is removed: of several that find it expired, one gets it, and not what came after it.
  const aside = `${path}.${randomBytes(6).toString('hex')}`
  await rename(path, aside).catch(() => undefined)
  const moved = await textOf(aside)
  await rm(aside, { force: true })
  if (moved !== undefined && moved !== `${holder.sizeBytes}:${holder.owner}`) {
    await tryLink(moved, path)
  }
}

async function renew(path: string): Promise<void> {
  const now = new Date()
  await lutimes(path, now, now).catch(() => undefined)
}

function textOf(path: string): Promise<string | undefined> {
  return readlink(path).catch(() => undefined)
}
