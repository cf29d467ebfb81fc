import { exitStatusOfSignal } from './exit-status.ts'
import { removeTemporaryFolders } from './temporary-folder.ts'

export type StopSignal = 'SIGHUP' | 'SIGINT' | 'SIGTERM'

/** SIGHUP: the terminal was closed. */
const stopSignals: readonly StopSignal[] = ['SIGHUP', 'SIGINT', 'SIGTERM']
const handlers = new Set<(signal: StopSignal) => void>()

/**
 * Calls `stop` at the first SIGHUP, SIGINT or SIGTERM. A second one ends the process at once, kills
 * its child processes and removes its temporary folders. Returns a function that restores Node's
 * own handling.
 */
export function onStopSignal(stop: (signal: StopSignal) => void): () => void {
  let isStopping = false

  function handle(signal: StopSignal): void {
    if (isStopping) exitNow(signal)
    isStopping = true
    stop(signal)
  }

  handlers.add(handle)
  for (const signal of stopSignals) process.on(signal, handle)
  return () => {
    handlers.delete(handle)
    for (const signal of stopSignals) process.off(signal, handle)
  }
}

/** Acts like SIGTERM on all handlers of `onStopSignal`. */
export function requestStop(): void {
  for (const handle of handlers) handle('SIGTERM')
}

/** Resolves at the first SIGHUP, SIGINT or SIGTERM; a second one ends the process at once. */
export function untilStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    onStopSignal(() => resolve())
  })
}

function exitNow(signal: StopSignal): void {
  // Runs last: earlier listeners kill the tasks that write there.
  process.once('exit', removeTemporaryFolders)
  process.exit(exitStatusOfSignal(signal))
}
