/**
 * Shows which process of the host fetches a blob: a link with the name of the blob, whose text
 * names the process. It only saves downloads: two processes may fetch the same blob, since blobs
 * appear by rename.
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
  /** Size of the blob. */
  readonly sizeBytes: number
}

/**
 * A lease without a renewal for this long is taken over: its process hangs, or has died in another
 * container. The waiting process measures the time itself, since clocks and time stamps can jump.
 */
const leaseMs = 15_000
const renewalMs = 3000

/**
 * Time between two checks for the end of a fetch; after 20 of them, its process is checked, too.
 */
const pollMs = 25
const pollsPerLook = 20

/** A process that waits for a lease. */
export interface LeaseWaiter {
  /**
   * Takes the lease; undefined while a living process has it. Rejects with errors of the file
   * system.
   */
  take(holder: LeaseHolder): Promise<CacheLease | undefined>
  /** Resolves when the lease is released, or when it is time to check its holder. */
  wait(signal: AbortSignal): Promise<void>
}

/** Makes a waiter for the lease at `path`. `nowMs` is monotonic; default `performance.now`. */
export function createLeaseWaiter(path: string, nowMs = () => performance.now()): LeaseWaiter {
  let seen = ''
  let sinceMs = 0

  /** True if the lease, with its renewals, has not changed while this waiter watched. */
  async function isSilent(): Promise<boolean> {
    const found = await lstat(path, { bigint: true }).catch(() => undefined)
    const state = `${found?.ino} ${found?.ctimeNs} ${found?.mtimeNs}`
    if (state !== seen) sinceMs = nowMs()
    seen = state
    return nowMs() - sinceMs >= leaseMs
  }

  return {
    async take(holder) {
      const text = `${holder.sizeBytes}:${holder.owner}`
      if (!(await tryLink(text, path))) {
        const other = await textOf(path)
        if (!isOwnerDead(ownerOf(other) ?? '') && !(await isSilent())) return undefined
        await remove(path, other)
        if (!(await tryLink(text, path))) return undefined
      }
      return hold(path, text)
    },
    wait: (signal) => waitForLease(path, signal),
  }
}

function hold(path: string, text: string): CacheLease {
  const timer = setInterval(() => void renew(path), renewalMs)
  timer.unref()
  return {
    async release() {
      clearInterval(timer)
      if ((await textOf(path)) === text) await rm(path, { force: true })
    },
  }
}

async function waitForLease(path: string, signal: AbortSignal): Promise<void> {
  for (let polls = 0; polls < pollsPerLook; polls += 1) {
    // Random: many processes may wait for the same blob.
    await sleep(pollMs * (0.5 + Math.random()), undefined, { signal })
    if ((await lstat(path).catch(() => undefined)) === undefined) return
  }
}

/** The holder of the lease; undefined if it is free. */
export async function readLease(path: string): Promise<LeaseHolder | undefined> {
  const text = await textOf(path)
  const owner = ownerOf(text)
  return owner === undefined ? undefined : { owner, sizeBytes: Number.parseInt(text ?? '', 10) }
}

function ownerOf(text: string | undefined): string | undefined {
  return /^\d+:(.+)$/.exec(text ?? '')?.[1]
}

/** Returns a name that is unique, also among processes, and that shows which process made it. */
export function createOwner(): string {
  return `${formatIdentity(thisProcess())}.${randomBytes(6).toString('hex')}`
}

/** True if the process with this name has certainly ended. */
export function isOwnerDead(owner: string): boolean {
  const identity = parseIdentity(owner.slice(0, owner.lastIndexOf('.')))
  return identity !== undefined && isProvablyDead(identity)
}

/** A symbolic link appears together with its text, so every lease names its holder. */
async function tryLink(text: string, path: string): Promise<boolean> {
  try {
    await symlink(text, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/**
 * Moves the lease before removing it: of several processes only one gets it, and none removes its
 * successor.
 */
async function remove(path: string, text: string | undefined): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`
  await rename(path, aside).catch(() => undefined)
  const moved = await textOf(aside)
  // A task may have put a folder in place of the lease.
  await rm(aside, { recursive: true, force: true })
  if (moved !== undefined && moved !== text) await tryLink(moved, path)
}

async function renew(path: string): Promise<void> {
  const now = new Date()
  await lutimes(path, now, now).catch(() => undefined)
}

function textOf(path: string): Promise<string | undefined> {
  return readlink(path).catch(() => undefined)
}
