/** The program that agents run as executor. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { JarcastError } from '../../errors.ts'
import { packageRoot } from '../../package-root.ts'
import type { ExecutorSettings } from '../options/options.ts'
import type { FrameworkSettings } from '../options/settings.ts'

/** File name of jarcast's own executor. */
export const executorBundle = 'jarcast-executor.cjs'

/** True if tasks need a program in their sandbox, beside the libraries. */
export function needsProgram({
  delivery,
  executor,
}: Pick<FrameworkSettings, 'delivery' | 'executor'>): boolean {
  return delivery === 'executor' || executor.script !== undefined
}

/**
 * Path of the program: the user's script, or jarcast's own executor. Throws `CONFIG_INVALID` if
 * that is not built.
 */
export function executorProgram({ script }: ExecutorSettings): string {
  if (script !== undefined) return script
  const path = join(packageRoot(), 'dist/executor', executorBundle)
  if (existsSync(path)) return path
  throw new JarcastError(
    'CONFIG_INVALID',
    `the executor's program ${path} is not built; run npm run build`,
  )
}
