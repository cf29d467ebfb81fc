/** The time of entries: that of a clock, made to fit behind the entries that are there. */
import { longestPauseMs } from './entry-times.ts'

export interface JournalTime {
  /** Ms since the epoch. Never less than before. */
  now(): number
}

/**
 * Follows a clock from `lastMs` on, the time of the last entry. A clock that goes back, or is ahead by more than there may be
 * between two entries, is wrong: from then on what passes on it counts, and not what it shows.
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
