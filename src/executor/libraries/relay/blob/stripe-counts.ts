/** Counts the received runs of each stripe, and lets callers wait for further ones. */
export interface StripeCounts {
  /** Number of received runs of a stripe, from its first one. */
  countOf(stripe: number): number
  /** Counts one more run. */
  add(stripe: number): void
  /**
   * Resolves to true when the run is received; to false after `giveUp` or an abort of `closed`. A
   * signal is for one stripe.
   */
  until(stripe: number, index: number, closed: AbortSignal): Promise<boolean>
  /** Ends all waits: no further runs will arrive. */
  giveUp(): void
}

export function createStripeCounts(stripes: number): StripeCounts {
  const counts = Array.from({ length: stripes }, () => 0)
  const waiting = counts.map((): (() => void)[] => [])
  /** Signals with a listener: one for all waits of a stream, which waits for each of its runs. */
  const heard = new WeakSet<AbortSignal>()
  let isGivenUp = false

  function countOf(stripe: number): number {
    return counts[stripe] ?? 0
  }

  /** Those who wait look again. */
  function wake(stripe: number): void {
    for (const look of waiting[stripe]?.splice(0) ?? []) look()
  }

  function change(stripe: number, closed: AbortSignal): Promise<void> {
    if (!heard.has(closed)) {
      heard.add(closed)
      closed.addEventListener('abort', () => wake(stripe), { once: true })
    }
    return new Promise((resolve) => waiting[stripe]?.push(resolve))
  }

  return {
    countOf,
    add(stripe) {
      counts[stripe] = countOf(stripe) + 1
      wake(stripe)
    },
    async until(stripe, index, closed) {
      while (index >= countOf(stripe)) {
        if (isGivenUp || closed.aborted) return false
        await change(stripe, closed)
      }
      return !closed.aborted
    },
    giveUp() {
      isGivenUp = true
      for (const stripe of counts.keys()) wake(stripe)
    },
  }
}
