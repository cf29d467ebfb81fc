/** A clock for tests: time passes only by its calls. */
import type { RuntimeClock } from '../journal/runtime/monotonic-clock.ts'

export interface ManualClock extends RuntimeClock {
  /**
   * Advances the time; calls each callback at exactly its time. Throws if a callback sets itself
   * again at once without end.
   */
  advance(byMs: number): void
}

/** Limit on timers that fire: machines that settle have fewer. */
const wakesAtOnce = 100_000

/** A clock that shows `startMs` until it is advanced. */
export function createManualClock(startMs = 0): ManualClock {
  let now = startMs
  const wakes = new Set<{ readonly at: number; readonly callback: () => void }>()
  return {
    now: () => now,
    wake(callback, delayMs) {
      const wake = { at: now + delayMs, callback }
      wakes.add(wake)
      return () => wakes.delete(wake)
    },
    advance(byMs) {
      const end = now + byMs
      let count = 0
      for (;;) {
        const [next] = [...wakes]
          .filter(({ at }) => at <= end)
          .sort((one, other) => one.at - other.at)
        if (next === undefined) break
        wakes.delete(next)
        count = next.at > now ? 0 : count + 1
        if (count > wakesAtOnce) throw new Error(`timers fire at ${now} ms without an end`)
        now = Math.max(now, next.at)
        next.callback()
      }
      now = end
    },
  }
}
