import { asyncScheduler, retry, throwError, timer } from 'rxjs'
import type { MonoTypeOperatorFunction } from 'rxjs'
import { JarcastError } from '../errors.ts'
import { backOffMs } from './back-off.ts'
import type { ConnectOptions } from './connect-with-back-off.ts'

export interface RetryOptions extends Pick<
  ConnectOptions,
  'random' | 'firstMs' | 'capMs' | 'scheduler'
> {
  /** Told of each error that is retried, before the wait. Default: nobody is. */
  readonly onRetry?: (error: JarcastError) => void
}

/**
 * Subscribes again after an error that a retry may cure, waiting longer each time.
 *
 * Next: every value of every subscription, in order. A value resets the count, so that a stream
 * which worked for a day and then breaks is back within half a second.
 * Error: a `JarcastError` that is not `retryable`, or any other error, passes at once; retryable
 * ones never do.
 * Complete: passes. Unsubscribing ends the wait or the source, whichever is going on.
 */
export function retryWithBackOff<T>(options: RetryOptions = {}): MonoTypeOperatorFunction<T> {
  const { scheduler = asyncScheduler, onRetry } = options
  return retry({
    resetOnSuccess: true,
    delay: (error: unknown, attempt) => {
      if (!(error instanceof JarcastError) || !error.retryable) return throwError(() => error)
      onRetry?.(error)
      return timer(backOffMs(attempt, options), scheduler)
    },
  })
}
