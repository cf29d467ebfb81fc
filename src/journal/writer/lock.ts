/**
 * One writer per folder. A lock has two parts:
 *
 * - a kernel lock on the folder, where the system has kernel locks: it ends with the process, is
 *   valid in all pid namespaces of the machine, and cannot be broken by removing a file;
 * - a file named after the process, for processes without a `flock` program or on another machine.
 *   Each process creates its own file and only then looks for others: of two that start together,
 *   at most one continues. No two processes use the same name, so the file of a dead process is
 *   removed without a race.
 */
import { closeSync, openSync, readdirSync, statSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { JarcastError } from '../../errors.ts'
import { sharedFileSystem } from '../../leases/file-system.ts'
import { privateFileMode } from '../../leases/private-files.ts'
import {
  formatIdentity,
  isProvablyDead,
  parseIdentity,
  thisProcess,
} from '../../leases/process-identity.ts'
import type { ProcessIdentity } from '../../leases/process-identity.ts'
import { errnoOf } from '../files/file-errors.ts'
import { lockDescriptor } from './kernel-lock.ts'

export interface Lock {
  release(): Promise<void>
}

/**
 * How the lock is held: by the kernel lock, by the file alone, or by the file on a file system that
 * other machines may have mounted.
 */
type Hold = 'kernel' | 'file' | 'shared'

interface Holder extends ProcessIdentity {
  readonly hold: Hold
  /** Inode of the folder: a copy of the folder has a different one. */
  readonly inode: string
}

/** The folder as this process sees it. */
interface Place {
  readonly folder: string
  readonly inode: string
  /** Name of the file system if other machines may have mounted it. */
  readonly shared: string | undefined
}

const attempts = 5

/**
 * Takes the lock of a folder; takes it over from a process that is certainly dead. On a file system
 * that other machines may share, that is never certain: the file is removed by hand.
 * Throws JOURNAL_LOCKED, naming the holder, and what the file system throws.
 */
export async function acquireLock(folder: string): Promise<Lock> {
  // A plain descriptor: a FileHandle would be closed by garbage collection, and the lock lost.
  const descriptor = openFolder(folder)
  const releaseKernelLock = () => {
    if (descriptor !== undefined) closeSync(descriptor)
  }
  try {
    const place = {
      folder,
      inode: String(statSync(folder, { bigint: true }).ino),
      shared: sharedFileSystem(folder),
    }
    const kernel = descriptor === undefined ? 'unavailable' : await lockDescriptor(descriptor)
    if (kernel === 'taken') throw lockedByKernel(place)
    const file = await placeFile(place, kernel === 'held')
    return {
      async release() {
        // On a failed disk the file stays: an error here would hide the cause, and the next process
        // sees that this one is dead.
        await rm(file, { force: true }).catch(() => undefined)
        releaseKernelLock()
      },
    }
  } catch (error) {
    releaseKernelLock()
    throw error
  }
}

/** True while a process has the lock of a folder, as far as can be seen without taking it. */
export function isLocked(folder: string): boolean {
  return holdersIn(folder).some((holder) => !isProvablyDead(holder))
}

/** Undefined if folders cannot be opened. */
function openFolder(folder: string): number | undefined {
  try {
    return openSync(folder, 'r')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') throw error
    return undefined
  }
}

/**
 * Puts the file of this process into the folder, unless another process may be writing there;
 * returns its path.
 */
async function placeFile(place: Place, hasKernelLock: boolean): Promise<string> {
  const hold = place.shared === undefined ? (hasKernelLock ? 'kernel' : 'file') : 'shared'
  const self = { ...thisProcess(), hold, inode: place.inode } as const
  const file = join(place.folder, fileNameOf(self))
  for (let attempt = 1; ; attempt++) {
    // This process holds the kernel lock, so an own file here is one that could not be removed.
    const flag = hasKernelLock ? 'w' : 'wx'
    await writeFile(file, '', { flag, mode: privateFileMode }).catch((error: unknown) => {
      throw errnoOf(error) === 'EEXIST' ? locked(place, self, true) : error
    })
    try {
      const rival = await findRival(place, self, hasKernelLock)
      if (rival === undefined) return file
      if (attempt === attempts) throw locked(place, rival, isSeenLiving(rival))
    } catch (error) {
      await rm(file, { force: true })
      throw error
    }
    // The rival may be about to give up, too.
    await rm(file, { force: true })
    await sleep(5 + Math.random() * 30)
  }
}

/** Returns another holder that may still live; removes the files of dead holders. */
async function findRival(
  place: Place,
  self: Holder,
  hasKernelLock: boolean,
): Promise<Holder | undefined> {
  for (const holder of holdersIn(place.folder)) {
    const name = fileNameOf(holder)
    if (name === fileNameOf(self)) continue
    if (!isGone(holder, place, hasKernelLock)) return holder
    await rm(join(place.folder, name), { force: true })
  }
  return undefined
}

function isGone(holder: Holder, place: Place, hasKernelLock: boolean): boolean {
  // A local disk may be shared with others, by an NFS server or the host of a virtual machine.
  if (place.shared !== undefined || holder.hold === 'shared') return false
  if (holder.inode !== place.inode) return true
  return (holder.hold === 'kernel' && hasKernelLock) || isProvablyDead(holder, { isLocal: true })
}

/** True if the holder is a living process of this pid namespace. */
function isSeenLiving(holder: Holder): boolean {
  const { boot, namespace } = thisProcess()
  return holder.boot === boot && holder.namespace === namespace && !isProvablyDead(holder)
}

function holdersIn(folder: string): readonly Holder[] {
  return readdirSync(folder).flatMap((name) => parseFileName(name) ?? [])
}

function fileNameOf(holder: Holder): string {
  return `lock.${formatIdentity(holder)}.${holder.inode}.${holder.hold}`
}

function parseFileName(name: string): Holder | undefined {
  const [, identity = '', inode = '', hold] =
    /^lock\.(.+)\.(\d+)\.(kernel|file|shared)$/.exec(name) ?? []
  const found = parseIdentity(identity)
  return found === undefined ? undefined : { ...found, inode, hold: hold as Hold }
}

/** The holder of the kernel lock may not have its file yet, or no longer. */
function lockedByKernel(place: Place): JarcastError {
  const [holder] = holdersIn(place.folder).toSorted(
    (one, other) => Number(other.hold === 'kernel') - Number(one.hold === 'kernel'),
  )
  if (holder !== undefined) return locked(place, holder, true)
  const { folder } = place
  return new JarcastError(
    'JOURNAL_LOCKED',
    `another process writes the journal in ${folder}: stop it, or name another folder`,
    { retryable: true, details: { folder } },
  )
}

function locked(place: Place, holder: Holder, isLiving: boolean): JarcastError {
  const { folder, shared } = place
  const { pid, host, boot, namespace } = holder
  const self = thisProcess()
  const where = [
    ...(namespace === self.namespace || boot !== self.boot ? [] : ['in another pid namespace']),
    ...(host === self.host ? [] : [`on ${host}`]),
  ].join(' ')
  const on =
    shared === undefined ? '' : ` on a file system (${shared}) that other machines may share`
  const byHand =
    `; if it has certainly ended, which cannot be seen from here${on}, ` +
    `remove ${fileNameOf(holder)} there`
  return new JarcastError(
    'JOURNAL_LOCKED',
    `process ${pid}${where === '' ? '' : ` ${where}`} writes the journal in ${folder}: ` +
      `stop it, or name another folder${isLiving ? '' : byHand}`,
    { retryable: true, details: { folder, pid, host, boot, namespace } },
  )
}
