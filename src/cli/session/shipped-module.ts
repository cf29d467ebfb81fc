/** Modules that tasks name: local files are shipped, anything else is left to the shipped npm packages. */
import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LibraryInput } from '../../server/libraries/library-check.ts'

export interface ModuleReference {
  /** What the task names on the agent. */
  readonly module: string
  /** The file to ship; absent for a specifier such as `eventemitter3`. */
  readonly library?: LibraryInput
}

/**
 * A path (`./x.mjs`, `/x.mjs`, `x.mjs`, `file:` URL), and any other name of a file that exists in `folder`, is a module to
 * ship; `x.js` may be a package.
 * Whether the file of a path exists is found out when it is staged.
 */
export function resolveModule(name: string, folder: string): ModuleReference {
  const isUrl = name.startsWith('file:')
  const path = isUrl ? fileURLToPath(name) : resolve(folder, name)
  const isPath = isUrl || /^\.{0,2}\/|^[^/]+\.m[jt]s$/.test(name) || existsSync(path)
  if (!isPath) return { module: name }
  return { module: basename(path), library: { path, kind: 'file' } }
}
