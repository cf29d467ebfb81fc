import { link, lstat, mkdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { toSystemPath } from './archive-names.ts'
import { twoEntries } from './archive-places.ts'
import { corruptArchive } from './entry-rules.ts'

export interface ArchiveLink {
  readonly path: string
  /** Of a symbolic link its text; of a hard link a path in the archive. */
  readonly target: string
  readonly isHard: boolean
}

/**
 * Makes the links of an archive, whose paths and targets were checked, once all of its files are
 * there: nothing was ever written through a link, and hard links are made while there is none to
 * follow.
 * Throws `LIBRARY_CORRUPT` for a hard link to what is no file of the archive, and a link in the
 * place of something else.
 */
export async function placeLinks(
  archive: string,
  folder: string,
  links: readonly ArchiveLink[],
): Promise<void> {
  const at = (path: string): string | Buffer => toSystemPath(join(folder, path))
  const [hard, soft] = [links.filter(({ isHard }) => isHard), links.filter(({ isHard }) => !isHard)]
  // Folders first: a later link's path must not lead through an earlier link.
  for (const { path } of links) await mkdir(at(dirname(path)), { recursive: true })
  for (const { path, target } of hard) {
    const found = await lstat(at(target)).catch(() => undefined)
    if (found?.isFile() !== true) throw corruptArchive(archive, `a link to no file: ${path}`)
    await link(at(target), at(path)).catch(failAt(archive, path))
  }
  for (const { path, target } of soft)
    await symlink(toSystemPath(target), at(path)).catch(failAt(archive, path))
}

/**
 * Handles the error of making the entry at `path`. Throws `LIBRARY_CORRUPT` when there is one
 * already: by another name too, where the file system takes two for one, by case or Unicode
 * normalisation.
 */
export function failAt(archive: string, path: string): (cause: unknown) => never {
  return (cause) => {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    throw corruptArchive(archive, twoEntries(path), cause)
  }
}
