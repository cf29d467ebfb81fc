import { link, lstat, mkdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { corruptArchive } from './entry-rules.ts'

export interface ArchiveLink {
  readonly path: string
  /** Of a symbolic link its text; of a hard link a path in the archive. */
  readonly target: string
  readonly isHard: boolean
}

/**
 * Makes the links of an archive, whose paths and targets were checked, once all of its files are there: nothing was ever
 * written through a link, and hard links are made while there is none to follow.
 * Throws `LIBRARY_CORRUPT` for a hard link to what is no file of the archive, and a link in the place of something else.
 */
export async function placeLinks(
  archive: string,
  folder: string,
  links: readonly ArchiveLink[],
): Promise<void> {
  const [hard, soft] = [links.filter(({ isHard }) => isHard), links.filter(({ isHard }) => !isHard)]
  // Folders first: a later link's path must not lead through an earlier link.
  for (const { path } of links) await mkdir(dirname(join(folder, path)), { recursive: true })
  for (const { path, target } of hard) {
    const source = join(folder, target)
    const found = await lstat(source).catch(() => undefined)
    if (found?.isFile() !== true) throw corruptArchive(archive, `a link to no file: ${path}`)
    await place(path, () => link(source, join(folder, path)))
  }
  for (const { path, target } of soft) await place(path, () => symlink(target, join(folder, path)))

  async function place(path: string, make: () => Promise<void>): Promise<void> {
    try {
      await make()
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
      throw corruptArchive(archive, `two entries at ${path}`, cause)
    }
  }
}
