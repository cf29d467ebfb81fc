/**
 * Unpacked archives of a cache folder, by the digest of the archive and their size. As blobs, they
 * are copied to each sandbox, and every file of the copy is checked: tasks can write to them.
 */
import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileMode, findLinkFault, findPathFault } from '../../../archive/entry-rules.ts'
import type { MakeRoom } from '../../../archive/entry-rules.ts'
import {
  digestOfTree,
  formatTree,
  parseTree,
  sizeOfEntries,
} from '../../../domain/libraries/tree-list.ts'
import type { TreeEntry } from '../../../domain/libraries/tree-list.ts'
import { copyBlob, hashFile, openPlainFile } from './take-blob.ts'

/** An archive, and the digest of what it unpacks to. */
export interface PackedTree {
  readonly sha256: string
  readonly tree: string
}

export interface TreeFolder {
  /**
   * Copies the tree to `folder`, which does not exist. False without one, or if it was changed:
   * then it is removed.
   */
  place(packed: PackedTree, folder: string, makeRoom: MakeRoom): Promise<boolean>
  /** Keeps a copy of an unpacked archive, if there is room for it. Never rejects. */
  keep(packed: PackedTree, folder: string): Promise<void>
}

export interface TreeFolderOptions {
  /** The folder of the trees. */
  readonly root: string
  /** An unused path on the same file system. */
  readonly temporaryPath: () => string
  /** False if this number of bytes does not fit in the cache. */
  readonly makeRoom: (sizeBytes: number) => Promise<boolean>
}

/** Maximum size of a list: enough for 100,000 files. */
const maxListBytes = 16 * 1024 * 1024

/** The size in the name of a tree; 0 for any other name. */
export function sizeOfTree(name: string): number {
  return Number(/^[\da-f]{64}\.(\d{1,15})$/.exec(name)?.[1] ?? 0)
}

export function openTreeFolder({ root, temporaryPath, makeRoom }: TreeFolderOptions): TreeFolder {
  async function nameOf({ sha256 }: PackedTree): Promise<string | undefined> {
    const names = await readdir(root).catch((): string[] => [])
    return names.find((name) => name.startsWith(`${sha256}.`))
  }

  return {
    async place(packed, folder, makeRoomThere) {
      const name = await nameOf(packed)
      if (name === undefined) return false
      const kept = join(root, name)
      try {
        await utimes(kept, new Date(), new Date())
        const entries = parseTree(await readList(join(kept, 'list')), packed.tree) ?? []
        await makeRoomThere(sizeOfEntries(entries))
        await copyTree(join(kept, 'files'), folder, entries)
        return true
      } catch {
        // The archive is unpacked instead; what is wrong with the disk shows then.
        await rm(folder, { recursive: true, force: true })
        await rm(kept, { recursive: true, force: true })
        return false
      }
    },
    async keep(packed, folder) {
      const temporary = temporaryPath()
      try {
        // Another executor was faster.
        if ((await nameOf(packed)) !== undefined) return
        const entries = await listTree(folder)
        const sizeBytes = sizeOfEntries(entries)
        const list = formatTree(entries)
        if (digestOfTree(list) !== packed.tree || Buffer.byteLength(list) > maxListBytes) return
        if (!(await makeRoom(sizeBytes))) return
        await copyTree(folder, join(temporary, 'files'), entries)
        await writeFile(join(temporary, 'list'), list)
        await rename(temporary, join(root, `${packed.sha256}.${sizeBytes}`))
      } catch {
        // It is unpacked again next time.
      } finally {
        await rm(temporary, { recursive: true, force: true })
      }
    },
  }
}

/** Throws if it is too long. */
async function readList(path: string): Promise<string> {
  const file = await openPlainFile(path)
  try {
    const { size } = await file.stat()
    if (size > maxListBytes) throw new Error(`${path} has ${size} bytes`)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

/**
 * Throws for a file with other bytes, and for a path that leads elsewhere. A file of another size is
 * not copied: only the room for the tree was made.
 */
async function copyTree(from: string, to: string, entries: readonly TreeEntry[]): Promise<void> {
  if (entries.length === 0) throw new Error('no list')
  for (const { path } of entries) {
    if (findPathFault(path) !== undefined) throw new Error(`a path out of its folder: ${path}`)
    await mkdir(dirname(join(to, path)), { recursive: true, mode: 0o755 })
  }
  for (const entry of entries) {
    if ('target' in entry) continue
    const { path, sha256, sizeBytes, isExecutable } = entry
    const isRight = await copyBlob(join(from, path), join(to, path), sha256, sizeBytes)
    if (isRight !== true) throw new Error(`${path} was changed`)
    await chmod(join(to, path), fileMode(isExecutable ? 0o755 : 0o644))
  }
  // Last: no file is written through a link.
  for (const entry of entries) {
    if (!('target' in entry)) continue
    if (findLinkFault(entry.path, entry.target) !== undefined) throw new Error('a link out of it')
    await symlink(entry.target, join(to, entry.path))
  }
}

/** Throws for an empty folder, which a list cannot have. */
async function listTree(folder: string): Promise<readonly TreeEntry[]> {
  const entries: TreeEntry[] = []
  const pending = ['']
  for (let below = pending.pop(); below !== undefined; below = pending.pop()) {
    const names = await readdir(join(folder, below))
    if (names.length === 0) throw new Error(`${below} is empty`)
    for (const name of names) {
      const path = join(below, name)
      const place = join(folder, path)
      const found = await lstat(place)
      if (found.isDirectory()) pending.push(path)
      else if (found.isSymbolicLink()) entries.push({ path, target: await readlink(place) })
      else {
        const isExecutable = (found.mode & 0o100) !== 0
        const sizeBytes = found.size
        entries.push({ path, sha256: await hashFile(place), sizeBytes, isExecutable })
      }
    }
  }
  return entries
}
