/**
 * Packs nested packages. A package that needs another version than the one at the top has it in its
 * own `node_modules`. Both are packed into one tarball, which unpacks to npm's layout.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { create } from 'tar'
import { corruptArchive, createMeter, findPathFault } from '../../archive/entry-rules.ts'
import { reproducible } from '../../archive/reproducible-tar.ts'
import { writeTarEntries } from '../../archive/write-tar.ts'
import { nameAtPlace, tarballName } from '../../domain/libraries/package-name.ts'
import { digestFile } from '../http/checksums.ts'
import { JarcastError } from '../../errors.ts'
import { toFileError } from '../../file-error.ts'
import { makeLeasedFolder } from '../../leases/leased-folder.ts'
import type { FileCache } from '../http/file-cache.ts'
import { mapLimited } from '../http/map-limited.ts'
import { describePackage } from '../packages/package-lock.ts'
import type { LockedPackage, NpmLock } from '../packages/package-lock.ts'
import type { FetchedPackage } from '../packages/packages.ts'

const repository = 'npm-nested'
const limits = { maxEntries: 100_000, maxBytes: 2 * 1024 * 1024 * 1024 }

/**
 * One tarball for each package at the top of `node_modules`, sorted by place. Rejects with
 * `PACKAGE_CORRUPT` for a tarball that is damaged or too large.
 */
export async function packNested(
  { packages }: NpmLock,
  files: ReadonlyMap<string, string>,
  cache: FileCache,
): Promise<readonly FetchedPackage[]> {
  const places = Object.keys(packages).toSorted()
  const tops = places.filter((place) => place.lastIndexOf('node_modules/') === 0)
  const names = fileNames(tops, packages)
  return await mapLimited(tops, 4, async (top, index) => {
    const inside = places.filter((place) => place.startsWith(`${top}/node_modules/`))
    const found = packages[top] as LockedPackage
    const base = {
      id: describePackage(top, found),
      name: names[index] as string,
      version: found.version,
      kind: 'npm' as const,
      place: nameAtPlace(top),
    }
    if (inside.length === 0) {
      const { sha256, sizeBytes } = found
      return { ...base, file: files.get(top) ?? '', sha256, sizeBytes }
    }
    const path = `${hashOf([top, ...inside].map((place) => `${place} ${packages[place]?.sha256}`))}.tgz`
    if (!(await cache.has(repository, path))) {
      await cache.put(repository, path, (target) => pack(top, inside, files, target))
    }
    const file = cache.pathOf(repository, path)
    const packed = await digestFile(file, ['sha256'])
    return { ...base, file, sha256: packed.digests[0] ?? '', sizeBytes: packed.sizeBytes }
  })
}

/** `@a/b` and `a-b` in one version would have one file name. */
function fileNames(tops: readonly string[], packages: NpmLock['packages']): readonly string[] {
  const nameOf = (top: string): string =>
    tarballName(nameAtPlace(top), packages[top]?.version ?? '')
  const counts = new Map<string, number>()
  for (const top of tops) counts.set(nameOf(top), (counts.get(nameOf(top)) ?? 0) + 1)
  return tops.map((top) => {
    const name = nameOf(top)
    if (counts.get(name) === 1 || !nameAtPlace(top).startsWith('@')) return name
    return `${nameAtPlace(top).replace('/', '+')}-${packages[top]?.version}.tgz`
  })
}

async function pack(
  top: string,
  inside: readonly string[],
  files: ReadonlyMap<string, string>,
  target: string,
): Promise<void> {
  const folder = makeLeasedFolder('npm')
  try {
    for (const place of [top, ...inside]) {
      const below = join(folder, 'package', place.slice(top.length + 1))
      // npm's layout replaces a nested package of the tarball.
      await rm(below, { recursive: true, force: true })
      await unpack(files.get(place) ?? '', below, place)
    }
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const names = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .toSorted()
    await create({ ...reproducible, cwd: folder, file: target }, names)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Unpacks files and folders only, as npm does; size and count are limited. */
async function unpack(tarball: string, folder: string, place: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const measure = createMeter((await stat(tarball)).size, limits)
  try {
    await writeTarEntries(tarball, folder, limits, ({ path, sizeBytes }) => {
      const fault = measure(sizeBytes) ?? findPathFault(path)
      if (fault !== undefined) throw corruptArchive(place, fault)
      return path.split('/').slice(1).join('/') || undefined
    })
  } catch (cause) {
    const known = toFileError(cause, 'a temporary folder')
    if (known instanceof JarcastError && known.code !== 'LIBRARY_CORRUPT') throw known
    const message = `the tarball of ${place} cannot be unpacked: ${(cause as Error).message}`
    throw new JarcastError('PACKAGE_CORRUPT', message, { cause, details: { package: place } })
  }
}

function hashOf(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}
