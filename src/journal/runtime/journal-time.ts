/** The time of entries: a clock that continues after the existing entries. */
import { longestPauseMs } from '../entry-times.ts'

export interface JournalTime {
  /** Ms since the epoch; never decreases. */
  now(): number
}

/**
 * Follows a clock from `lastMs`, the time of the last entry. A clock that goes back, or is ahead by
 * more than the largest step between entries, is wrong: from then on, only its differences count.
 */
export function followClock(clockNow: () => number, lastMs: number): JournalTime {
  let last = lastMs
  let offset = 0
  return {
    now() {
      const shown = clockNow()
      const passed = shown + offset - last
      if (!(passed >= 0 && passed <= longestPauseMs)) offset = last - shown
      else last = shown + offset
      return last
    },
  }
}
