/**
 * Finds the files that modules need: what they import, and files that they read by a path of their
 * own (`new URL('./x', import.meta.url)`, `__dirname`). Source: `@vercel/nft`.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { readFile, readlink, stat } from 'node:fs/promises'
import { dirname, isAbsolute, resolve as resolvePath } from 'node:path'
import type { NodeFileTraceReasons } from '@vercel/nft'
import { groupBy } from '../group-by.ts'
import { findReferences } from './module-references.ts'
import type { Reference } from './module-references.ts'
import { isCode, isInstalled, isModule, isTypeScript, packageOfSpecifier } from './module-paths.ts'
import { withoutOtherAddons } from './native-addons.ts'
import type { AddonPlatform } from './native-addons.ts'
import { createOwnResolution } from './own-resolution.ts'
import { createReach } from './reach.ts'
import type { Reach } from './reach.ts'
import { withoutUnreadable } from './unreadable-files.ts'
import type { UntracedImport } from './untraced-import.ts'
import { stripTypes } from './strip-types.ts'
import { originalLine } from './stripped.ts'
import type { Stripped } from './stripped.ts'

export interface TracedFiles {
  /** Absolute paths of files and of symbolic links to folders. */
  readonly paths: readonly string[]
  /** JavaScript of the modules of TypeScript, by path. */
  readonly stripped: ReadonlyMap<string, Stripped>
  /** Path of the file that a specifier in one of the user's modules means. */
  resolved(parent: string, specifier: string): Resolved | undefined
  /** What could not be followed. */
  readonly untraced: readonly UntracedImport[]
}

export interface Resolved {
  readonly path: string
  /** True if Node alone may not find it. */
  readonly isAlias: boolean
}

export interface TraceFilesOptions {
  /** Names of packages that travel in another way. */
  readonly external: ReadonlySet<string>
  readonly platform?: AddonPlatform | undefined
  readonly signal?: AbortSignal | undefined
}

/** A folder that does not exist: on an agent, the working folder is the sandbox. */
const noFolder = '/.jarcast-no-working-folder'

/**
 * Errors: `CONFIG_INVALID` for wrong syntax in TypeScript; `PACKAGE_UNSUITABLE` for native addons
 * of another platform; of the file system, for an entry.
 */
export async function traceFiles(
  entries: readonly string[],
  { external, platform, signal }: TraceFilesOptions,
): Promise<TracedFiles> {
  // Loaded only when a module is traced.
  const { nodeFileTrace, resolve } = await import('@vercel/nft')
  const resolveOwn = await createOwnResolution()
  const stripped = new Map<string, Stripped>()
  const targets = new Map<string, Resolved>()
  const imported = new Set<string>()
  const reach = createReach(entries)
  // Node looks for packages in folders above the project, too.
  const resolving = new AsyncLocalStorage<true>()
  const missing: { readonly parent: string; readonly specifier: string }[] = []

  const { fileList, reasons } = await nodeFileTrace([...entries], {
    base: '/',
    processCwd: noFolder,
    // Asked before a folder is searched, too.
    ignore: (path) => !imported.has(`/${path}`) && !isManifest(path) && !reach.includes(`/${path}`),
    async stat(path) {
      if (resolving.getStore() !== true && !(await reach.includesReal(path))) return null
      return await stat(path).catch(() => null)
    },
    readlink: (path) => readlink(path).catch(() => null),
    async readFile(path) {
      signal?.throwIfAborted()
      // Looked for, and often not there.
      if (!isTypeScript(path) || isInstalled(path))
        return await readFile(path).catch(emptyIfUnreadable)
      const script = await stripTypes(path, await readFile(path, 'utf8'))
      stripped.set(path, script)
      return script.code
    },
    async resolve(specifier, parent, job, isRequire) {
      const name = packageOfSpecifier(specifier)
      if (name !== undefined && external.has(name)) return `node:${name}`
      const own = isInstalled(parent) ? undefined : resolveOwn(specifier, parent)
      try {
        // On agents there is nothing at an absolute path; those in reach match a computed one.
        if (isAbsolute(specifier) && !reach.includes(specifier)) throw new Error('out of reach')
        const found = await resolving.run(true, async () =>
          own === undefined
            ? await resolve(specifier, parent, job, isRequire)
            : await job.realpath(own, parent),
        )
        for (const path of [found].flat()) {
          // A relative import may leave the project for other code, and for nothing else.
          if (name === undefined && !reach.includes(path) && !isModule(path))
            throw new Error('out of reach')
          imported.add(path)
          if (name !== undefined && isAbsolute(path)) reach.add(path)
          if (!isInstalled(parent))
            targets.set(keyOf(parent, specifier), { path, isAlias: own !== undefined })
        }
        return found
      } catch (error) {
        if (!isInstalled(parent)) missing.push({ parent, specifier })
        throw error
      }
    },
  })

  const found = reachable(
    entries,
    fileList,
    reasons,
    (path) => imported.has(path) || reach.includes(path),
  )
  const readable = await withoutUnreadable(found, reasons)
  const paths = await withoutOtherAddons(readable.paths, platform)
  const computed = await findUntraced(paths, stripped, missing, reach)
  const untraced = [...readable.untraced, ...computed]
  return {
    paths,
    stripped,
    resolved: (parent, specifier) => targets.get(keyOf(parent, specifier)),
    untraced,
  }
}

