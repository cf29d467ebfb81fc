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
  /** True for a call that has no further effect when it is taken a second time. */
  readonly isRepeatable: boolean
  /** Aborted when the subscription of the call ends: it is not sent again. */
  readonly over: AbortSignal
}

/** Then the caller decides: later calls must not wait for ever. */
const maxAttempts = 5

/**
 * Sends a call again, with back-off, while its subscription lives. Later calls wait meanwhile, so
 * that none overtakes it: a late SUPPRESS would undo the REVIVE after it.
 *
 * Error: that of the last attempt: after five attempts, or at once for an error that is not
 * retryable, and for a call that may have been taken and is not repeatable.
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
  // A call does not bring back a lost subscription.
  if (over.aborted || details['verdict'] === 'resubscribe' || code === 'NOT_SUBSCRIBED')
    return false
  return isRepeatable || details['maybeTaken'] === false
}
