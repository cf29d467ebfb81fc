/**
 * Temporary folders that say whose they are. The lease is in the folder's name, so there is no
 * moment at which a folder has none, and it ends with the process: nobody has to renew it, and a
 * killed process leaves nothing for ever.
 */
import { lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sharedFileSystem } from './file-system.ts'
import { formatIdentity, isProvablyDead, parseIdentity, thisProcess } from './process-identity.ts'

const leased = /^jarcast-[a-z]+-lease\.(.+)\.[A-Za-z0-9]{6}$/

/**
 * Makes a folder of this process in `parent`, default the system's folder for temporary files, and
 * first removes there what dead processes of this user have left. `purpose` is lower-case letters.
 * Throws what the file system throws.
 */
export function makeLeasedFolder(purpose: string, parent = tmpdir()): string {
  sweepLeasedFolders(parent)
  return mkdtempSync(join(parent, `jarcast-${purpose}-lease.${formatIdentity(thisProcess())}.`))
}

/**
 * Removes the leased folders in `parent` whose process is provably dead, and returns their paths.
 * Never those of other users, of other hosts, on file systems that other hosts may share, or of
 * containers that count pids for themselves, nor those that a process still works in, such as an
 * executor that outlives its local cluster. What cannot be removed stays.
 */
export function sweepLeasedFolders(parent: string): readonly string[] {
  if (!isLocalFolder(parent)) return []
  const observer = thisProcess()
  return listNames(parent).flatMap((name) => {
    const holder = parseIdentity(leased.exec(name)?.[1] ?? '')
    if (holder === undefined || !isProvablyDead(holder, { observer })) return []
    const path = join(parent, name)
    return isOwnFolder(path) && !isWorkedIn(path) && remove(path) ? [path] : []
  })
}

/**
 * On a shared file system, a living process of another machine with the same host name would look
 * dead.
 */
function isLocalFolder(folder: string): boolean {
  try {
    return sharedFileSystem(folder) === undefined
  } catch {
    return false
  }
}

function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Not a link to one: what it leads to has no lease. */
function isOwnFolder(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === (process.getuid?.() ?? found.uid)
}

/** True when a process has its working folder there or below. */
function isWorkedIn(path: string): boolean {
  return listNames('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => `${workingFolderOf(pid)}/`.startsWith(`${path}/`))
}

function workingFolderOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return '' // gone, or of a user who has no way into a folder of ours
  }
}

function remove(path: string): boolean {
  try {
    rmSync(path, { recursive: true, force: true })
    return true
  } catch {
    return false
  }
}
