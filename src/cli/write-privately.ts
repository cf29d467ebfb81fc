import { randomUUID } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { JarcastError } from '../errors.ts'

/** Puts a file that its owner alone may read in the place of `path`. Throws `CONFIG_INVALID` when it cannot be written. */
export function writePrivately(path: string, text: string): void {
  const part = `${path}.${randomUUID()}`
  try {
    // A new file: one that is there may be readable, or open, for others.
    writeFileSync(part, text, { mode: 0o600, flag: 'wx' })
    renameSync(part, path)
  } catch (cause) {
    try {
      rmSync(part, { force: true })
    } catch {
      // Below what is no folder, there is nothing to remove.
    }
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new JarcastError('CONFIG_INVALID', `${path} cannot be written: ${why}`, {
      cause,
      details: { path },
    })
  }
}
