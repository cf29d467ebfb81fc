/** Changes a part of the lock file, and keeps the others. */
import { JarcastError } from '../errors.ts'
import { readPackageLock, writePackageLock } from './packages/package-lock.ts'
import type { PackageLock } from './packages/package-lock.ts'

/** Changes of one file wait for each other: several parts may be written at a time. */
const changing = new Map<string, Promise<boolean>>()

/**
 * Replaces the lock in `file` by what `change` makes of it. True when it was written. Rejects with
 * `PACKAGE_LOCK_INVALID`.
 */
export async function changeLock(
  file: string,
  change: (lock: PackageLock) => PackageLock,
): Promise<boolean> {
  const before = changing.get(file)
  async function write(): Promise<boolean> {
    await before?.catch(() => undefined)
    const lock = (await readPackageLock(file)) ?? { formatVersion: 1 }
    return await writePackageLock(file, change(lock))
  }
  const written = write()
  changing.set(file, written)
  try {
    return await written
  } finally {
    if (changing.get(file) === written) changing.delete(file)
  }
}

/** For a lock file that must stay as it is, and lacks something. */
export function lockOutdated(file: string | undefined, lacks: string): JarcastError {
  const message = `lock file ${file ?? '(none is named)'} ${lacks}; run it without --frozen to write it`
  return new JarcastError('PACKAGE_LOCK_OUTDATED', message, { details: { path: file ?? '' } })
}
