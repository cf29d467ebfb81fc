/** Wakes the gateway when the machine's next timer is due. */
import type { RuntimeClock } from './monotonic-clock.ts'

export interface Alarm {
  /** Replaces the time of the next call; undefined for none. */
  set(dueMs: number | undefined): void
}

/** Calls `onDue` when `now`, ms since the epoch, has reached the time that was set. */
export function createAlarm(
  wakeAfter: RuntimeClock['wake'],
  now: () => number,
  onDue: () => void,
): Alarm {
  let setFor: number | undefined
  let cancel: () => void = () => undefined

  function set(dueMs: number | undefined): void {
    // Most entries change no timer.
    if (dueMs === setFor) return
    setFor = dueMs
    cancel()
    cancel = dueMs === undefined ? () => undefined : wakeAt(dueMs)
  }

  function wakeAt(dueMs: number): () => void {
    const wake = () => {
      setFor = undefined
      // The delay of a timer has an upper bound, and a clock may call back early.
      if (now() < dueMs) set(dueMs)
      else onDue()
    }
    return wakeAfter(wake, Math.max(0, Math.ceil(dueMs - now())))
  }

  return { set }
}
