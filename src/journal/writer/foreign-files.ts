/** Detects files of a journal that belong to another user. */
import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { JarcastError } from '../../errors.ts'
import { sharedFileSystem } from '../../leases/file-system.ts'

const trusted = /^(?:key|journal-.*|snapshot-.*)$/

/**
 * Refuses a folder with a key, entries or a snapshot that belongs neither to this user nor to root:
 * its owner would know the key and could choose what runs. Shared file systems are not checked:
 * they may map owners. Throws `CONFIG_INVALID` and what the file system throws.
 */
export function refuseForeignFiles(folder: string, own = process.getuid?.()): void {
  if (own === undefined || sharedFileSystem(folder) !== undefined) return
  for (const name of readdirSync(folder)) {
    if (!trusted.test(name)) continue
    const path = join(folder, name)
    const { uid } = lstatSync(path)
    if (uid === own || uid === 0) continue
    const message =
      `${path} belongs to user ${uid}, who would know the key of the run and choose its tasks: ` +
      'start as that user, take the files over with chown, or name another folder'
    throw new JarcastError('CONFIG_INVALID', message, { details: { path, uid } })
  }
}
