import { accessSync, constants } from 'node:fs'
import { configInvalid } from '../../errors.ts'
import { makeFolders } from '../../leases/private-files.ts'

/**
 * Makes the folder of `--work-dir` and its parents, for this user only, unless it exists.
 * Throws `CONFIG_INVALID` if it cannot be made or written to.
 */
export function makeWorkDir(path: string): void {
  try {
    makeFolders(path)
    accessSync(path, constants.W_OK | constants.X_OK)
  } catch (cause) {
    const { message } = cause as Error
    const fault = `the work folder ${path} cannot be used: ${message}`
    throw configInvalid('work-dir', `${fault}; give another with --work-dir`, cause)
  }
}
