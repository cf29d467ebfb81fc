import { link, lstat, mkdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { toSystemPath } from './archive-names.ts'
import { twoEntries } from './archive-places.ts'
import { corruptArchive } from './entry-rules.ts'

export interface ArchiveLink {
  readonly path: string
  /** The text of a symbolic link; for a hard link, a path in the archive. */
  readonly target: string
  readonly isHard: boolean
}

/**
 * Makes the links of an archive after its files, so no file is written through a link. Hard links
 * come before symbolic links, so they follow none. The caller has checked paths and targets.
 * Throws `LIBRARY_CORRUPT` for a hard link whose target is not a file, and for a link at the path
 * of another entry.
 */
export async function placeLinks(
  archive: string,
  folder: string,
  links: readonly ArchiveLink[],
): Promise<void> {
  const at = (path: string): string | Buffer => toSystemPath(join(folder, path))
  const [hard, soft] = [links.filter(({ isHard }) => isHard), links.filter(({ isHard }) => !isHard)]
  // Folders first: the path of a link must not lead through another link.
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
 * Handles an error of making the entry at `path`. Throws `LIBRARY_CORRUPT` if another entry is
 * there, also one whose name differs only in case or Unicode normalisation.
 */
export function failAt(archive: string, path: string): (cause: unknown) => never {
  return (cause) => {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    throw corruptArchive(archive, twoEntries(path), cause)
  }
}
