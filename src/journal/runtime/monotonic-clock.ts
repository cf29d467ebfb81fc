/** The gateway's own clock. */
import { performance } from 'node:perf_hooks'
import type { RuntimeClock } from './runtime.ts'

/** Longest delay of setTimeout; a longer one would fire at once. */
const longestWaitMs = 2 ** 31 - 1

/**
 * Ms since the epoch: the wall clock at the time of this call plus the time since then. Setting the
 * wall clock changes nothing. While the machine sleeps, no time passes.
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
