import { writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { JarcastError } from '../errors.ts'
import { createDeferred } from '../framework/deferred.ts'
import { exitStatuses } from './exit-status.ts'

/**
 * Runs `load`, which runs code of the module at `path`. Rejects as `load` does; with what the module throws or rejects
 * outside of it; and with `CONFIG_INVALID` when nothing is left that could end it. When the module ends the process,
 * stderr says so, and the exit status is that of wrong use: it would be 0, as after a run of all tasks.
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
      // Node tells of a rejection that nobody handles after the promises that are settled already.
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
  return new JarcastError(
    'CONFIG_INVALID',
    `${path} cannot be loaded: it awaits a promise that nothing can settle`,
  )
}
