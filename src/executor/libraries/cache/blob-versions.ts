/**
 * Finds blobs of a cache folder that were versions of one library: two versions have much in
 * common. An empty file per blob has both names; it is removed when the blob is gone.
 */
import { createHash } from 'node:crypto'
import { access, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface BlobVersions {
  /** Records that the blob is a version of the library of this name. */
  remember(name: string, sha256: string): Promise<void>
  /** Paths of the newest two versions, newest first. */
  find(name: string): Promise<readonly string[]>
}

const maxVersions = 2

/** Versions are recorded in `folder`. `blobOf` returns the path of a blob. */
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

/** A hash: names come from outside, and may be too long for a file. */
function keyOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32)
}
