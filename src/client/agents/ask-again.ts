/** Questions to agents and masters that may be away for a while. */
import { setTimeout as sleep } from 'node:timers/promises'
import { JarcastError } from '../../errors.ts'

export interface AskAgainOptions {
  /** Called when an answer is missing, before the next attempt. Default: such an error is thrown. */
  readonly onRetry?: ((error: JarcastError) => void) | undefined
  /** Ends the attempts: the last error is thrown. */
  readonly signal?: AbortSignal | undefined
}

const maxRetryPauseMs = 2000
/** How long a missing answer is asked for again, ms. */
export const patienceMs = 60_000

/**
 * Asks until there is an answer, with growing pauses. Throws an error that is not retryable at
 * once, and any other after `patience` ms.
 */
export async function askAgain<T>(
  ask: () => Promise<T>,
  { onRetry, signal }: AskAgainOptions,
  patience: () => number | Promise<number> = () => patienceMs,
): Promise<T> {
  const begunAt = performance.now()
  for (let count = 1; ; count += 1) {
    try {
      return await ask()
    } catch (error) {
      const isFinal = !(error instanceof JarcastError) || !error.retryable
      if (onRetry === undefined || isFinal || signal?.aborted === true) throw error
      if (performance.now() - begunAt >= (await patience())) throw error
      onRetry(error)
      await pause(Math.min(maxRetryPauseMs, 100 * 2 ** count), signal)
    }
  }
}

/** Resolves after `ms`, or once `signal` aborts. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, { ...(signal && { signal }) }).catch(() => undefined)
}
