/** The gateway's own clock. */
import { performance } from 'node:perf_hooks'
import type { RuntimeClock } from './runtime.ts'

/** What setTimeout can wait; more would be no wait at all. */
const longestWaitMs = 2 ** 31 - 1

/**
 * Ms since the epoch, by the wall clock of the moment at which this is called and by what has passed since then: setting the
 * wall clock moves nothing. While the machine sleeps no time passes.
 */
export function createMonotonicClock(): RuntimeClock {
  const startMs = Date.now() - performance.now()
  return {
    now: () => Math.floor(startMs + performance.now()),
    wake(callback, delayMs) {
      const timer = setTimeout(callback, Math.min(delayMs, longestWaitMs))
      return () => {
        clearTimeout(timer)
      }
    },
  }
}
