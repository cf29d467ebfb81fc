/**
 * The retry policy: exponential back-off with full jitter. Streams apply it with
 * `retryWithBackOff` and `connectWithBackOff`, calls to Mesos with `CallLine`.
 */

/** Bounds of the wait before a new attempt. All times in milliseconds. */
export interface BackOffOptions {
  /** Returns a number in [0, 1). Default `Math.random`; give a seeded one where runs must repeat. */
  readonly random?: () => number
  /** Upper bound of the wait before the first attempt that waits. Default 500. */
  readonly firstMs?: number
  /** Upper bound of every wait. Default 15_000. */
  readonly capMs?: number
}

/**
 * The wait before an attempt, in whole milliseconds: 0 for attempt 0, else a random part of
 * `firstMs`, doubled with each attempt, never above `capMs`.
 *
 * The whole wait is random ("full jitter"), so that a thousand frameworks which lost the same
 * master come back spread over the interval. An attempt that is no natural number counts as 0.
 * Source: apache/mesos docs/scheduler-http-api.md, "Disconnections" (exponential, up to e.g. 15 s);
 * the C++ scheduler library waits 0 to 500 ms before the first.
 */
export function backOffMs(attempt: number, options: BackOffOptions = {}): number {
  const { random = Math.random, firstMs = 500, capMs = 15_000 } = options
  if (!(attempt >= 1)) return 0
  // 2 ** 1024 is Infinity, which min() takes back to the cap.
  const boundMs = Math.min(capMs, firstMs * 2 ** (Math.floor(attempt) - 1))
  return Math.floor(random() * boundMs)
}
