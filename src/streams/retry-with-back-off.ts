import { asyncScheduler, retry, throwError, timer } from 'rxjs'
import type { MonoTypeOperatorFunction } from 'rxjs'
import { JarcastError } from '../errors.ts'
import { backOffMs } from './back-off.ts'
import type { ConnectOptions } from './connect-with-back-off.ts'

/**
 * Subscribes again after an error that a retry may cure, waiting longer each time.
 *
 * Next: every value of every subscription, in order. A value resets the count, so that a stream which
 * worked for a day and then breaks is back within half a second.
 * Error: a `JarcastError` that is not `retryable`, or any other error, passes at once; retryable ones never do.
 * Complete: passes. Unsubscribing ends the wait or the source, whichever is going on.
 */
export function retryWithBackOff<T>(options: ConnectOptions = {}): MonoTypeOperatorFunction<T> {
  const { scheduler = asyncScheduler } = options
  return retry({
    resetOnSuccess: true,
    delay: (error: unknown, attempt) =>
      error instanceof JarcastError && error.retryable
        ? timer(backOffMs(attempt, options), scheduler)
        : throwError(() => error),
  })
}
