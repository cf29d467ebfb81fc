/** Lists what a tar archive unpacks to, while it is read. */
import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { fileMode } from '../../archive/entry-rules.ts'
import type { FileSink } from '../../archive/read-tar.ts'
import type { TarEntry } from '../../archive/tar-entry.ts'
import { digestOfTree, formatTree } from '../../domain/libraries/tree-list.ts'
import type { TreeEntry } from '../../domain/libraries/tree-list.ts'

export interface TreeLister {
  visit(entry: TarEntry): FileSink | undefined
  /** Undefined for an archive whose names are not plain ASCII, or that has other entries. */
  digest(): string | undefined
}

export function createTreeLister(): TreeLister {
  const entries = new Map<string, TreeEntry>()
  let isPlain = true

  function add(entry: TreeEntry): void {
    isPlain &&= [entry.path, 'target' in entry ? entry.target : ''].every(isAscii)
    entries.set(entry.path, entry)
  }

  return {
    visit({ path: name, kind, mode, sizeBytes, target }) {
      const path = posix.normalize(name)
      if (kind === 'symbolic link') add({ path, target })
      else if (kind === 'hard link') {
        const same = entries.get(posix.normalize(target))
        if (same === undefined) isPlain = false
        else add({ ...same, path })
      } else if (kind === 'device') isPlain = false
      if (kind !== 'file') return undefined
      const hash = createHash('sha256')
      let bytes = 0
      return {
        write(piece) {
          bytes += piece.length
          hash.update(piece)
        },
        end() {
          // A sparse file has holes, which are not given.
          if (bytes !== sizeBytes) isPlain = false
          const isExecutable = (fileMode(mode) & 0o100) !== 0
          add({ path, sha256: hash.digest('hex'), sizeBytes, isExecutable })
        },
      }
    },
    digest: () => (isPlain ? digestOfTree(formatTree([...entries.values()])) : undefined),
  }
}

function isAscii(text: string): boolean {
  return /^[\u0020-\u007e]*$/.test(text)
}
