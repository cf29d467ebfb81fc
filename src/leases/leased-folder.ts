/**
 * Temporary folders with the identity of their process in the name. This lease exists as soon as
 * the folder, needs no renewal, and ends with the process, so that folders of killed processes can
 * be removed.
 */
import { lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sharedFileSystem } from './file-system.ts'
import { formatIdentity, isProvablyDead, parseIdentity, thisProcess } from './process-identity.ts'

const leased = /^jarcast-[a-z]+-lease\.(.+)\.[A-Za-z0-9]{6}$/

/**
 * Makes a folder of this process in `parent`; default: the system's folder for temporary files.
 * Before, removes the folders of dead processes of this user there. `purpose` is lower-case
 * letters.
 * Throws the errors of the file system.
 */
export function makeLeasedFolder(purpose: string, parent = tmpdir()): string {
  sweepLeasedFolders(parent)
  return mkdtempSync(join(parent, `jarcast-${purpose}-lease.${formatIdentity(thisProcess())}.`))
}

/**
 * Removes the leased folders in `parent` whose process is provably dead, and returns their paths.
 * Keeps folders of other users, of other hosts, of other pid namespaces, on file systems that other
 * hosts may share, and those that are the working folder of a process, such as an executor that
 * outlives its local cluster. Ignores folders that cannot be removed.
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

/** False for a link: its target has no lease. */
function isOwnFolder(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === (process.getuid?.() ?? found.uid)
}

/** True if the folder contains the working folder of a process. */
function isWorkedIn(path: string): boolean {
  return listNames('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => `${workingFolderOf(pid)}/`.startsWith(`${path}/`))
}

function workingFolderOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return '' // dead, or of another user, who cannot enter our folders
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
