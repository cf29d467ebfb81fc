/** Time that watching may take from a program or a run: a share of it, and some at once. */

export interface TimeBucket {
  /** False once the time is used up. */
  hasTime(): boolean
  /** Runs `work`, and counts the time that it takes. */
  spend(work: () => void): void
}

/** `share`: 0.05 for 5 %. `burstMs`: that can be used at once. */
export function createTimeBucket(
  share: number,
  burstMs: number,
  now: () => number = () => performance.now(),
): TimeBucket {
  let leftMs = burstMs
  let filledAt = now()
  return {
    hasTime() {
      const at = now()
      leftMs = Math.min(burstMs, leftMs + (at - filledAt) * share)
      filledAt = at
      return leftMs > 0
    },
    spend(work) {
      const began = now()
      work()
      leftMs -= now() - began
    },
  }
}
