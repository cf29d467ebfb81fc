import { randomUUID } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { JarcastError } from '../../errors.ts'

/**
 * Writes a file that only its owner can read, replacing `path`. Throws `CONFIG_INVALID` if it
 * cannot be written.
 */
export function writePrivately(path: string, text: string): void {
  const part = `${path}.${randomUUID()}`
  try {
    // Creates a new file: an existing one may be readable or open for others.
    writeFileSync(part, text, { mode: 0o600, flag: 'wx' })
    renameSync(part, path)
  } catch (cause) {
    try {
      rmSync(part, { force: true })
    } catch {
      // Nothing to remove: a part of the path is no folder.
    }
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new JarcastError('CONFIG_INVALID', `${path} cannot be written: ${why}`, {
      cause,
      details: { path },
    })
  }
}
