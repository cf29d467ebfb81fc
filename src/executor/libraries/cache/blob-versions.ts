/**
 * Which blobs of a cache folder were the same library by name: one may be much like the next. An empty file for each, named
 * after both; it is forgotten once the blob is gone.
 */
import { createHash } from 'node:crypto'
import { access, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface BlobVersions {
  /** Notes that the blob is a version of the library of this name. */
  remember(name: string, sha256: string): Promise<void>
  /** Paths of the blobs that were versions of it, newest first, so many at most. */
  find(name: string): Promise<readonly string[]>
}

/** More than this are of little use to the next one. */
const maxVersions = 2

/** Versions noted in `folder` of the blobs in another one. */
export function createBlobVersions(
  folder: string,
  blobOf: (sha256: string) => string,
): BlobVersions {
  return {
    async remember(name, sha256) {
      await writeFile(join(folder, `${keyOf(name)}.${sha256}`), '')
    },
    async find(name) {
      const prefix = `${keyOf(name)}.`
      const found: { readonly path: string; readonly notedMs: number }[] = []
      for (const file of await readdir(folder)) {
        if (!file.startsWith(prefix)) continue
        const note = join(folder, file)
        const path = blobOf(file.slice(prefix.length))
        const isThere = await access(path).then(
          () => true,
          () => false,
        )
        if (isThere) found.push({ path, notedMs: (await stat(note)).mtimeMs })
        else await rm(note, { force: true })
      }
      return found
        .toSorted((one, other) => other.notedMs - one.notedMs)
        .slice(0, maxVersions)
        .map(({ path }) => path)
    },
  }
}

/** Names come from outside, and may be longer than those of files. */
function keyOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32)
}
