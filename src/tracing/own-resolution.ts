/**
 * Resolves what Node does not, for modules of TypeScript: aliases of tsconfig.json (`paths`,
 * `baseUrl`), files without their extension, and `./x.js` that stands for `./x.ts`.
 * Source: TypeScript handbook, "Modules - Reference".
 */
import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isTypeScript } from './module-paths.ts'

export type ResolveOwn = (specifier: string, parent: string) => string | undefined

type PathsMatcher = (specifier: string) => string[]

const extensions = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json']

/** Undefined for what Node resolves by itself, and for what does not exist. */
export async function createOwnResolution(): Promise<ResolveOwn> {
  const { getTsconfig, createPathsMatcher } = await import('get-tsconfig')
  const cache = new Map()
  const matchers = new Map<string, PathsMatcher | null>()

  function matcherOf(folder: string): PathsMatcher | null {
    const known = matchers.get(folder)
    if (known !== undefined) return known
    const tsconfig = getTsconfig(folder, 'tsconfig.json', cache)
    const matcher = tsconfig === null ? null : createPathsMatcher(tsconfig)
    matchers.set(folder, matcher)
    return matcher
  }

  return (specifier, parent) => {
    if (!isTypeScript(parent) || specifier.startsWith('node:')) return undefined
    if (/^\.{0,2}\/|^\.{1,2}$/.test(specifier))
      return findFile(resolve(dirname(parent), specifier.replace(/[?#].*$/, '')))
    for (const path of matcherOf(dirname(parent))?.(specifier) ?? []) {
      const found = findFile(path)
      if (found !== undefined) return found
    }
    return undefined
  }
}

function findFile(path: string): string | undefined {
  const script = /^(.*\.[mc]?)js$/.exec(path)?.[1]
  const candidates = [
    path,
    ...(script === undefined ? [] : [`${script}ts`]),
    ...extensions.map((extension) => path + extension),
    ...extensions.map((extension) => `${path}/index${extension}`),
  ]
  return candidates.find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile())
}
