/**
 * Makes programs of npm packages executable, and links them from `.bin`, as npm does. Source: npm's
 * `bin-links`.
 */
import { chmod, lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, posix, relative } from 'node:path'
import { isRecord, parseJson } from '../../../domain/json.ts'
import { isPackageName } from '../../../domain/libraries/package-name.ts'

const maxManifestBytes = 4 * 1024 * 1024

/**
 * Makes `node_modules/.bin` for the packages in the folder `modules`, and for those in their own
 * `node_modules`. If two packages have a program of the same name, the first package by name wins.
 */
export async function linkBinaries(modules: string): Promise<void> {
  const linked = new Set<string>()
  for (const name of await packagesIn(modules)) {
    const folder = join(modules, name)
    for (const [binary, path] of await readBinaries(folder)) {
      if (linked.has(binary) || !(await makeExecutable(join(folder, path)))) continue
      linked.add(binary)
      const bin = join(modules, '.bin')
      await mkdir(bin, { recursive: true })
      await symlink(relative(bin, join(folder, path)), join(bin, binary))
    }
    await linkBinaries(join(folder, 'node_modules'))
  }
}

/** The programs of a package: paths below its folder, by name. */
export async function readBinaries(folder: string): Promise<ReadonlyMap<string, string>> {
  const manifest = await readManifest(folder)
  const { bin, directories, name } = manifest
  if (typeof bin === 'string') return binariesOf([[String(name), bin]])
  if (Array.isArray(bin)) return binariesOf(bin.map((path) => [String(path), path]))
  if (isRecord(bin)) return binariesOf(Object.entries(bin))
  const below = isRecord(directories) ? directories['bin'] : undefined
  return typeof below === 'string' && !bin ? await filesIn(folder, insideOf(below)) : new Map()
}

/** Reads `package.json`; empty if it is missing or invalid. */
export async function readManifest(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const file = join(folder, 'package.json')
  const found = await lstat(file).catch(() => undefined)
  if (found?.isFile() !== true || found.size > maxManifestBytes) return {}
  const text = await readFile(file, 'utf8').catch(() => '')
  const manifest = parseJson(text.replace(/^\uFEFF/, ''))
  return isRecord(manifest) ? manifest : {}
}

/**
 * Makes a file executable; returns false if it is not a file. Also replaces a Windows line end
 * after `#!`, which the system would take for a part of the interpreter's name.
 */
export async function makeExecutable(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined)
  if (found?.isFile() !== true) return false
  const text = await readFile(path, 'latin1')
  if (/^#![^\n]{0,2046}\r\n/.test(text)) {
    await chmod(path, 0o600)
    await writeFile(path, text.replace('\r\n', '\n'), 'latin1')
  }
  await chmod(path, (found.mode & 0o777) | 0o111)
  return true
}

function binariesOf(
  entries: readonly (readonly [name: string, path: unknown])[],
): ReadonlyMap<string, string> {
  const binaries = new Map<string, string>()
  for (const [name, path] of entries) {
    const base = insideOf(posix.basename(name.replaceAll(/[\\:]/g, '/')))
    const file = typeof path === 'string' ? insideOf(path) : ''
    if (base !== '' && file !== '' && !base.includes('\u0000')) binaries.set(base, file)
  }
  return binaries
}

/** Resolves `..` against the root first, so that no path leads out of the folder. */
function insideOf(path: string): string {
  return posix.join('/', path.replaceAll('\\', '/')).slice(1)
}

async function filesIn(folder: string, below: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
  return new Map(files.map(({ name }) => [name, posix.join(below, name)]))
}

/** In the order of npm. */
async function packagesIn(modules: string): Promise<readonly string[]> {
  const entries = await readdir(modules, { withFileTypes: true }).catch(() => [])
  const names = await Promise.all(
    entries.map(async (entry) => {
      if (!entry.isDirectory()) return []
      if (!entry.name.startsWith('@')) return [entry.name]
      const scoped = await readdir(join(modules, entry.name))
      return scoped.map((name) => `${entry.name}/${name}`)
    }),
  )
  return names
    .flat()
    .filter(isPackageName)
    .toSorted((one, other) => one.localeCompare(other, 'en'))
}
