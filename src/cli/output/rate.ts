/** How fast a number grows: over the last five seconds, by the times that it is given. */
export interface Rate {
  add(amount: number, atMs: number): void
  /** Per second; undefined until it is known. */
  readonly perSecond: number | undefined
}

const windowMs = 5000
/** A rate over less would jump. */
const minSpanMs = 500

export function createRate(): Rate {
  let samples: { readonly amount: number; readonly atMs: number }[] = []
  return {
    add(amount, atMs) {
      const last = samples.at(-1)
      // It began again.
      if (last !== undefined && amount < last.amount) samples = []
      samples.push({ amount, atMs })
      while (samples.length > 2 && (samples[1]?.atMs ?? 0) <= atMs - windowMs) samples.shift()
    },
    get perSecond() {
      const [first, last] = [samples[0], samples.at(-1)]
      if (first === undefined || last === undefined) return undefined
      const spanMs = last.atMs - first.atMs
      return spanMs < minSpanMs ? undefined : ((last.amount - first.amount) * 1000) / spanMs
    },
  }
}
