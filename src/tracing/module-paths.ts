/** Paths of modules: which are TypeScript, and which belong to an installed package. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** True for `.ts`, `.mts` and `.cts`, but not for declarations. */
export function isTypeScript(path: string): boolean {
  return /\.[mc]?ts$/.test(path) && !/\.d\.[mc]?ts$/.test(path)
}

/** True for a file that code may be in, with a name that Node or TypeScript knows. */
export function isCode(path: string): boolean {
  return /\.[mc]?[jt]s$/.test(path) && !/\.d\.[mc]?ts$/.test(path)
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
 * The outermost folder above `path` that has a package.json or a repository: files that the code
 * reads by path travel only from there.
 */
export function projectFolder(path: string): string {
  let found = dirname(path)
  for (let folder = found; folder !== dirname(folder); folder = dirname(folder))
    if (['package.json', '.git'].some((name) => existsSync(join(folder, name)))) found = folder
  return found
}
