/**
 * The network between schedulers, masters, agents and executors, with its simulated delays and
 * cuts.
 */

export interface Network {
  /** Delay of each message, one way, in ms. */
  readonly delayMs: number
  setDelay(delayMs: number): void
  isFrameworkCut(frameworkId: string): boolean
  /** Cuts the network between a framework and the master, or heals it. */
  setFrameworkCut(frameworkId: string, isCut: boolean): void
  /** Resolves when a message of this framework arrives. */
  pass(frameworkId: string): Promise<void>
}

export function createNetwork(): Network {
  /** By framework id: messages that wait for the end of a cut. */
  const cut = new Map<string, (() => void)[]>()
  let delayMs = 0
  return {
    get delayMs() {
      return delayMs
    },
    setDelay(next) {
      delayMs = next
    },
    isFrameworkCut: (frameworkId) => cut.has(frameworkId),
    setFrameworkCut(frameworkId, isCut) {
      const waiting = cut.get(frameworkId) ?? []
      if (isCut) cut.set(frameworkId, waiting)
      else if (cut.delete(frameworkId)) for (const resume of waiting) resume()
    },
    pass(frameworkId) {
      const waiting = cut.get(frameworkId)
      if (waiting === undefined) return Promise.resolve()
      return new Promise((resolve) => {
        waiting.push(resolve)
      })
    },
  }
}
