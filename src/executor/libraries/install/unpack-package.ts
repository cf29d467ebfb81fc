/** Unpacks npm packages within limits, and never outside their folder. */
import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { corruptArchive, createMeter, findPathFault } from '../../../archive/entry-rules.ts'
import type { MakeRoom } from '../../../archive/entry-rules.ts'
import { readTar } from '../../../archive/read-tar.ts'
import { writeTarEntries } from '../../../archive/write-tar.ts'
import { depthOfPackage, isPackageName } from '../../../domain/libraries/package-name.ts'
import { makeExecutable, readBinaries, readManifest } from './link-binaries.ts'

const limits = { maxEntries: 50_000, maxBytes: 1024 * 1024 * 1024 }

/**
 * Unpacks a tarball into `folder`, which is empty, and returns the name of the package. The top
 * folder in the tarball may have any name. As npm does, it skips links and devices; files are
 * read-only. `makeRoom` is called with the number of bytes before the first one is written.
 * Throws `LIBRARY_CORRUPT` for an archive that is broken, is too large, leaves its folder, or has
 * no package name.
 */
export async function unpackPackage(
  tarball: string,
  folder: string,
  makeRoom: MakeRoom = async () => undefined,
): Promise<string> {
  const measure = createMeter((await stat(tarball)).size, limits)
  let sizeBytes = 0
  let depth: number | undefined
  await readTar(tarball, limits, (entry) => {
    sizeBytes += entry.sizeBytes
    const fault = measure(entry.sizeBytes) ?? findPathFault(entry.path)
    if (fault !== undefined) throw corruptArchive(basename(tarball), fault)
    const found = depthOfPackage(entry.path)
    if (found !== undefined) depth = Math.min(depth ?? found, found)
    return undefined
  })
  await makeRoom(sizeBytes)
  await writeTarEntries(
    tarball,
    folder,
    limits,
    ({ path }) =>
      path
        .split('/')
        .slice(depth ?? 1)
        .join('/') || undefined,
  )
  const { name } = await readManifest(folder)
  if (!isPackageName(name))
    throw corruptArchive(basename(tarball), 'no package.json with a package name')
  for (const path of (await readBinaries(folder)).values()) await makeExecutable(join(folder, path))
  return name
}
