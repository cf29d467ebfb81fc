/** Maximum of Node's timers: longer ones fire at once. Frameworks may ask for longer times. */
const maxWaitMs = 2 ** 31 - 1

/** As `setTimeout`, with at most 24.8 days. */
export function startTimer(action: () => void, waitMs: number): NodeJS.Timeout {
  return setTimeout(action, Math.min(waitMs, maxWaitMs))
}
