/** Measures if a client reads fast enough. */
export interface PaceWatch {
  /** Starts the clock: bytes are offered to the client. */
  start(nowMs: number): void
  /** Stops the clock: the system accepted this number of bytes. */
  end(nowMs: number, bytes: number): void
  isSlow(nowMs: number): boolean
}

/** Maximum delay behind the minimum speed, so that a short network outage does no harm. */
const patienceMs = 10_000

/**
 * Time without an offer does not count, so a client that waits for the server is never slow. A fast
 * client gets no credit for later.
 */
export function createPaceWatch(minBytesPerSecond: number, startMs: number): PaceWatch {
  let behindMs = 0
  let offeredMs = startMs
  let isOffered = false

  return {
    start(nowMs) {
      offeredMs = nowMs
      isOffered = true
    },
    end(nowMs, bytes) {
      if (!isOffered) return
      isOffered = false
      const tookMs = nowMs - offeredMs
      behindMs = Math.max(0, behindMs + tookMs - (bytes / minBytesPerSecond) * 1000)
    },
    isSlow: (nowMs) => behindMs + (isOffered ? nowMs - offeredMs : 0) > patienceMs,
  }
}
