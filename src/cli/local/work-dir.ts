import { accessSync, constants } from 'node:fs'
import { JarcastError } from '../../errors.ts'
import { makeFolders } from '../../leases/private-files.ts'

/**
 * Makes the folder that `--work-dir` names, and those above it, for this user alone; one that is there stays as it is.
 * Throws `CONFIG_INVALID` when it cannot be made or written to.
 */
export function makeWorkDir(path: string): void {
  try {
    makeFolders(path)
    accessSync(path, constants.W_OK | constants.X_OK)
  } catch (cause) {
    const { message } = cause as Error
    throw new JarcastError(
      'CONFIG_INVALID',
      `the work folder ${path} cannot be used: ${message}; give another with --work-dir`,
      { cause, details: { path } },
    )
  }
}
