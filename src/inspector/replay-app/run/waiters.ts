/** Promises for numbers that a counter will reach. */
export interface Waiters {
  readonly reached: number
  reach(count: number): void
  /** Resolves those that still wait: there is no more for now. */
  rest(): void
  /** Resolves once the counter is there, or rests. Rejects when the work fails. */
  until(count: number): Promise<void>
  fail(error: unknown): void
}

interface Waiter {
  readonly count: number
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export function createWaiters(): Waiters {
  let reached = 0
  let failure: { readonly error: unknown } | undefined
  let waiting: readonly Waiter[] = []
  return {
    get reached() {
      return reached
    },
    reach(count) {
      reached = Math.max(reached, count)
      const due = waiting.filter((waiter) => waiter.count <= reached)
      if (due.length === 0) return
      waiting = waiting.filter((waiter) => waiter.count > reached)
      for (const { resolve } of due) resolve()
    },
    rest() {
      const due = waiting
      waiting = []
      for (const { resolve } of due) resolve()
    },
    until(count) {
      if (count <= reached) return Promise.resolve()
      if (failure !== undefined) return Promise.reject(failure.error as Error)
      return new Promise((resolve, reject) => {
        waiting = [...waiting, { count, resolve, reject }]
      })
    },
    fail(error) {
      failure = { error }
      for (const { reject } of waiting) reject(error)
      waiting = []
    },
  }
}
