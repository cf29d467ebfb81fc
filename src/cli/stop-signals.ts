import { exitStatusOfSignal } from './exit-status.ts'

export type StopSignal = 'SIGINT' | 'SIGTERM'

const stopSignals: readonly StopSignal[] = ['SIGINT', 'SIGTERM']

/**
 * Calls `stop` at the first SIGINT or SIGTERM; a second one ends the process at once.
 * Returns a function that gives the signals back to Node's own handling.
 */
export function onStopSignal(stop: (signal: StopSignal) => void): () => void {
  let isStopping = false

  function handle(signal: StopSignal): void {
    if (isStopping) process.exit(exitStatusOfSignal(signal))
    isStopping = true
    stop(signal)
  }

  for (const signal of stopSignals) process.on(signal, handle)
  return () => {
    for (const signal of stopSignals) process.off(signal, handle)
  }
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function untilStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    onStopSignal(() => resolve())
  })
}
