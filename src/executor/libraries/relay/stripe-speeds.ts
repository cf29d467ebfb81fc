/** Compares the speeds of the stripes of a library. */
export interface Pace {
  add(stripe: number, bytes: number): void
  /**
   * True if, since the last call, the stripe was far slower than the fastest one, or too slow to be
   * useful.
   */
  lags(stripe: number): boolean
}

/** A stripe is too slow below this part of the fastest stripe's speed. */
const tooSlow = 1 / 8
/** A stripe is always too slow below this number of bytes per ms. */
const leastPerMs = 1

export function createPace(stripes: number, now: () => number = () => performance.now()): Pace {
  const startMs = now()
  const paces = Array.from({ length: stripes }, () => ({
    bytes: 0,
    lastMs: startMs,
    seenBytes: 0,
    seenMs: startMs,
  }))

  /** Bytes per ms, from the beginning to the last byte. */
  function fastest(): number {
    return Math.max(...paces.map(({ bytes, lastMs }) => bytes / Math.max(1, lastMs - startMs)))
  }

  return {
    add(stripe, bytes) {
      const pace = paces[stripe]
      if (pace === undefined) return
      pace.bytes += bytes
      pace.lastMs = now()
    },
    lags(stripe) {
      const pace = paces[stripe]
      if (pace === undefined) return false
      const speed = (pace.bytes - pace.seenBytes) / Math.max(1, now() - pace.seenMs)
      pace.seenBytes = pace.bytes
      pace.seenMs = now()
      return speed < Math.max(leastPerMs, fastest() * tooSlow)
    },
  }
}