/** Nothing is imported by what cannot be read; null: there is none. */
function emptyIfUnreadable({ code }: NodeJS.ErrnoException): string | null {
  return code === 'EACCES' || code === 'EPERM' ? '' : null
}

function keyOf(parent: string, specifier: string): string {
  return `${parent}\0${specifier}`
}

function isManifest(path: string): boolean {
  return path.endsWith('/package.json')
}

/** The entries, and what files that travel need: the trace also lists what it has ignored. */
function reachable(
  entries: readonly string[],
  fileList: ReadonlySet<string>,
  reasons: NodeFileTraceReasons,
  mayTravel: (path: string) => boolean,
): readonly string[] {
  const edges = [...reasons].flatMap(([path, { parents }]) =>
    Array.from(parents, (parent) => ({ parent: `/${parent}`, path: `/${path}` })),
  )
  const children = groupBy(edges, ({ parent }) => parent)
  const found = new Set(entries)
  // A Set iterates over what is added on the way.
  for (const parent of found)
    for (const { path } of children.get(parent) ?? [])
      if (fileList.has(path.slice(1)) && (mayTravel(path) || isManifest(path))) found.add(path)
  return [...found].toSorted()
}

/** Computed imports of all files, and missing ones of the user's, with their lines. */
async function findUntraced(
  paths: readonly string[],
  stripped: ReadonlyMap<string, Stripped>,
  missing: readonly { readonly parent: string; readonly specifier: string }[],
  reach: Reach,
): Promise<readonly UntracedImport[]> {
  const untraced: UntracedImport[] = []
  for (const file of paths.filter(isCode)) {
    const lacking = new Set(
      missing.flatMap(({ parent, specifier }) => (parent === file ? [specifier] : [])),
    )
    const script = stripped.get(file) ?? { code: await readFile(file, 'utf8') }
    const text = script.code
    if (lacking.size === 0 && !mayCompute(text)) continue
    for (const reference of referencesIn(text)) {
      const written = text.slice(reference.start, reference.end)
      const why = faultOf(reference, written, lacking, (path) =>
        reach.includes(resolvePath(dirname(file), path)),
      )
      if (why !== undefined)
        untraced.push({ file, line: originalLine(script, reference.start), text: written, why })
    }
  }
  return untraced
}

/** A quick look before the text is parsed: is there an import that is no plain text? */
function mayCompute(text: string): boolean {
  return /\b(?:import|require|resolve)\s*\(\s*(?!\)|(?:'[^'\n]*'|"[^"\n]*")\s*[),])/.test(text)
}

function faultOf(
  { specifier, kind }: Reference,
  written: string,
  lacking: ReadonlySet<string>,
  isInReach: (path: string) => boolean,
): UntracedImport['why'] | undefined {
  if (kind !== 'module') return undefined
  if (specifier !== undefined) return lacking.has(specifier) ? 'missing' : undefined
  // All files that match a path with a fixed beginning travel.
  const beginning = /^[`'"](\.{1,2}\/(?:[^`'"$]*\/)?)/.exec(written)?.[1]
  if (beginning !== undefined) return isInReach(beginning) ? undefined : 'computed'
  return /^(?:__dirname\b|path\.(?:join|resolve)\(__dirname)/.test(written) ? undefined : 'computed'
}

function referencesIn(text: string): readonly Reference[] {
  try {
    return findReferences(text)
  } catch {
    // No JavaScript, such as a template with such a name; Node judges it, if it is loaded.
    return []
  }
}
