/** The modules of `js` tasks: local files are shipped; other names are of shipped npm packages. */
import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LibraryInput } from '../../server/libraries/library-check.ts'

export interface ModuleReference {
  /** The name on the agent. */
  readonly module: string
  /** The file to ship; absent for a specifier such as `eventemitter3`. */
  readonly library?: LibraryInput
}

/**
 * A module to ship is a path (`./x.mjs`, `/x.mjs`, `x.mjs`, a `file:` URL), which staging checks,
 * or another name of a file that exists in `folder`: `x.js` may be a package.
 */
export function resolveModule(name: string, folder: string): ModuleReference {
  const isUrl = name.startsWith('file:')
  const path = isUrl ? fileURLToPath(name) : resolve(folder, name)
  const isPath = isUrl || /^\.{0,2}\/|^[^/]+\.m[jt]s$/.test(name) || existsSync(path)
  if (!isPath) return { module: name }
  return { module: basename(path), library: { path, kind: 'file' } }
}
