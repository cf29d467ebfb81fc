/** Reads the files of `--env-file` into the environment of this process. */
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { configInvalid, messageOf } from '../../errors.ts'

/**
 * Sets the variables of these files that are not set yet; the last file that has a variable counts.
 * Returns the file of each variable that was set. Throws `CONFIG_INVALID`.
 */
export function loadEnvFiles(files: readonly string[]): ReadonlyMap<string, string> {
  const origins = new Map<string, string>()
  for (const file of files.toReversed())
    for (const [name, value] of Object.entries(read(file))) {
      if (process.env[name] !== undefined) continue
      process.env[name] = value
      origins.set(name, file)
    }
  return origins
}

function read(file: string): Record<string, string> {
  try {
    return parseEnv(readFileSync(file, 'utf8')) as Record<string, string>
  } catch (cause) {
    throw configInvalid('envFile', `--env-file ${file} cannot be read: ${messageOf(cause)}`, cause)
  }
}
