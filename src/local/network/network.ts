/** The network between schedulers, masters, agents and executors, made slow or cut by command. */

export interface Network {
  /** How long each message takes, one way, in ms. */
  readonly delayMs: number
  setDelay(delayMs: number): void
  isFrameworkCut(frameworkId: string): boolean
  /** Nothing passes between that framework and the master until it is healed. */
  setFrameworkCut(frameworkId: string, isCut: boolean): void
  /** Resolves when a message of that framework has arrived. */
  pass(frameworkId: string): Promise<void>
}

export function createNetwork(): Network {
  /** By framework id: who waits for its way to be healed. */
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
