/** Modules of JavaScript or TypeScript, packed with everything that they import. */
import { mkdir, realpath, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { configInvalid } from '../errors.ts'
import { makeLeasedFolder } from '../leases/leased-folder.ts'
import { isInstalled, packageFolder } from './module-paths.ts'
import type { AddonPlatform } from './native-addons.ts'
import { packTree, writeTree } from './pack-tree.ts'
import { traceFiles } from './trace-files.ts'
import type { UntracedImport } from './untraced-import.ts'
import { layOut } from './tree.ts'
import type { Tree } from './tree.ts'

export interface TracedModules {
  /** Name of the packed tree: that of the first module, and `.tgz`. */
  readonly name: string
  /** The packed tree. */
  readonly archive: string
  /** The tree before it was packed. */
  readonly folder: string
  /** Path of each module in the tree, by its path as given. */
  readonly modules: ReadonlyMap<string, string>
  /** Paths of the files on this machine, and their paths in the tree. */
  readonly files: readonly TracedFile[]
  readonly packageCount: number
  readonly untraced: readonly UntracedImport[]
  /** Removes the tree and its archive. */
  remove(): Promise<void>
}

export interface TracedFile {
  readonly source: string
  readonly place: string
  readonly sizeBytes: number
  /** True if it travels with other bytes: without types, or with other specifiers. */
  readonly isChanged: boolean
}

export interface TraceOptions {
  /** Names of packages that travel in another way, and are left out. */
  readonly external?: ReadonlySet<string>
  /** The agents, for native addons. Default: this machine. */
  readonly platform?: AddonPlatform
  readonly signal?: AbortSignal
}

/** As packages: enough for every program, and an end for mistakes. */
const maxFiles = 20_000

/**
 * Traces modules, and packs the files. Errors: `CONFIG_INVALID` for a module that is no file, for
 * TypeScript that Node cannot run without its types, and for more than 20,000 files;
 * `PACKAGE_UNSUITABLE` for a package whose native addons are all for other platforms.
 */
export async function traceModules(
  modules: readonly string[],
  { external = new Set(), platform, signal }: TraceOptions = {},
): Promise<TracedModules> {
  const [first = ''] = modules
  const entries = await Promise.all(modules.map(entryPath))
  const traced = await traceFiles(entries, { external, platform, signal })
  if (traced.paths.length > maxFiles) {
    const remedy = 'give some of its packages by --lib, or import less'
    throw configInvalid('module', `${first} needs more than ${maxFiles} files; ${remedy}`)
  }
  const tree = await layOut(entries, traced)
  return {
    ...(await pack(tree, `${basename(first)}.tgz`)),
    modules: new Map(
      modules.map((path, index) => [path, tree.entries.get(entries[index] ?? '') ?? '']),
    ),
    packageCount: new Set(traced.paths.filter(isInstalled).map(packageFolder)).size,
    untraced: traced.untraced,
  }
}

async function pack(
  tree: Tree,
  name: string,
): Promise<Pick<TracedModules, 'name' | 'archive' | 'folder' | 'files' | 'remove'>> {
  const root = makeLeasedFolder('modules')
  const remove = (): Promise<void> => rm(root, { recursive: true, force: true })
  const folder = join(root, 'tree')
  const archive = join(root, name)
  try {
    await mkdir(folder)
    await writeTree(tree, folder)
    await packTree(tree, folder, archive)
    return { name, archive, folder, files: await filesOf(tree, folder), remove }
  } catch (error) {
    await remove()
    throw error
  }
}

async function entryPath(path: string): Promise<string> {
  const real = await realpath(path).catch((cause: unknown) => {
    const { code } = cause as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`
    throw configInvalid('module', `module ${path} ${why}; check the path`, cause)
  })
  if ((await stat(real)).isFile()) return real
  throw configInvalid('module', `${path} is no file; give a module`)
}

async function filesOf({ nodes }: Tree, folder: string): Promise<readonly TracedFile[]> {
  const files: TracedFile[] = []
  for (const [place, node] of nodes) {
    if (node.kind !== 'file') continue
    const { size } = await stat(join(folder, place))
    const isChanged = node.text !== undefined
    files.push({ source: node.source, place, sizeBytes: size, isChanged })
  }
  return files
}
