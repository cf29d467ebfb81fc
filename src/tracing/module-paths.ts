/** Paths of modules: which are TypeScript, and which belong to an installed package. */
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { isRecord, parseJson } from '../domain/json.ts'

/** True for `.ts`, `.mts` and `.cts`, but not for declarations. */
export function isTypeScript(path: string): boolean {
  return /\.[mc]?ts$/.test(path) && !/\.d\.[mc]?ts$/.test(path)
}

/** True for a file that code may be in, with a name that Node or TypeScript knows. */
export function isCode(path: string): boolean {
  return /\.[mc]?[jt]s$/.test(path) && !/\.d\.[mc]?ts$/.test(path)
}

/** True for all that an import may load. */
export function isModule(path: string): boolean {
  return isCode(path) || /\.(?:json|node|wasm)$/.test(path)
}

/** The name of a module of TypeScript once its types are stripped: `.mts` becomes `.mjs`. */
export function toJavaScriptPath(path: string): string {
  return isTypeScript(path) ? path.replace(/ts$/, 'js') : path
}

/** True for files of installed packages, as opposed to those of the user and of workspaces. */
export function isInstalled(path: string): boolean {
  return path.includes('/node_modules/')
}

/** The folder of the installed package that `path` is in: the last one in the path. */
export function packageFolder(path: string): string | undefined {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/|$)/.exec(path)?.[0]
}

/** The package that a specifier names, such as `@a/b` of `@a/b/c.js`; undefined for a path. */
export function packageOfSpecifier(specifier: string): string | undefined {
  return /^(?![./#])(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0]
}

/**
 * The folder of the project that `path` is in: the nearest one with a package.json, or the
 * workspace that this belongs to. The module's own folder without one, and in place of the home
 * folder.
 */
export function projectFolder(path: string): string {
  const above = foldersAbove(path)
  const nearest = above.findIndex((folder) => existsSync(join(folder, 'package.json')))
  const workspace = above.findIndex(isWorkspace)
  const found = above[nearest < 0 ? workspace : Math.max(nearest, workspace)]
  const isHome = found !== undefined && `${homedir()}/`.startsWith(`${found}/`)
  return found === undefined || isHome ? dirname(path) : found
}

/** Innermost first, without the root of the file system. */
function foldersAbove(path: string): readonly string[] {
  const folders: string[] = []
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder))
    folders.push(folder)
  return folders
}

function isWorkspace(folder: string): boolean {
  if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return true
  const file = join(folder, 'package.json')
  if (!existsSync(file)) return false
  const manifest = parseJson(readFileSync(file, 'utf8'))
  return isRecord(manifest) && manifest['workspaces'] !== undefined
}
