/** Whether a client takes what it is sent fast enough. */
export interface PaceWatch {
  /** Bytes are offered to it. */
  start(nowMs: number): void
  /** The system took so many of them. */
  end(nowMs: number, bytes: number): void
  isSlow(nowMs: number): boolean
}

/** A client may be that far behind the least speed, as one whose network falls silent for a moment is. */
const patienceMs = 10_000

/**
 * Time in which nothing was offered does not count, so a client that waits for us is never slow. One that was fast has no
 * credit for later.
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
