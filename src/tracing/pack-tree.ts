/** Writes a tree to a folder, and packs it reproducibly. */
import { constants } from 'node:fs'
import { copyFile, mkdir, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { create } from 'tar'
import { reproducible } from '../archive/reproducible-tar.ts'
import type { Tree, TreeNode } from './tree.ts'

/** Writes all files and links below `folder`, which is empty. Errors of the file system. */
export async function writeTree({ nodes }: Tree, folder: string): Promise<void> {
  for (const [place, node] of nodes) {
    const path = join(folder, place)
    await mkdir(dirname(path), { recursive: true })
    await writeNode(node, path)
  }
}

async function writeNode(node: TreeNode, path: string): Promise<void> {
  if (node.kind === 'link') await symlink(node.target, path)
  else if (node.text === undefined) await copyFile(node.source, path, constants.COPYFILE_FICLONE)
  else await writeFile(path, node.text, { mode: (await stat(node.source)).mode & 0o777 })
}

/**
 * Packs the tree in `folder` into a gzipped tar, sorted, with one date, no owner, and modes 644 and
 * 755. The same files give the same bytes under the same Node version.
 */
export async function packTree({ nodes }: Tree, folder: string, target: string): Promise<void> {
  await create(
    { ...reproducible, cwd: folder, file: target },
    // A bare "@name" would mean "the entries of that archive" to tar.
    [...nodes.keys()].toSorted().map((place) => `./${place}`),
  )
}
