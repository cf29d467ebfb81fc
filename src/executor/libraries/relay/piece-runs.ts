/** Below this time, the round trip would be a large part of it. */
const shortMs = 25
/** Above this time, answers to several hosts would share a link unevenly. */
const longMs = 100

/** Number of runs for the next request for a piece of a stripe, after the last one took this time. */
export function nextPieceRuns(runs: number, tookMs: number): number {
  if (tookMs < shortMs) return runs * 2
  return tookMs > longMs ? Math.max(1, runs / 2) : runs
}
