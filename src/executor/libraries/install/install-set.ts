/** Puts a set's libraries from the host cache into the sandbox. */
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolders, openFolderMode } from '../../../leases/private-files.ts'
import { corruptArchive } from '../../../archive/entry-rules.ts'
import { unpackArchive } from '../../../archive/unpack-archive.ts'
import type { Library } from '../../../domain/libraries/library.ts'
import { JarcastError } from '../../../errors.ts'
import type { SetEntry } from '../../../machines/downloader/events.ts'
import type { InstalledSet } from '../../../domain/libraries/installed-set.ts'
import type { HostCache } from '../cache/host-cache.ts'
import { nodeHostFile, nodeHostSource } from '../../tasks/node/node-host-source.ts'
import { linkBinaries } from './link-binaries.ts'
import { unpackPackage } from './unpack-package.ts'

export interface InstallOptions {
  readonly cache: HostCache
  readonly signal: AbortSignal
  /** Fetches a library again that is missing from the cache or was changed there. */
  readonly refetch: (entry: SetEntry) => Promise<void>
}

/** Number of times that a library may be changed in the cache between its download and its use. */
const maxRefetches = 2

/**
 * Gives `<sandbox>/libraries/<set id>` with every library under its name, archives unpacked into a folder of that name, and
 * npm packages in `node_modules`, with their programs in `node_modules/.bin`; the folder appears whole, in the place of one
 * that was there. All of it is this sandbox's alone, closed to other users under any umask, and was hashed on its way from the
 * cache.
 * Throws `LIBRARY_CORRUPT` for what cannot be unpacked, or is changed in the cache again and again; `DISK_FULL`; the
 * signal's reason.
 */
export async function installSet(
  sandbox: string,
  setId: string,
  entries: readonly SetEntry[],
  options: InstallOptions,
): Promise<InstalledSet> {
  const parent = join(sandbox, 'libraries')
  const folder = join(parent, setId)
  const building = join(parent, `.${setId}.building`)
  const leaving = join(parent, `.${setId}.leaving`)
  for (const path of [building, leaving]) await rm(path, { recursive: true, force: true })
  makeFolders(building)
  try {
    for (const entry of entries) await install(entry, building, options)
    await linkBinaries(join(building, 'node_modules'))
    await writeFile(join(building, nodeHostFile), nodeHostSource, { flag: 'wx' })
    // Files that running tasks have open stay valid.
    await rename(folder, leaving).catch(() => undefined)
    await rename(building, folder)
  } finally {
    for (const path of [building, leaving]) await rm(path, { recursive: true, force: true })
  }
  const jars = entries.filter(({ library }) => library.kind === 'jar')
  return { setId, folder, classPath: jars.map(({ library }) => join(folder, library.name)) }
}

async function install(entry: SetEntry, folder: string, options: InstallOptions): Promise<void> {
  options.signal.throwIfAborted()
  const path = join(folder, entry.library.name)
  if (entry.library.kind === 'archive') return await installArchive(entry, path, options)
  await place(entry, path, options)
  if (entry.library.kind === 'npm') await installPackage(entry.library, folder, options.cache)
}

async function place(
  entry: SetEntry,
  path: string,
  { cache, refetch }: InstallOptions,
): Promise<void> {
  const { name, sha256, sizeBytes } = entry.library
  await cache.makeRoom(dirname(path), sizeBytes)
  for (let refetches = 0; !(await cache.place(sha256, path)); refetches += 1) {
    if (refetches === maxRefetches) throw changed(name)
    await refetch(entry)
  }
}

/** Removes the archive itself: tasks use its contents. */
async function installArchive(
  entry: SetEntry,
  folder: string,
  options: InstallOptions,
): Promise<void> {
  const packed = await mkdtemp(join(dirname(folder), '.packed-'))
  const path = join(packed, entry.library.name)
  try {
    await place(entry, path, options)
    await mkdir(folder)
    await unpackArchive(path, folder, {}, (bytes) => options.cache.makeRoom(folder, bytes))
  } finally {
    await rm(packed, { recursive: true, force: true })
  }
}

/** Into `node_modules`, at its place, else under the name that the package gives itself. */
async function installPackage(
  { name: file, place: given }: Library,
  folder: string,
  cache: HostCache,
): Promise<void> {
  const modules = join(folder, 'node_modules')
  const unnamed = join(modules, '.unnamed')
  makeFolders(unnamed, openFolderMode)
  const makeRoom = (bytes: number): Promise<void> => cache.makeRoom(unnamed, bytes)
  const own = await unpackPackage(join(folder, file), unnamed, makeRoom)
  const name = given ?? own
  makeFolders(dirname(join(modules, name)), openFolderMode)
  await rename(unnamed, join(modules, name)).catch((cause: unknown) => {
    throw corruptArchive(file, `a second package named ${name}`, cause)
  })
}

function changed(name: string): JarcastError {
  const message = `library ${name} has other bytes each time it is taken from the host's cache: something writes there; set JARCAST_CACHE_DIR to another folder`
  return new JarcastError('LIBRARY_CORRUPT', message, { details: { library: name } })
}
