/** How much of the way to a state is done, for a reader who waits for it. */
export interface Way {
  /** Of the newest way that is not done, 0 to 1. */
  readonly part: number | undefined
  /** Runs `work`, which tells how far it has come. */
  go(work: (onPart: (part: number) => void) => Promise<void>): Promise<void>
  /** Asks for the part when it is needed, until `work` tells it. */
  follow(part: () => number): void
}

export function createWay(onChange: () => void): Way {
  let count = 0
  let partOf: (() => number) | undefined

  return {
    get part() {
      return partOf?.()
    },
    follow(part) {
      partOf = part
      onChange()
    },
    async go(work) {
      count += 1
      const own = count
      try {
        await work((part) => {
          if (own !== count) return
          partOf = () => part
          onChange()
        })
      } finally {
        if (own === count && partOf !== undefined) {
          partOf = undefined
          onChange()
        }
      }
    },
  }
}
