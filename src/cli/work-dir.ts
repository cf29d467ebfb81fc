import { accessSync, constants, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { JarcastError } from '../errors.ts'

/**
 * Makes the folder that `--work-dir` names, and those above it, for this user alone; one that is there stays as it is. Node's own recursive mkdir never comes back where the
 * system denies that a folder exists which it has just made sure of, as below /proc.
 * Throws `CONFIG_INVALID` when it cannot be made or written to.
 */
export function makeWorkDir(path: string): void {
  try {
    makeFolder(resolve(path))
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

function makeFolder(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats?.isDirectory() === true) return
  if (stats === undefined && path !== dirname(path)) makeFolder(dirname(path))
  mkdirSync(path, { mode: 0o700 })
}
