/** How far each stripe of a library has come, for those who wait for more of it. */
export interface StripeCounts {
  /** How many runs of a stripe there are, from its first on. */
  countOf(stripe: number): number
  /** There is one run more. */
  add(stripe: number): void
  /** Resolves to true when there is the run; to false when there never will be, or `closed` is aborted. */
  until(stripe: number, index: number, closed: AbortSignal): Promise<boolean>
  /** There will be no more: those who wait, wait in vain. */
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
