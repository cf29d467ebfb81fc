/**
 * What a trace may look at: the projects of the traced modules, and the node_modules that they
 * import from. A text in the code may name any file of this machine, also one with a secret.
 */
import { realpath } from 'node:fs/promises'
import { isInstalled, projectFolder } from './module-paths.ts'

export interface Reach {
  /** Takes in the project, or the node_modules, of a module that is imported. */
  add(path: string): void
  /** True for paths below one of them. Does not look at the path. */
  includes(path: string): boolean
  /** False also if the path leads out of them by a link. */
  includesReal(path: string): Promise<boolean>
}

export function createReach(entries: readonly string[]): Reach {
  const folders = new Set<string>()
  const reach: Reach = {
    add(path) {
      const end = path.lastIndexOf('/node_modules/') + '/node_modules'.length
      folders.add(isInstalled(path) ? path.slice(0, end) : projectFolder(path))
    },
    includes: (path) =>
      Array.from(folders).some((folder) => path === folder || path.startsWith(`${folder}/`)),
    async includesReal(path) {
      if (!reach.includes(path)) return false
      const real = await realpath(path).catch(() => undefined)
      return real !== undefined && reach.includes(real)
    },
  }
  for (const entry of entries) reach.add(entry)
  return reach
}
