/** Counts the received runs of each stripe, and lets callers wait for further ones. */
export interface StripeCounts {
  /** Number of received runs of a stripe, from its first one. */
  countOf(stripe: number): number
  /** Counts one more run. */
  add(stripe: number): void
  /** Resolves to true when the run is received; to false after `giveUp` or an abort of `closed`. */
  until(stripe: number, index: number, closed: AbortSignal): Promise<boolean>
  /** Ends all waits: no further runs will arrive. */
  giveUp(): void
}

export function createStripeCounts(stripes: number): StripeCounts {
  const counts = Array.from({ length: stripes }, () => 0)
  const waiting = counts.map(() => new Set<() => void>())
  let isGivenUp = false

  function countOf(stripe: number): number {
    return counts[stripe] ?? 0
  }

  function wake(stripe: number): void {
    for (const look of waiting[stripe] ?? []) look()
  }

  function change(stripe: number, closed: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        waiting[stripe]?.delete(look)
        closed.removeEventListener('abort', look)
        resolve()
      }
      waiting[stripe]?.add(look)
      closed.addEventListener('abort', look, { once: true })
    })
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
