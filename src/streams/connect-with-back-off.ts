import { asyncScheduler, concat, defer, ignoreElements, timer } from 'rxjs'
import type { Observable, SchedulerLike } from 'rxjs'
import { backOffMs } from './back-off.ts'
import type { BackOffOptions } from './back-off.ts'

export interface ConnectOptions extends BackOffOptions {
  /** Runs the wait. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike
}

/**
 * Waits the back-off of `attempt`, then calls `connect` and mirrors what it returns.
 *
 * Next, error and complete are those of the connection; nothing comes during the wait. Attempt 0 connects
 * at once, in the same tick. Unsubscribing during the wait means `connect` is never called.
 * The attempt is the caller's to count, so that a state machine, not a stream, decides when to give up;
 * `retryWithBackOff` is for those who have no such machine.
 */
export function connectWithBackOff<T>(
  connect: () => Observable<T>,
  attempt: number,
  options: ConnectOptions = {},
): Observable<T> {
  const { scheduler = asyncScheduler } = options
  return defer(() => {
    const waitMs = backOffMs(attempt, options)
    return waitMs === 0
      ? connect()
      : concat(timer(waitMs, scheduler).pipe(ignoreElements()), defer(connect))
  })
}
