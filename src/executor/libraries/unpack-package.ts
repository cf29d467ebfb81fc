/** Unpacks npm packages: bounded, and never outside their folder. */
import { chmod, lstat, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { corruptArchive, createMeter, findPathFault } from '../../archive/entry-rules.ts'
import type { MakeRoom } from '../../archive/entry-rules.ts'
import { readTar } from '../../archive/read-tar.ts'
import { writeTarEntries } from '../../archive/write-tar.ts'
import { isRecord, parseJson } from '../../domain/json.ts'

const limits = { maxEntries: 50_000, maxBytes: 1024 * 1024 * 1024 }

/**
 * Unpacks a packed package into `folder`, an empty one, and gives its name. Links and devices are left out, as npm does;
 * files are read-only. `makeRoom` is told how many bytes they have before the first is written. Throws `LIBRARY_CORRUPT` for an archive that is broken, too large, leaves its folder, or names no
 * package.
 */
export async function unpackPackage(
  tarball: string,
  folder: string,
  makeRoom: MakeRoom = async () => undefined,
): Promise<string> {
  const measure = createMeter((await stat(tarball)).size, limits)
  let sizeBytes = 0
  await readTar(tarball, limits, (entry) => {
    sizeBytes += entry.sizeBytes
    const fault = measure(entry.sizeBytes) ?? findPathFault(entry.path)
    if (fault !== undefined) throw corruptArchive(basename(tarball), fault)
    return undefined
  })
  await makeRoom(sizeBytes)
  // All of it is in a folder, of whatever name.
  await writeTarEntries(
    tarball,
    folder,
    limits,
    ({ path }) => path.split('/').slice(1).join('/') || undefined,
  )
  const { name, binaries } = await readPackage(folder, tarball)
  await makeExecutable(folder, binaries)
  return name
}

async function readPackage(
  folder: string,
  tarball: string,
): Promise<{ readonly name: string; readonly binaries: readonly string[] }> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '')
  const { name, bin } = toRecord(parseJson(text))
  if (typeof name !== 'string' || !/^(@[\w~-][\w.~-]*\/)?[\w~-][\w.~-]*$/.test(name))
    throw corruptArchive(basename(tarball), 'no package.json with a package name')
  const binaries = typeof bin === 'string' ? [bin] : Object.values(toRecord(bin))
  return { name, binaries: binaries.filter((path) => typeof path === 'string') }
}

/** Those named by `bin`, as npm does: many are packed without the bit. */
async function makeExecutable(folder: string, binaries: readonly string[]): Promise<void> {
  for (const binary of binaries) {
    // Against the root first, so that no path leads out of the folder.
    const path = join(folder, join('/', binary))
    const found = await lstat(path).catch(() => undefined)
    if (found?.isFile() === true) await chmod(path, found.mode | 0o111)
  }
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {}
}
