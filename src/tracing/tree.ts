/** Lays the traced files out below one folder, as they are on this machine. */
import { lstat, readFile, readlink } from 'node:fs/promises'
import { basename, dirname, extname, posix, relative, resolve } from 'node:path'
import { freeName } from '../domain/free-name.ts'
import { isCode, isInstalled, toJavaScriptPath } from './module-paths.ts'
import { rewriteSpecifiers } from './rewrite-specifiers.ts'
import type { TracedFiles } from './trace-files.ts'

export interface Tree {
  /** By path in the tree. */
  readonly nodes: ReadonlyMap<string, TreeNode>
  /** Path in the tree of each entry, by its path on this machine. */
  readonly entries: ReadonlyMap<string, string>
}

export type TreeNode =
  /** `text` in place of the bytes of `source`, if they change on the way. */
  | { readonly kind: 'file'; readonly source: string; readonly text?: string }
  | { readonly kind: 'link'; readonly target: string }

/** Folder with a link to each entry under its own name. */
const entryFolder = '.modules'

/**
 * `entries` are real paths of traced files. Errors: `CONFIG_INVALID` for TypeScript that cannot
 * become JavaScript; of the file system.
 */
export async function layOut(entries: readonly string[], traced: TracedFiles): Promise<Tree> {
  const { paths } = traced
  const root = commonFolder(paths)
  const places = placesOf(traced, root)
  const nodes = new Map<string, TreeNode>()
  for (const [path, place] of places) {
    const found = await lstat(path)
    if (found.isFile()) nodes.set(place, await fileAt(path, places, traced))
    const target = found.isSymbolicLink() ? await linkFrom(path, place, root, paths) : undefined
    if (target !== undefined) nodes.set(place, { kind: 'link', target })
  }
  const links = new Map<string, string>()
  for (const entry of entries) {
    const name = freeName(basename(entry), (taken) => nodes.has(`${entryFolder}/${taken}`))
    const link = `${entryFolder}/${name}`
    nodes.set(link, { kind: 'link', target: `../${places.get(entry) ?? ''}` })
    links.set(entry, link)
  }
  return { nodes, entries: links }
}

function commonFolder(paths: readonly string[]): string {
  const [first = '/', ...others] = paths
  let folder = dirname(first)
  while (!others.every((path) => path.startsWith(folder === '/' ? '/' : `${folder}/`)))
    folder = dirname(folder)
  return folder
}

/** The path of each file in the tree: modules of TypeScript get the name of their JavaScript. */
function placesOf({ paths, stripped }: TracedFiles, root: string): ReadonlyMap<string, string> {
  const taken = new Set(paths)
  return new Map(
    paths.map((path) => {
      const script = stripped.has(path) ? toJavaScriptPath(path) : path
      // `x.ts` beside `x.js`
      const place = script !== path && taken.has(script) ? path + extname(script) : script
      return [path, relative(root, place)]
    }),
  )
}

async function fileAt(
  path: string,
  places: ReadonlyMap<string, string>,
  traced: TracedFiles,
): Promise<TreeNode> {
  const file = { kind: 'file', source: path } as const
  if (isInstalled(path) || !isCode(path)) return file
  const original = await readFile(path, 'utf8')
  const text = rewriteSpecifiers({
    path,
    script: traced.stripped.get(path) ?? { code: original },
    places,
    traced,
  })
  return text === original ? file : { ...file, text }
}

/** The relative target of a link; undefined if nothing of it is in the tree. */
async function linkFrom(
  path: string,
  place: string,
  root: string,
  paths: readonly string[],
): Promise<string | undefined> {
  const target = resolve(dirname(path), await readlink(path))
  if (!paths.some((other) => other === target || other.startsWith(`${target}/`))) return undefined
  return posix.relative(dirname(place), relative(root, target))
}
