/** Files and folders that nobody but this user can read, whatever the umask is. */
import { chmodSync, lstatSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'

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
export async function makePrivateFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: privateFolderMode })
  if (made === undefined) makePrivate(path)
}
