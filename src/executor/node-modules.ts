/** Unpacks npm packages: bounded, and never outside their folder. */
import { createReadStream } from 'node:fs'
import { chmod, lstat, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { extract, Parser } from 'tar'
import type { ReadEntry } from 'tar'
import { isRecord, parseJson } from '../domain/json.ts'
import { JarcastError } from '../errors.ts'

const maxEntries = 50_000
const maxBytes = 1024 * 1024 * 1024
const maxPathLength = 1024
const maxDepth = 64

/**
 * Unpacks a packed package into `<folder>/node_modules/<its name>` and gives that name. Links and devices are left out, as
 * npm does. Throws `LIBRARY_CORRUPT` for an archive that is broken, too large, leaves its folder, or names no package.
 */
export async function unpackPackage(tarball: string, folder: string): Promise<string> {
  await checkArchive(tarball)
  const modules = join(folder, 'node_modules')
  const temporary = join(modules, '.unpacking')
  await mkdir(temporary, { recursive: true })
  try {
    await extract({
      file: tarball,
      cwd: temporary,
      strip: 1,
      preserveOwner: false,
      noMtime: true,
      filter: (_, entry) => prepareEntry(entry as ReadEntry),
    })
    const { name, binaries } = await readPackage(temporary, tarball)
    await makeExecutable(temporary, binaries)
    const target = join(modules, name)
    await mkdir(dirname(target), { recursive: true })
    await rename(temporary, target)
    return name
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** Reads the whole archive once before anything of it is written. */
async function checkArchive(tarball: string): Promise<void> {
  let entries = 0
  let bytes = 0
  const parser = new Parser({
    strict: true,
    onReadEntry(entry) {
      entries += 1
      bytes += entry.size
      const fault = faultOf(entry, entries, bytes)
      if (fault === undefined) entry.resume()
      else parser.abort(corrupt(tarball, fault))
    },
  })
  try {
    await pipeline(createReadStream(tarball), parser as unknown as NodeJS.WritableStream)
  } catch (error) {
    throw error instanceof JarcastError ? error : corrupt(tarball, String(error), error)
  }
}

function faultOf(entry: ReadEntry, entries: number, bytes: number): string | undefined {
  const path = entry.path
  const parts = path.split(/[/\\]/)
  if (entries > maxEntries) return `more than ${maxEntries} entries`
  if (bytes > maxBytes) return `more than ${maxBytes} bytes`
  if (path.length > maxPathLength || parts.length > maxDepth) return 'a path that is too long'
  if (/^([/\\]|[a-z]:)/i.test(path)) return `an absolute path: ${path}`
  if (parts.includes('..')) return `a path out of its folder: ${path}`
  return undefined
}

function prepareEntry(entry: ReadEntry): boolean {
  if (!['File', 'OldFile', 'ContiguousFile', 'Directory'].includes(entry.type)) return false
  // Readable to its owner, and no bits that give somebody else's rights.
  entry.mode = ((entry.mode ?? 0o644) & 0o755) | (entry.type === 'Directory' ? 0o700 : 0o600)
  return true
}

async function readPackage(
  folder: string,
  tarball: string,
): Promise<{ readonly name: string; readonly binaries: readonly string[] }> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '')
  const { name, bin } = toRecord(parseJson(text))
  if (typeof name !== 'string' || !/^(@[\w~-][\w.~-]*\/)?[\w~-][\w.~-]*$/.test(name))
    throw corrupt(tarball, 'no package.json with a package name')
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

function corrupt(tarball: string, why: string, cause?: unknown): JarcastError {
  return new JarcastError('LIBRARY_CORRUPT', `npm package ${tarball}: ${why}`, { cause })
}
