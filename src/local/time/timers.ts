/**
 * Node fires a timer at once when its wait does not fit 31 bits; what a framework asks for may be
 * far longer.
 */
const maxWaitMs = 2 ** 31 - 1

/** As `setTimeout`, but waits of more than 24.8 days become that. */
export function startTimer(action: () => void, waitMs: number): NodeJS.Timeout {
  return setTimeout(action, Math.min(waitMs, maxWaitMs))
}
