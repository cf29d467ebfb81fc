/** Estimates from the pace at which streams end when a refused request should be sent again. */
export interface RetryTime {
  /** Counts the end of a stream. */
  noteEnd(nowMs: number): void
  /** Time after which a request at this place may be admitted: 1 to 30. */
  secondsAt(place: number): number
}

const maxRetrySeconds = 30
/** Weight of each ended stream in the mean time between two ends. */
const weight = 1 / 8
/** A longer gap means that no client came. */
const maxGapMs = 5000

/** Assumes 100 ms between two ends until it has seen some. */
export function createRetryTime(): RetryTime {
  let meanMs = 100
  let lastEndMs: number | undefined
  return {
    noteEnd(nowMs) {
      if (lastEndMs !== undefined)
        meanMs += (Math.min(maxGapMs, nowMs - lastEndMs) - meanMs) * weight
      lastEndMs = nowMs
    },
    secondsAt: (place) =>
      Math.min(maxRetrySeconds, Math.max(1, Math.ceil((place * meanMs) / 1000))),
  }
}
