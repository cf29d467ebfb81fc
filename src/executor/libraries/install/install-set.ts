/** Installs the libraries of a set from the host cache in the sandbox. */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolders, openFolderMode } from '../../../leases/private-files.ts'
import { corruptArchive } from '../../../archive/entry-rules.ts'
import { unpackArchive } from '../../../archive/unpack-archive.ts'
import { defined } from '../../../defined.ts'
import type { Library } from '../../../domain/libraries/library.ts'
import { JarcastError } from '../../../errors.ts'
import type { SetEntry } from '../../../machines/downloader/events.ts'
import type { InstalledSet } from '../../../domain/libraries/installed-set.ts'
import type { HostCache } from '../cache/host-cache.ts'
import { nodeHostFile, nodeHostSource } from '../../tasks/node/node-host-source.ts'
import { warmHostFile, warmHostSource } from '../../tasks/node/warm-host-source.ts'
import { linkBinaries } from './link-binaries.ts'
import { unpackPackage } from './unpack-package.ts'

export interface InstallOptions {
  readonly cache: HostCache
  readonly signal: AbortSignal
  /** Fetches a library again that was removed from the cache or changed there. */
  readonly refetch: (entry: SetEntry) => Promise<void>
}

/** Times that a library may be changed in the cache before it is installed. */
const maxRefetches = 2

/**
 * Makes `<sandbox>/libraries/<set id>`: each library under its name, archives unpacked into a
 * folder of that name, npm packages in `node_modules`, and their programs in `node_modules/.bin`.
 * The complete folder replaces an earlier one. Its files are private copies, hashed after the copy,
 * and other users have no access to it under any umask.
 * Throws `LIBRARY_CORRUPT` for an archive that cannot be unpacked, or a library that is changed in
 * the cache again and again; `DISK_FULL`; the signal's reason.
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
    await writeFile(join(building, warmHostFile), warmHostSource, { flag: 'wx' })
    // Renamed, not removed: running tasks may have files open.
    await rename(folder, leaving).catch(() => undefined)
    await rename(building, folder)
  } finally {
    for (const path of [building, leaving]) await rm(path, { recursive: true, force: true })
  }
  const jars = entries.filter(({ library }) => library.kind === 'jar')
  const jre = entries.find(({ library }) => library.kind === 'jre')
  const javaHome = jre && (await findJavaHome(join(folder, jre.library.name)))
  const classPath = jars.map(({ library }) => join(folder, library.name))
  return { setId, folder, classPath, ...defined({ javaHome }) }
}

async function install(entry: SetEntry, folder: string, options: InstallOptions): Promise<void> {
  options.signal.throwIfAborted()
  const path = join(folder, entry.library.name)
  if (entry.library.kind === 'archive' || entry.library.kind === 'jre')
    return await installArchive(entry, path, options)
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

/**
 * Unpacks an archive into `folder`, or copies what the host has unpacked of it; the archive itself
 * is not kept.
 */
async function installArchive(
  entry: SetEntry,
  folder: string,
  options: InstallOptions,
): Promise<void> {
  const { name, sha256, tree } = entry.library
  const { trees } = options.cache
  const known = tree === undefined ? undefined : { sha256, tree }
  const makeRoom = (bytes: number): Promise<void> => options.cache.makeRoom(folder, bytes)
  if (known !== undefined && (await trees?.place(known, folder, makeRoom)) === true) return
  const packed = await mkdtemp(join(dirname(folder), '.packed-'))
  const path = join(packed, name)
  try {
    await place(entry, path, options)
    await mkdir(folder)
    await unpackArchive(path, folder, {}, makeRoom)
    if (known !== undefined) await trees?.keep(known, folder)
  } finally {
    await rm(packed, { recursive: true, force: true })
  }
}

/** The folder with `bin/java`: the unpacked archive, or its top folder. */
async function findJavaHome(folder: string): Promise<string | undefined> {
  const folders = [folder, ...(await readdir(folder)).map((name) => join(folder, name))]
  return folders.find((home) => existsSync(join(home, 'bin/java')))
}

/** Unpacks into `node_modules`, at the given place or under the package's own name. */
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
  const message = `the bytes of library ${name} in the host's cache change again and again, since another program writes there: set JARCAST_CACHE_DIR to another folder`
  return new JarcastError('LIBRARY_CORRUPT', message, { details: { library: name } })
}
