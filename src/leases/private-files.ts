/** Files and folders that nobody but this user can read, whatever the umask is. */
import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Of folders that hold what tasks, packages or masters told. */
export const privateFolderMode = 0o700
/** Of the files in them. */
export const privateFileMode = 0o600

/**
 * Takes the rights of everybody but the owner away, if the owner is this user. Links are not followed; what is missing or
 * of another user stays as it is. Only for what this program names itself, never for a folder that a user has named.
 */
export function makePrivate(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined || found.isSymbolicLink() || (found.mode & 0o077) === 0) return
  if (found.uid === (process.getuid?.() ?? found.uid)) chmodSync(path, found.mode & 0o700)
}

/** Makes a folder, and those above it that are missing, or makes the one that is there private. */
export function makePrivateFolder(path: string): void {
  if (makeFolders(path) === undefined) makePrivate(path)
}

/**
 * Makes a folder and those above it that are missing, for this user alone; one that is there stays as it is. Returns the topmost
 * folder that was made; undefined when all were there. Throws what the file system throws.
 * In place of Node's recursive mkdir, which never returns below /proc: there the system denies that a folder exists which it
 * has just found.
 */
export function makeFolders(path: string): string | undefined {
  const folder = resolve(path)
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found?.isDirectory() === true) return undefined
  const above = dirname(folder)
  const made = found === undefined && above !== folder ? makeFolders(above) : undefined
  try {
    mkdirSync(folder, { mode: privateFolderMode })
  } catch (error) {
    // Another process may have made it since.
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error
    return made
  }
  return made ?? folder
}
