/** Limits how much work goes on at a time; the rest waits in its order. */
export interface Slots {
  use<T>(work: () => Promise<T>): Promise<T>
}

export function createSlots(count: number): Slots {
  const waiting: (() => void)[] = []
  let free = count

  async function take(): Promise<void> {
    if (free > 0) free -= 1
    else await new Promise<void>((go) => waiting.push(go))
  }

  /** Passes the slot on, so that nobody comes in between. */
  function give(): void {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }

  return {
    async use(work) {
      await take()
      try {
        return await work()
      } finally {
        give()
      }
    },
  }
}
