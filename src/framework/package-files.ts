/**
 * Files of this package. This file stands two folders below the package, built and as source, and
 * so does the bundled command line: relative places are the same for all.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { JarcastError } from '../errors.ts'

/** File name of jarcast's own executor. */
export const executorBundle = 'jarcast-executor.mjs'

/** Path of jarcast's own executor. Throws `CONFIG_INVALID` before the build. */
export function findExecutorBundle(): string {
  // Beside the built files, or in dist/ when this file runs as source.
  const found = ['../executor/', '../../dist/executor/']
    .map((folder) => fileURLToPath(new URL(folder + executorBundle, import.meta.url)))
    .find(existsSync)
  if (found !== undefined) return found
  throw new JarcastError(
    'CONFIG_INVALID',
    `the executor's program ${executorBundle} is not built; run npm run build`,
  )
}

/** Name and version, such as `jarcast@1.2.3`. */
export function packageName(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { name, version } = JSON.parse(text) as { readonly name: string; readonly version: string }
  return `${name}@${version}`
}
