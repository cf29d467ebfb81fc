/** Part of the time that may be spent for the sake of watchers. */
const share = 0.03
/** Spent at once, at most, after a rest. */
const maxSavedMs = 60

/** Creates a budget: work is left out while too much of it was done lately. */
export function createTimeBudget() {
  let savedMs = maxSavedMs
  let last = performance.now()
  return {
    spend(work: () => void): void {
      const began = performance.now()
      savedMs = Math.min(maxSavedMs, savedMs + (began - last) * share)
      last = began
      if (savedMs <= 0) return
      work()
      savedMs -= performance.now() - began
    },
  }
}
