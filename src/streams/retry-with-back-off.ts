import { NEVER, asyncScheduler, map, merge, retry, throwError, timer } from 'rxjs'
import type { MonoTypeOperatorFunction, Observable, SchedulerLike } from 'rxjs'
import { JarcastError } from '../errors.ts'
import { backOffMs } from '../retry-policy.ts'
import type { BackOffOptions } from '../retry-policy.ts'

export interface RetryOptions extends BackOffOptions {
  /** Runs the wait. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike
  /** Maximum attempts in a row, including the first; the last error passes. Default: no limit. */
  readonly maxAttempts?: number
  /** False for a retryable error that passes without a retry. Default: all are retried. */
  readonly mayRetry?: (error: JarcastError) => boolean
  /** Its first value during a wait ends the wait: the error passes. Default: never. */
  readonly stop$?: Observable<unknown>
  /** Called with each error that is retried, before the wait. */
  readonly onRetry?: (error: JarcastError) => void
}

/**
 * Subscribes again after a retryable error, with exponential back-off.
 *
 * Next: every value of every subscription, in order. A value resets the back-off: a stream that
 * breaks after a long time is back within half a second.
 * Error: an error that is not a retryable `JarcastError` passes at once; a retryable one passes
 * after `maxAttempts`, or as `mayRetry` and `stop$` say.
 * Complete: passes. Unsubscribing ends the wait or the source.
 */
export function retryWithBackOff<T>(options: RetryOptions = {}): MonoTypeOperatorFunction<T> {
  const { scheduler = asyncScheduler, maxAttempts = Infinity, stop$ = NEVER } = options
  const { mayRetry = () => true, onRetry } = options
  return retry({
    resetOnSuccess: true,
    delay: (error: unknown, attempt) => {
      const isCurable = error instanceof JarcastError && error.retryable && mayRetry(error)
      if (!isCurable || attempt >= maxAttempts) return throwError(() => error)
      onRetry?.(error)
      const stopped$ = stop$.pipe(
        map((): never => {
          throw error
        }),
      )
      return merge(timer(backOffMs(attempt, options), scheduler), stopped$)
    },
  })
}
