/** Compares the speeds of the stripes of a library. */
export interface StripeSpeeds {
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

export function createStripeSpeeds(
  stripes: number,
  now: () => number = () => performance.now(),
): StripeSpeeds {
  const startMs = now()
  const records = Array.from({ length: stripes }, () => ({
    bytes: 0,
    lastMs: startMs,
    seenBytes: 0,
    seenMs: startMs,
  }))

  /** Bytes per ms, from the beginning to the last byte. */
  function fastest(): number {
    return Math.max(...records.map(({ bytes, lastMs }) => bytes / Math.max(1, lastMs - startMs)))
  }

  return {
    add(stripe, bytes) {
      const record = records[stripe]
      if (record === undefined) return
      record.bytes += bytes
      record.lastMs = now()
    },
    lags(stripe) {
      const record = records[stripe]
      if (record === undefined) return false
      const speed = (record.bytes - record.seenBytes) / Math.max(1, now() - record.seenMs)
      record.seenBytes = record.bytes
      record.seenMs = now()
      return speed < Math.max(leastPerMs, fastest() * tooSlow)
    },
  }
}
