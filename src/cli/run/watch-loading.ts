import { writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { configInvalid } from '../../errors.ts'
import type { JarcastError } from '../../errors.ts'
import { createDeferred } from '../../deferred.ts'
import { exitStatuses } from '../process/exit-status.ts'

/**
 * Runs `load`, which runs code of the module at `path`. Rejects as `load` does, with errors that
 * the module throws or rejects outside of it, and with `CONFIG_INVALID` if loading can no longer
 * end. If the module ends the process, stderr says so, and the exit status is that of wrong usage,
 * not 0.
 */
export async function watchLoading<Loaded>(
  path: string,
  load: () => Promise<Loaded>,
): Promise<Loaded> {
  const { promise: failed, reject } = createDeferred<never>()
  const onIdle = () => reject(unsettled(path))
  process.once('beforeExit', onIdle)
  process.once('uncaughtException', reject)
  process.once('exit', sayEnd)
  try {
    const loaded = load().then(async (value) => {
      // Node reports unhandled rejections after the settled promises.
      await setImmediate()
      return value
    })
    return await Promise.race([loaded, failed])
  } finally {
    process.off('beforeExit', onIdle)
    process.off('uncaughtException', reject)
    process.off('exit', sayEnd)
  }

  function sayEnd(): void {
    process.exitCode = exitStatuses.usage
    writeSync(2, `jarcast: CONFIG_INVALID: ${path} ends the process while it is loaded\n`)
  }
}

function unsettled(path: string): JarcastError {
  const message = `${path} cannot be loaded: it awaits a promise that nothing can settle`
  return configInvalid('tasks', message)
}
