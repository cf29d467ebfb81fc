/**
 * What packages and archives unpack to, once for all executors of a host: folders of files, of which each sandbox gets hard
 * links. A tree appears by rename, whole. What was written to since, or was made before the host last started, is unpacked
 * again from its blob, whose digest is known.
 */
import type { Dirent } from 'node:fs'
import { copyFileSync, linkSync, lstatSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs'
import { lstat, mkdir, readFile, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { parseJson } from '../../../domain/json.ts'
import { thisProcess } from '../../../leases/process-identity.ts'
import { createOwner, isOwnerDead, takeLease, waitForLease } from './lease.ts'
import { isSealed, sealSync } from './seal.ts'

/** What a tree is made of, and how. */
export interface TreeSource {
  /** Of the packed bytes. */
  readonly sha256: string
  /** The same bytes unpack in more than one way. */
  readonly kind: 'archive' | 'npm'
  /** Unpacks into an empty folder. What it throws is what `place` rejects with. */
  readonly unpack: (folder: string) => Promise<void>
}

export interface Trees {
  /**
   * Makes `target`, which must not be there, with what the source unpacks to. Waits while another process unpacks it; rejects
   * with the signal's reason. Where the budget has no room the files are the target's alone.
   */
  place(source: TreeSource, target: string, signal: AbortSignal): Promise<void>
}

export interface TreesOptions {
  /** One folder per tree, named by digest and kind; leases; and trees that are being made. */
  readonly folder: string
  /** Where the executor tells what it uses. */
  readonly pins: string
  /** Who this executor is. */
  readonly owner: string
  /** True once so many more bytes are within the budget. */
  readonly makeRoom: (sizeBytes: number) => Promise<boolean>
}

interface TreeIndex {
  /** When the host last started, when the tree was made: files are not synced, so a crash of the host may have torn some. */
  readonly boot: string
  readonly folders: readonly string[]
  readonly files: readonly (readonly [path: string, sizeBytes: number])[]
  /** Symbolic links, which lead to what is in the tree. */
  readonly links: readonly (readonly [path: string, target: string])[]
}

/** Below a tree's folder: what it holds, how many bytes (its access time is that of its last use), and the files. */
const names = { index: 'index.json', size: 'size', content: 'content' }
/** Files handled before others have their turn: some milliseconds. */
const perTurn = 128

/** Trees below `folder`, which must be there. */
export function createTrees({ folder, pins, owner, makeRoom }: TreesOptions): Trees {
  /** False when there is no tree that can be relied on. Rejects when the target cannot be made: that is no fault of the tree. */
  async function tryPlace(tree: string, sha256: string, target: string): Promise<boolean> {
    try {
      const index = await readIndex(tree)
      if (index === undefined || !(await isIntact(tree, index, sha256))) return false
      await useNow(tree)
      await linkFiles(tree, index, target)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      // Gone meanwhile.
      await rm(target, { recursive: true, force: true })
      return false
    }
  }

  async function unpackAndPlace(
    { sha256, unpack }: TreeSource,
    tree: string,
    target: string,
  ): Promise<void> {
    // What is there is not what it should be.
    await removeTree(tree)
    const making = join(folder, makingName())
    try {
      await mkdir(join(making, names.content), { recursive: true, mode: 0o700 })
      await unpack(join(making, names.content))
      const index = await indexFiles(making, sha256)
      await linkFiles(making, index, target)
      const sizeBytes = index.files.reduce((sum, [, bytes]) => sum + bytes, 0)
      await writeFile(join(making, names.size), String(sizeBytes))
      await writeFile(join(making, names.index), JSON.stringify(index))
      // Another process may have been quicker: its tree does as well.
      if (await makeRoom(sizeBytes)) await rename(making, tree).catch(() => undefined)
    } finally {
      await rm(making, { recursive: true, force: true })
    }
  }

  return {
    async place(source, target, signal) {
      const key = `${source.sha256}.${source.kind}`
      const tree = join(folder, key)
      await writeFile(join(pins, pinOfTree(key)), '')
      for (;;) {
        signal.throwIfAborted()
        if (await tryPlace(tree, source.sha256, target)) return
        const leasePath = join(folder, `${key}.lease`)
        const lease = await takeLease(leasePath, { owner, sizeBytes: 0 })
        if (lease === undefined) {
          await waitForLease(leasePath, signal)
          continue
        }
        try {
          // Whoever had the lease before may have ended with the tree in place.
          if (!(await tryPlace(tree, source.sha256, target)))
            await unpackAndPlace(source, tree, target)
          return
        } finally {
          await lease.release()
        }
      }
    },
  }
}

/** What an executor that uses the tree has among its pins. */
export function pinOfTree(key: string): string {
  return `tree.${key}`
}

/** Takes the tree away from its name at once; links of sandboxes to its files stay. */
export async function removeTree(tree: string): Promise<void> {
  const leaving = join(dirname(tree), makingName())
  await rename(tree, leaving).catch(() => undefined)
  await rm(leaving, { recursive: true, force: true })
}

/** Each tree with the bytes of its files and the time of its last use. */
export async function measureTrees(folder: string): Promise<
  readonly {
    readonly path: string
    readonly sizeBytes: number
    readonly usedMs: number
    readonly isTree: true
  }[]
> {
  const keys = (await readdir(folder)).filter((name) => /^[\da-f]{64}\.(archive|npm)$/.test(name))
  const found = keys.map(async (name) => {
    const path = join(folder, name)
    const size = join(path, names.size)
    const sizeBytes = Number(await readFile(size, 'utf8').catch(() => undefined))
    const use = await lstat(size).catch(() => undefined)
    // Gone in between.
    if (Number.isNaN(sizeBytes) || use === undefined) return []
    return [{ path, sizeBytes, usedMs: use.atimeMs, isTree: true as const }]
  })
  return (await Promise.all(found)).flat()
}

/** Removes what executors were making that are gone for certain. */
export async function sweepTrees(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const owner = /^making\.(.+)$/.exec(name)?.[1]
    if (owner !== undefined && isOwnerDead(owner)) {
      await rm(join(folder, name), { recursive: true, force: true })
    }
  }
}

function makingName(): string {
  return `making.${createOwner()}`
}

async function useNow(tree: string): Promise<void> {
  const size = join(tree, names.size)
  const { mtime } = await lstat(size)
  await utimes(size, new Date(), mtime)
}

async function readIndex(tree: string): Promise<TreeIndex | undefined> {
  const text = await readFile(join(tree, names.index), 'utf8')
  const index = parseJson(text) as TreeIndex | undefined
  return index?.boot === thisProcess().boot ? index : undefined
}

/** Lists what was unpacked, and seals every file. */
async function indexFiles(tree: string, sha256: string): Promise<TreeIndex> {
  const root = join(tree, names.content)
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const pathsOf = (isKind: (entry: Dirent) => boolean): readonly string[] =>
    entries.filter(isKind).map(({ parentPath, name }) => relative(root, join(parentPath, name)))
  const files: (readonly [string, number])[] = []
  const links: (readonly [string, string])[] = []
  await forEach(
    pathsOf((entry) => entry.isFile()),
    (path) => {
      sealSync(join(root, path), sha256)
      files.push([path, lstatSync(join(root, path)).size])
    },
  )
  await forEach(
    pathsOf((entry) => entry.isSymbolicLink()),
    (path) => links.push([path, readlinkSync(join(root, path))]),
  )
  // Shorter paths first, so that each has its parent before it.
  const folders = pathsOf((entry) => entry.isDirectory()).toSorted(
    (one, other) => one.length - other.length,
  )
  return { boot: thisProcess().boot, folders, files, links }
}

/** False when a file was written to: sandboxes hold links to it, and tasks may run as its owner. */
async function isIntact(tree: string, { files }: TreeIndex, sha256: string): Promise<boolean> {
  let isSame = true
  await forEach(files, ([path, sizeBytes]) => {
    const found = lstatSync(join(tree, names.content, path))
    isSame &&= found.size === sizeBytes && isSealed(found, sha256)
  })
  return isSame
}

/** Makes the target. */
async function linkFiles(
  tree: string,
  { folders, files, links }: TreeIndex,
  target: string,
): Promise<void> {
  const root = join(tree, names.content)
  await mkdir(target)
  await forEach(folders, (path) => mkdirSync(join(target, path)))
  await forEach(files, ([path]) => linkOrCopy(join(root, path), join(target, path)))
  await forEach(links, ([path, text]) => symlinkSync(text, join(target, path)))
}

function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target)
  } catch {
    // Another file system, or one without hard links.
    copyFileSync(source, target)
  }
}

/**
 * Does what takes the system microseconds without the thread pool, which would take several times as long, and lets others
 * have their turn in between.
 */
async function forEach<Item>(items: readonly Item[], work: (item: Item) => unknown): Promise<void> {
  for (const [index, item] of items.entries()) {
    if (index % perTurn === perTurn - 1) await setImmediate()
    work(item)
  }
}
