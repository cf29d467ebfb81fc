import { JarcastError } from '../../errors.ts'
import { createDeferred } from '../../deferred.ts'
import { describeModuleFault, isOwnFault } from './module-fault.ts'

/**
 * Runs `work` while code of the module at `path` may still run, such as its timers. Passes it a promise that rejects with
 * the first error that the module throws, or leaves unhandled: `CONFIG_INVALID` with its file and line. Node would
 * end the process with its stack, and leave a framework behind.
 */
export async function watchModule<Result>(
  path: string,
  work: (failed: Promise<never>) => Promise<Result>,
): Promise<Result> {
  const { promise: failed, reject } = createDeferred<never>()
  // A rejection before `work` waits for it would count as unhandled.
  failed.catch(() => undefined)
  const onError = (thrown: unknown): void => reject(toModuleError(path, thrown))
  process.on('uncaughtException', onError)
  try {
    return await work(failed)
  } finally {
    process.off('uncaughtException', onError)
  }
}

function toModuleError(path: string, thrown: unknown): unknown {
  // A fault of this program is found by its stack.
  if (isOwnFault(thrown)) return new Error((thrown as Error).stack, { cause: thrown })
  const why = describeModuleFault(path, thrown)
  const message = `${path} failed while its tasks ran: ${why}`
  return new JarcastError('CONFIG_INVALID', message, { cause: thrown })
}
