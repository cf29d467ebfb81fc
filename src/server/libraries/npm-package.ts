/**
 * Packs the folder of an npm package into a tarball for `npm install`, reproducibly.
 * Source: npm CLI documentation, "package.json" and "npm-pack".
 */
import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { create } from 'tar'
import { readTar } from '../../archive/read-tar.ts'
import { reproducible, setPlainMode } from '../../archive/reproducible-tar.ts'
import { defined } from '../../defined.ts'
import { isRecord, parseJson } from '../../domain/json.ts'
import { depthOfPackage, isPackageName, tarballName } from '../../domain/libraries/package-name.ts'
import { JarcastError } from '../../errors.ts'

export interface NpmPackage {
  readonly name: string
  readonly version: string
  /** As `npm pack` names it: `scope-name-1.2.3.tgz`. */
  readonly fileName: string
}

export interface PackedFile {
  /** Below the folder. */
  readonly path: string
  readonly sizeBytes: number
}

export interface PackOptions {
  /** Where the tarball is written; an existing file is replaced. */
  readonly target: string
  readonly signal?: AbortSignal | undefined
}

const maxFiles = 20_000
const maxManifestBytes = 1024 * 1024
const maxEntriesSearched = 100_000

/**
 * Reads the package.json of a folder. Rejects with `LIBRARY_NOT_A_FILE` if it is missing, or has no
 * valid name and version: only files and npm packages can be shipped. Rejects with
 * `LIBRARY_UNREADABLE` if it cannot be read.
 */
export async function readNpmPackage(folder: string): Promise<NpmPackage> {
  const file = join(folder, 'package.json')
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'EISDIR') return ''
    const message = `library ${folder}: its package.json cannot be read (${cause.code}); let this user read it`
    throw new JarcastError('LIBRARY_UNREADABLE', message, { cause, details: { path: file } })
  })
  const manifest =
    text.length <= maxManifestBytes ? parseJson(text.replace(/^\uFEFF/, '')) : undefined
  const { name, ...more } = isRecord(manifest) ? manifest : {}
  const version = cleanVersion(more['version'])
  if (!isPackageName(name) || version === undefined) {
    throw new JarcastError(
      'LIBRARY_NOT_A_FILE',
      `library ${folder} is a folder without the name and version of an npm package; give a jar, a file, or the folder of an npm package`,
      { details: { path: folder } },
    )
  }
  return { name, version, fileName: tarballName(name, version) }
}

/**
 * Packs the same files as `npm pack`: `files`, `.npmignore`, `.gitignore`, bundled dependencies.
 * They are sorted under `package/`, with one date, no owner, modes 644 and 755. Runs no script of
 * the package. The same files give the same bytes under the same Node version.
 * Rejects with `CONFIG_INVALID` for more than 20,000 files, with the reason of `signal` after its
 * abort, else with the system's error.
 */
export async function packNpmPackage(
  folder: string,
  { target, signal }: PackOptions,
): Promise<readonly PackedFile[]> {
  const { files, binaries } = await listFiles(folder)
  if (files.length > maxFiles) throw tooLarge(folder)
  signal?.throwIfAborted()
  const packed: PackedFile[] = []
  await create(
    {
      ...reproducible,
      cwd: folder,
      file: target,
      prefix: 'package',
      onWriteEntry: ({ stat, path }) => {
        signal?.throwIfAborted()
        const file = posix.normalize(path)
        packed.push({ path: file, sizeBytes: stat?.size ?? 0 })
        setPlainMode(stat, binaries.has(file))
      },
    },
    // A bare "@name" would mean "the entries of that archive" to tar.
    files.map((file) => `./${file}`),
  )
  return packed
}

/**
 * True if a tarball contains `package/package.json`, or a package.json with a package's name in
 * another top folder; false for a file that is not a tarball or exceeds the limits.
 */
export async function isNpmTarball(path: string): Promise<boolean> {
  return (await findInTarball(path)).isPackage
}

/** The name of the package in a folder or tarball; undefined for anything else. */
export async function packageNameOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory() === true)
    return (await readNpmPackage(path).catch(() => undefined))?.name
  return /\.(?:tgz|tar|tar\.gz)$/i.test(path) ? (await findInTarball(path)).name : undefined
}

async function findInTarball(
  path: string,
): Promise<{ readonly isPackage: boolean; readonly name?: string }> {
  let isPackage = false
  let found: string | undefined
  let entries = 0
  const enough = new Error('found')
  await readTar(path, {}, (entry) => {
    if (found !== undefined || (entries += 1) > maxEntriesSearched) throw enough
    // The path that `npm pack` uses.
    isPackage ||= entry.path.replace(/^\.\//, '') === 'package/package.json'
    if (depthOfPackage(entry.path) === undefined || entry.sizeBytes > maxManifestBytes)
      return undefined
    const chunks: Buffer[] = []
    return {
      write: (bytes) => chunks.push(Buffer.from(bytes)),
      end() {
        const manifest = parseJson(
          Buffer.concat(chunks)
            .toString()
            .replace(/^\uFEFF/, ''),
        )
        const name = isRecord(manifest) ? manifest['name'] : undefined
        if (!isPackageName(name)) return
        isPackage = true
        found = name
      },
    }
  }).catch(() => undefined)
  return { isPackage, ...defined({ name: found }) }
}

async function listFiles(
  folder: string,
): Promise<{ readonly files: readonly string[]; readonly binaries: ReadonlySet<string> }> {
  // Loaded only when a folder is packed.
  const [{ default: Arborist }, { default: packlist }] = await Promise.all([
    import('@npmcli/arborist'),
    import('npm-packlist'),
  ])
  const path = await realpath(folder)
  const tree = await new Arborist({ path }).loadActual()
  const files = await packlist(tree, { path, ...(await findWorkspace(path)) })
  const { bin } = tree.package
  const binaries = Object.values(isRecord(bin) ? bin : {}).map(String)
  const normal = (paths: readonly string[]): string[] => paths.map((path) => posix.normalize(path))
  return { files: normal(files).toSorted(), binaries: new Set(normal(binaries)) }
}

/**
 * The ignore files of a workspace's root apply to its packages too. Source: npm's
 * `loadLocalPrefix`.
 */
async function findWorkspace(
  folder: string,
): Promise<{ readonly prefix: string; readonly workspaces: readonly string[] } | undefined> {
  const { default: mapWorkspaces } = await import('@npmcli/map-workspaces')
  let below = folder
  while (dirname(below) !== below) {
    const prefix = dirname(below)
    below = prefix
    const text = await readFile(join(prefix, 'package.json'), 'utf8').catch(() => '')
    const pkg = parseJson(text.replace(/^\uFEFF/, ''))
    if (!isRecord(pkg) || pkg['workspaces'] === undefined) continue
    const workspaces = await mapWorkspaces({ cwd: prefix, pkg }).catch(
      () => new Map<string, string>(),
    )
    if ([...workspaces.values()].includes(folder)) return { prefix, workspaces: [folder] }
  }
  return undefined
}

function tooLarge(folder: string): JarcastError {
  return new JarcastError(
    'CONFIG_INVALID',
    `npm package ${folder} has more than ${maxFiles} files; list the needed ones in "files" of its package.json, or pack it yourself and give the .tgz`,
    { details: { path: folder } },
  )
}

/** As npm cleans it. */
function cleanVersion(version: unknown): string | undefined {
  const text = typeof version === 'string' ? version.trim().replace(/^[=v]+\s*/, '') : ''
  return /^\d[0-9a-z.+-]{0,63}$/i.test(text) ? text : undefined
}
