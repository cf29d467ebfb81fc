/**
 * Which times entries can have. The gateway's time never goes back and never leaps, so a time that does was not written by
 * it, and what machines would make of it (timers of centuries, dates that are none) is not worth finding out.
 */

/** Ms since the epoch that no entry reaches: the year 2200. */
export const latestMs = Date.UTC(2200, 0, 1)
/** Ms since the epoch at which a journal of our own begins at the earliest, whatever the clock shows: the year 2000. */
export const earliestStartMs = Date.UTC(2000, 0, 1)
/** Ms from one entry to the next, at most: ten years. */
export const longestPauseMs = 10 * 365.25 * 24 * 3600 * 1000

/**
 * What is wrong with the time of an entry, or of the beginning of a journal; `before` is the time of what precedes it, when
 * that is known. Undefined when nothing is.
 */
export function timeProblem(now: number, before?: number): string | undefined {
  if (!(now >= 0 && now < latestMs)) return `is of ${now} ms since 1970, which is no time of ours`
  if (before === undefined) return undefined
  if (now < before) return `is of ${iso(now)}, before what precedes it (${iso(before)})`
  if (now - before > longestPauseMs) {
    return `is of ${iso(now)}, more than ten years after what precedes it (${iso(before)})`
  }
  return undefined
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString()
}
