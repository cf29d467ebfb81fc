/**
 * npm packages: a folder becomes the tarball that `npm install` understands, the same bytes each time.
 * Source: npm CLI documentation, "package.json" and "npm-pack".
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { create } from 'tar'
import { readTar } from '../archive/read-tar.ts'
import { isRecord, parseJson } from '../domain/json.ts'
import { JarcastError } from '../errors.ts'

export interface NpmPackage {
  readonly name: string
  readonly version: string
  /** As `npm pack` names it: `scope-name-1.2.3.tgz`. */
  readonly fileName: string
}

export interface PackOptions {
  /** Where the tarball is written; an existing file is replaced. */
  readonly target: string
  readonly signal?: AbortSignal | undefined
}

const maxFiles = 20_000
const maxDepth = 64
const maxManifestBytes = 1024 * 1024
const maxEntriesSearched = 100_000
// npm pack's own date: tar and zip tools of every age can show it.
const mtime = new Date('1985-10-26T08:15:00.000Z')
// Dependencies are libraries of their own; the rest is what npm never publishes (.npmrc holds tokens).
const neverPacked: readonly string[] = [
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  'CVS',
  '.DS_Store',
  '.npmrc',
]

/**
 * Reads the package.json of a folder. Rejects with `LIBRARY_NOT_A_FILE` when it is missing, or has no valid name and
 * version: then the folder is no npm package, and only files and npm packages can be shipped. `LIBRARY_UNREADABLE` when it cannot
 * be read.
 */
export async function readNpmPackage(folder: string): Promise<NpmPackage> {
  const file = join(folder, 'package.json')
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'EISDIR') return ''
    const message = `library ${folder}: its package.json cannot be read (${cause.code}); let this user read it`
    throw new JarcastError('LIBRARY_UNREADABLE', message, { cause, details: { path: file } })
  })
  const manifest = text.length <= maxManifestBytes ? parseJson(text) : undefined
  const { name, version } = isRecord(manifest) ? manifest : {}
  if (!isPackageName(name) || !isVersion(version)) {
    throw new JarcastError(
      'LIBRARY_NOT_A_FILE',
      `library ${folder} is a folder without a package.json that has name and version; give a jar, a file, or the folder of an npm package`,
      { details: { path: folder } },
    )
  }
  return { name, version, fileName: `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz` }
}

/**
 * Packs the files of a folder under `package/`: sorted, one date, no owner, modes 644 and 755. Links, devices,
 * nested node_modules and version control folders stay out; `files` and `.npmignore` are not read.
 * The same files give the same bytes under the same Node version.
 * Rejects with `CONFIG_INVALID` when there are more than 20,000 files or 64 levels, with the reason of `signal` when
 * that is aborted, else with the system's error.
 */
export async function packNpmPackage(
  folder: string,
  { target, signal }: PackOptions,
): Promise<void> {
  const files = await listFiles(folder, signal)
  await create(
    {
      cwd: folder,
      file: target,
      gzip: { portable: true },
      portable: true,
      mtime,
      prefix: 'package',
      noDirRecurse: true,
      strict: true,
      onWriteEntry: ({ stat }) => {
        signal?.throwIfAborted()
        // As checked out under any umask.
        if (stat) stat.mode = (stat.mode & ~0o777) | (stat.mode & 0o100 ? 0o755 : 0o644)
      },
    },
    // A bare "@name" would mean "the entries of that archive" to tar.
    files.map((file) => `./${file}`),
  )
}

/**
 * True if a tarball contains `package/package.json`; false for a file that is not a tarball or
 * exceeds the limits.
 */
export async function isNpmTarball(path: string): Promise<boolean> {
  let isFound = false
  let entries = 0
  const found = new Error('it has a package.json')
  await readTar(path, {}, (entry) => {
    isFound = entry.path.replace(/^\.\//, '') === 'package/package.json'
    if (isFound || (entries += 1) > maxEntriesSearched) throw found
    return undefined
  }).catch(() => undefined)
  return isFound
}

async function listFiles(
  folder: string,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const files: string[] = []
  async function walk(under: string, depth: number): Promise<void> {
    signal?.throwIfAborted()
    const entries = await readdir(join(folder, under), { withFileTypes: true })
    for (const entry of entries) {
      if (neverPacked.includes(entry.name)) continue
      const path = under === '' ? entry.name : `${under}/${entry.name}`
      if (entry.isDirectory()) await walk(path, depth + 1)
      else if (entry.isFile()) files.push(path)
      if (files.length > maxFiles || depth > maxDepth) throw tooLarge(folder)
    }
  }
  await walk('', 0)
  return files.toSorted()
}

function tooLarge(folder: string): JarcastError {
  return new JarcastError(
    'CONFIG_INVALID',
    `npm package ${folder} has more than ${maxFiles} files or ${maxDepth} levels; pack it yourself and give the .tgz`,
    { details: { path: folder } },
  )
}

function isPackageName(name: unknown): name is string {
  return (
    typeof name === 'string' &&
    name.length <= 214 &&
    /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i.test(name)
  )
}

function isVersion(version: unknown): version is string {
  return typeof version === 'string' && /^\d[0-9a-z.+-]{0,63}$/i.test(version)
}
