/**
 * Valid times of entries. The gateway's time never goes back and never jumps, so an entry with
 * another time was not written by it.
 */

/** Upper bound of entry times, ms since the epoch: the year 2200. */
export const latestMs = Date.UTC(2200, 0, 1)
/**
 * Lower bound for the start of a new journal, ms since the epoch, independent of the clock: the
 * year 2000.
 */
export const earliestStartMs = Date.UTC(2000, 0, 1)
/** Largest step between entries, ms: ten years. */
export const longestPauseMs = 10 * 365.25 * 24 * 3600 * 1000

/**
 * Returns what is wrong with the time of an entry or of the start of a journal; undefined if it is
 * valid. `before`: the previous time, if known.
 */
export function timeProblem(now: number, before?: number): string | undefined {
  if (!(now >= 0 && now < latestMs))
    return `has the time ${now} ms since 1970, not between 1970 and 2200`
  if (before === undefined) return undefined
  if (now < before) return `has the time ${iso(now)}, earlier than the one before (${iso(before)})`
  if (now - before > longestPauseMs) {
    return `has the time ${iso(now)}, more than ten years after the one before (${iso(before)})`
  }
  return undefined
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString()
}
