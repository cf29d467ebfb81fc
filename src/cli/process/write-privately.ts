import { randomUUID } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { configInvalid, messageOf } from '../../errors.ts'

/**
 * Writes a file that only its owner can read, replacing `path`. Throws `CONFIG_INVALID` if it
 * cannot be written.
 */
export function writePrivately(path: string, text: string): void {
  const part = `${path}.${randomUUID()}`
  try {
    // Creates a new file: others may read an existing one, or have it open.
    writeFileSync(part, text, { mode: 0o600, flag: 'wx' })
    renameSync(part, path)
  } catch (cause) {
    try {
      rmSync(part, { force: true })
    } catch {
      // A parent is no folder: there is nothing to remove.
    }
    throw configInvalid('path', `${path} cannot be written: ${messageOf(cause)}`, cause)
  }
}
