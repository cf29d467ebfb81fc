/** Puts a set's libraries from the host cache into the sandbox. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SetEntry } from '../machines/downloader.ts'
import type { InstalledSet } from '../machines/task-run.ts'
import type { HostCache } from './host-cache.ts'
import { nodeHostFile, nodeHostSource } from './node-host-source.ts'
import { unpackPackage } from './node-modules.ts'

/**
 * Gives `<sandbox>/libraries/<set id>` with every library under its name, and the npm packages unpacked in `node_modules`;
 * the folder appears whole. Throws `LIBRARY_CORRUPT` for a package that cannot be unpacked.
 */
export async function installSet(
  sandbox: string,
  setId: string,
  entries: readonly SetEntry[],
  cache: HostCache,
): Promise<InstalledSet> {
  const parent = join(sandbox, 'libraries')
  const folder = join(parent, setId)
  const building = join(parent, `.${setId}.building`)
  await rm(building, { recursive: true, force: true })
  await mkdir(building, { recursive: true })
  for (const { library } of entries) {
    const path = join(building, library.name)
    await cache.place(library.sha256, path)
    if (library.kind === 'npm') await unpackPackage(path, building)
  }
  // Only ever a new file: a library of this name would be a link into the cache, and the cache would be written to.
  await writeFile(join(building, nodeHostFile), nodeHostSource, { flag: 'wx' })
  // Left by an earlier try of this process; no task has been given it.
  await rm(folder, { recursive: true, force: true })
  await rename(building, folder)
  const jars = entries.filter(({ library }) => library.kind === 'jar')
  return { setId, folder, classPath: jars.map(({ library }) => join(folder, library.name)) }
}
