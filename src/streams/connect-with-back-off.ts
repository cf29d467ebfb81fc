import {
  NEVER,
  asyncScheduler,
  concat,
  defer,
  ignoreElements,
  merge,
  switchMap,
  take,
  timer,
} from 'rxjs'
import type { Observable, SchedulerLike } from 'rxjs'
import { backOffMs } from '../retry-policy.ts'
import type { BackOffOptions } from '../retry-policy.ts'

export interface ConnectOptions extends BackOffOptions {
  /** Runs the wait. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike
  /**
   * A reason to stop waiting, such as a new leader: from the first value on, the wait
   * lasts no longer than that of attempt 1. Its errors end the wait. Default: no values.
   */
  readonly news$?: Observable<unknown>
}

/**
 * Waits the back-off of `attempt`, then calls `connect` and mirrors what it returns.
 *
 * Next, error and complete are those of the connection; nothing comes during the wait. Attempt 0
 * connects at once, in the same tick. Unsubscribing during the wait means `connect` is never
 * called.
 * The caller counts the attempts, so that a state machine, not a stream, decides when to give up;
 * `retryWithBackOff` is for callers without such a machine.
 */
export function connectWithBackOff<T>(
  connect: () => Observable<T>,
  attempt: number,
  options: ConnectOptions = {},
): Observable<T> {
  const { scheduler = asyncScheduler, news$ = NEVER } = options
  return defer(() => {
    const waitMs = backOffMs(attempt, options)
    if (waitMs === 0) return connect()
    const shortened$ = news$.pipe(
      take(1),
      switchMap(() => timer(backOffMs(1, options), scheduler)),
    )
    const wait$ = merge(timer(waitMs, scheduler), shortened$).pipe(take(1), ignoreElements())
    return concat(wait$, defer(connect))
  })
}
