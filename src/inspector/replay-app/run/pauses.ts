/** Pauses in long work, so that the process does other things between. */
const workMs = 12

/** Creates a function that resolves at once, or, after some work, when others have had a turn. */
export function createPauses(): () => Promise<void> | undefined {
  let began = performance.now()
  return () => {
    if (performance.now() - began < workMs) return undefined
    return new Promise((resolve) => {
      setTimeout(() => {
        began = performance.now()
        resolve()
      }, 0)
    })
  }
}
