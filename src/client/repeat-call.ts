import { asyncScheduler, fromEvent, lastValueFrom, race, take, timer } from 'rxjs'
import { JarcastError } from '../errors.ts'
import { backOffMs } from '../streams/back-off.ts'
import type { ConnectOptions } from '../streams/connect-with-back-off.ts'

export interface RepeatOptions extends ConnectOptions {
  /** True for a call that changes nothing when it is taken a second time. */
  readonly isRepeatable: boolean
  /**
   * Aborted when the subscription that the call belongs to has ended: then it is not sent again.
   */
  readonly over: AbortSignal
}

/**
 * A call that the server still does not take is its caller's to decide: nobody after it may wait
 * for ever.
 */
const maxAttempts = 5

/**
 * Sends a call until it is taken, after a back-off each time, while its subscription lives. The
 * calls behind it wait, so none overtakes it: a SUPPRESS that came late would undo the REVIVE after
 * it.
 *
 * Rejects as `post` did last: after five attempts, at once for an error that is not retryable, and
 * for a call that may have been taken and is not repeatable.
 */
export async function repeatCall(post: () => Promise<void>, options: RepeatOptions): Promise<void> {
  const { over, scheduler = asyncScheduler } = options
  for (let attempt = 1; ; attempt += 1) {
    try {
      await post()
      return
    } catch (error) {
      if (attempt === maxAttempts || !mayRepeat(error, options)) throw error
      const wait$ = timer(backOffMs(attempt, options), scheduler)
      await lastValueFrom(race(wait$, fromEvent(over, 'abort').pipe(take(1))))
      if (over.aborted) throw error
    }
  }
}

function mayRepeat(error: unknown, { isRepeatable, over }: RepeatOptions): boolean {
  if (!(error instanceof JarcastError) || !error.retryable || over.aborted) return false
  const { maybeTaken, verdict } = error.details
  // A lost subscription does not come back by calling.
  if (verdict === 'resubscribe' || error.code === 'NOT_SUBSCRIBED') return false
  return isRepeatable || maybeTaken === false
}
