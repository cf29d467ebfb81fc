/** Names of npm packages, including old forms. */

/**
 * True for `name` and `@scope/name` that stay inside `node_modules`.
 * Source: validate-npm-package-name, "validForOldPackages".
 */
export function isPackageName(name: unknown): name is string {
  return (
    typeof name === 'string' &&
    name.length <= 214 &&
    /^(?:@[\w~!'()*-][\w.~!'()*-]*\/(?!\.)|(?![._-]))[\w.~!'()*-]+$/.test(name) &&
    !/^(?:node_modules|favicon\.ico)$/i.test(name)
  )
}

/** True for `node_modules/a/node_modules/@b/c`. */
export function isPackagePlace(place: string): boolean {
  const [root, ...names] = `/${place}`.split('/node_modules/')
  return place.length <= 1024 && root === '' && names.length > 0 && names.every(isPackageName)
}

/** The name at the end of a place such as `node_modules/a/node_modules/@b/c`. */
export function nameAtPlace(place: string): string {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

/** File name of the tarball from `npm pack`: `scope-name-1.2.3.tgz`. */
export function tarballName(name: string, version: string): string {
  return `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`
}

/**
 * Number of path segments before the package.json of a packed npm package: 1 for
 * `any/package.json`, 2 for `../any/package.json`. Undefined for any other path.
 */
export function depthOfPackage(path: string): number | undefined {
  const parts = path.split('/')
  if (parts.at(-1) !== 'package.json') return undefined
  const isPackage = parts.length === 2 || (parts.length === 3 && parts[0] === '.')
  return isPackage ? parts.length - 1 : undefined
}
