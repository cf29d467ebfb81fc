import { configInvalid } from '../../errors.ts'
import { createDeferred } from '../../deferred.ts'
import { describeModuleFault, isOwnFault } from './module-fault.ts'

/**
 * Runs `work` while timers and other code of the module at `path` may run. `work` receives a
 * promise that rejects with the module's first uncaught error: `CONFIG_INVALID`, file and line.
 * Without this, Node would end the process and leave the framework registered.
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
  // An error of jarcast itself keeps its stack.
  if (isOwnFault(thrown)) return new Error((thrown as Error).stack, { cause: thrown })
  const why = describeModuleFault(path, thrown)
  const message = `${path} failed while its tasks ran: ${why}`
  return configInvalid('tasks', message, thrown)
}
