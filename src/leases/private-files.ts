/** Makes files and folders that only this user can read, under any umask. */
import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Mode of folders with data of tasks, packages or masters. */
export const privateFolderMode = 0o700
/** Mode of the files in them. */
export const privateFileMode = 0o600
/** Mode of folders for all users, less the umask. */
export const openFolderMode = 0o777

/**
 * Removes the rights of all other users, if this user is the owner. Does not follow links; leaves
 * missing paths and those of other users unchanged. Only for paths that this program names, never
 * for a folder that a user named.
 */
export function makePrivate(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined || found.isSymbolicLink() || (found.mode & 0o077) === 0) return
  if (found.uid === (process.getuid?.() ?? found.uid)) chmodSync(path, found.mode & 0o700)
}

/** Makes a folder with its missing parents, or makes an existing one private. */
export function makePrivateFolder(path: string): void {
  if (makeFolders(path) === undefined) makePrivate(path)
}

/**
 * Makes a folder with its missing parents. Default `mode`: for this user only. Does not change an
 * existing folder. Returns the topmost new folder; undefined if all existed. Throws the errors of
 * the file system. Not Node's recursive mkdir, which never returns below /proc, and fails with
 * ENOENT instead of ENOSPC on a full disk.
 */
export function makeFolders(path: string, mode = privateFolderMode): string | undefined {
  const folder = resolve(path)
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found?.isDirectory() === true) return undefined
  const above = dirname(folder)
  const made = found === undefined && above !== folder ? makeFolders(above, mode) : undefined
  try {
    mkdirSync(folder, { mode })
  } catch (error) {
    // Another process may have created it meanwhile.
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error
    return made
  }
  return made ?? folder
}
