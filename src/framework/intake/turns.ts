/** Work in its order, at once where possible. */
export interface Turns {
  /** Runs at once, or after the work that is pending. */
  run(work: () => Promise<void> | void): void
  /** Ends with the last work; undefined when none is pending. */
  readonly pending: Promise<void> | undefined
}

export function createTurns(): Turns {
  let pending: Promise<void> | undefined

  function hold(work: Promise<void>): void {
    const done = work.finally(() => {
      if (pending === done) pending = undefined
    })
    pending = done
  }

  return {
    run(work) {
      if (pending !== undefined) {
        hold(pending.then(work))
        return
      }
      const worked = work()
      if (worked !== undefined) hold(worked)
    },
    get pending() {
      return pending
    },
  }
}
