/** Puts a set's libraries from the host cache into the sandbox. */
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { corruptArchive } from '../../archive/entry-rules.ts'
import { unpackArchive } from '../../archive/unpack-archive.ts'
import type { Library } from '../../domain/library.ts'
import type { SetEntry } from '../../machines/downloader.ts'
import type { InstalledSet } from '../../machines/task-run.ts'
import type { HostCache } from './cache/host-cache.ts'
import { nodeHostFile, nodeHostSource } from '../tasks/node-host-source.ts'
import { packageName, unpackPackage } from './unpack-package.ts'

/**
 * Gives `<sandbox>/libraries/<set id>` with every library under its name, archives unpacked into a folder of that name, and
 * npm packages in `node_modules`; the folder appears whole. What is unpacked is unpacked once per host.
 * Throws `LIBRARY_CORRUPT` for what cannot be unpacked, and the signal's reason.
 */
export async function installSet(
  sandbox: string,
  setId: string,
  entries: readonly SetEntry[],
  cache: HostCache,
  signal: AbortSignal,
): Promise<InstalledSet> {
  const parent = join(sandbox, 'libraries')
  const folder = join(parent, setId)
  const building = join(parent, `.${setId}.building`)
  await rm(building, { recursive: true, force: true })
  await mkdir(building, { recursive: true })
  for (const { library } of entries) {
    const path = join(building, library.name)
    if (library.kind === 'archive') await installArchive(library, path, cache, signal)
    else await cache.place(library.sha256, path)
    if (library.kind === 'npm') await installPackage(library, building, cache, signal)
  }
  // Only ever a new file: a library of this name would be a link into the cache, and the cache would be written to.
  await writeFile(join(building, nodeHostFile), nodeHostSource, { flag: 'wx' })
  // Left by an earlier try of this process; no task has been given it.
  await rm(folder, { recursive: true, force: true })
  await rename(building, folder)
  const jars = entries.filter(({ library }) => library.kind === 'jar')
  return { setId, folder, classPath: jars.map(({ library }) => join(folder, library.name)) }
}

/** The archive itself is not there: tasks have what is in it, and the cache has it still. */
async function installArchive(
  { name, sha256 }: Library,
  folder: string,
  cache: HostCache,
  signal: AbortSignal,
): Promise<void> {
  const unpack = async (target: string): Promise<void> => {
    const packed = await mkdtemp(join(dirname(folder), '.packed-'))
    try {
      await cache.place(sha256, join(packed, name))
      await unpackArchive(join(packed, name), target)
    } finally {
      await rm(packed, { recursive: true, force: true })
    }
  }
  await cache.trees.place({ sha256, kind: 'archive', unpack }, folder, signal)
}

/** Into `node_modules`, under the name that the package gives itself. */
async function installPackage(
  { name: file, sha256 }: Library,
  folder: string,
  cache: HostCache,
  signal: AbortSignal,
): Promise<void> {
  const modules = join(folder, 'node_modules')
  const unnamed = join(modules, '.unnamed')
  await mkdir(modules, { recursive: true })
  const unpack = async (target: string): Promise<void> => {
    await unpackPackage(join(folder, file), target)
  }
  await cache.trees.place({ sha256, kind: 'npm', unpack }, unnamed, signal)
  const name = await packageName(unnamed)
  await mkdir(dirname(join(modules, name)), { recursive: true })
  await rename(unnamed, join(modules, name)).catch((cause: unknown) => {
    throw corruptArchive(file, `a second package named ${name}`, cause)
  })
}
