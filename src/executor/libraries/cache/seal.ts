/** How a file of the cache shows that it is still what it was when its digest matched. */
import type { Stats } from 'node:fs'
import { utimesSync } from 'node:fs'
import { utimes } from 'node:fs/promises'

/**
 * Notes that the digest matched: by a time of the last change which follows from it and lies in the past, so that whatever
 * writes to the file later breaks it. Sandboxes hold links to the file, and tasks may run as its owner. The time of the last
 * use is what eviction goes by.
 */
export async function seal(path: string, sha256: string): Promise<void> {
  await utimes(path, new Date(), sealOf(sha256))
}

/** As `seal`, for many small files. */
export function sealSync(path: string, sha256: string): void {
  utimesSync(path, new Date(), sealOf(sha256))
}

/** True when nobody has written to the file since. */
export function isSealed({ mtimeMs }: Stats, sha256: string): boolean {
  return mtimeMs === sealOf(sha256) * 1000
}

/** Whole seconds, which a file system can keep: between 2001 and 2010. */
function sealOf(sha256: string): number {
  return 1_000_000_000 + Number.parseInt(sha256.slice(0, 7), 16)
}
