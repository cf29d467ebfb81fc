import { lstat, realpath, stat } from 'node:fs/promises'
import { dirname, join, basename } from 'node:path'
import process from 'node:process'
import { makeFolders } from '../../../leases/private-files.ts'

const sticky = 0o1000
const writableByOthers = 0o022

/**
 * Makes the folder if it is missing, and returns its path without links. Throws an error with the
 * reason and the remedy if other users have access to it, or could replace it or a folder above it.
 */
export async function claimFolder(path: string): Promise<string> {
  makeFolders(path)
  const real = join(await realpath(dirname(path)), basename(path))
  const found = await lstat(real)
  const fix = 'set JARCAST_CACHE_DIR to a folder of this user, mode 700'
  if (!found.isDirectory()) throw new Error(`${path} is not a folder, or is a link: ${fix}`)
  if (found.uid !== userId()) throw new Error(`${path} belongs to user ${found.uid}: ${fix}`)
  const mode = found.mode & 0o777
  if ((mode & 0o077) !== 0)
    throw new Error(`other users have access to ${path} (mode ${mode.toString(8)}): ${fix}`)
  for (let above = dirname(real); ; above = dirname(above)) {
    const { uid, mode: rights } = await stat(above)
    const isTrusted = uid === 0 || uid === userId()
    const isOpen = (rights & writableByOthers) !== 0 && (rights & sticky) === 0
    if (!isTrusted || isOpen) throw new Error(`other users can replace what is in ${above}: ${fix}`)
    if (above === dirname(above)) return real
  }
}

/** `userInfo()` would fail in a container whose user has no entry in passwd. */
function userId(): number | undefined {
  return process.getuid?.()
}
