/** A clock for tests: time passes when the test says so. */
import type { RuntimeClock } from '../journal/runtime.ts'

export interface ManualClock extends RuntimeClock {
  /** Moves the time on, waking whoever asked to be woken at exactly the moment they asked for. */
  advance(byMs: number): void
}

/** A clock that stands at `startMs` until it is advanced. */
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
      for (;;) {
        const [next] = [...wakes]
          .filter(({ at }) => at <= end)
          .sort((one, other) => one.at - other.at)
        if (next === undefined) break
        wakes.delete(next)
        now = Math.max(now, next.at)
        next.callback()
      }
      now = end
    },
  }
}
