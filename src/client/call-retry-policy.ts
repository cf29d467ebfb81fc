/** The retry policy of calls to a master or agent. */
import { fromEvent } from 'rxjs'
import type { MonoTypeOperatorFunction } from 'rxjs'
import type { JarcastError } from '../errors.ts'
import { retryWithBackOff } from '../streams/retry-with-back-off.ts'
import type { RetryOptions } from '../streams/retry-with-back-off.ts'

export interface CallRetryOptions extends Pick<
  RetryOptions,
  'random' | 'firstMs' | 'capMs' | 'scheduler'
> {
  /** True for a call without a further effect the second time. */
  readonly isRepeatable: boolean
  /** Aborted when the subscription of the call ends: it is then not resent. */
  readonly over: AbortSignal
}

/** Bounded, so that later calls do not wait for ever. */
const maxAttempts = 5

/**
 * Resends a call with back-off until its subscription ends. Later calls wait, since a late SUPPRESS
 * would undo the REVIVE after it.
 *
 * Error: the last one, after five attempts; at once if it is not retryable, or if the call may have
 * been taken and is not repeatable.
 */
export function retryCall<T>(options: CallRetryOptions): MonoTypeOperatorFunction<T> {
  return retryWithBackOff({
    ...options,
    maxAttempts,
    mayRetry: (error) => mayRepeat(error, options),
    stop$: fromEvent(options.over, 'abort'),
  })
}

function mayRepeat(
  { code, details }: JarcastError,
  { isRepeatable, over }: CallRetryOptions,
): boolean {
  // Resending does not restore a lost subscription.
  if (over.aborted || details['verdict'] === 'resubscribe' || code === 'NOT_SUBSCRIBED')
    return false
  return isRepeatable || details['maybeTaken'] === false
}
