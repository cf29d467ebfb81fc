/** The gateway's own clock. */

/** The time and the timers of a gateway. */
export interface RuntimeClock {
  /**
   * Milliseconds since the epoch. If it goes back or jumps by ten years, entries continue from
   * their last time.
   */
  now(): number
  /** Calls back once, after `delayMs` or earlier; the returned function cancels it. */
  wake(callback: () => void, delayMs: number): () => void
}

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
