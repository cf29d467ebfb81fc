/** A byte budget per second, with a small burst. */
export interface TokenBucket {
  /** True if something is left. The last taker may take more than that. */
  hasTokens(nowMs: number): boolean
  take(bytes: number): void
  /** Returns bytes that were taken but not sent, so that others can have them. */
  giveBack(bytes: number): void
  /** ms until `hasTokens` is true. */
  waitMs(nowMs: number): number
}

/** Starts full. `bytesPerSecond` and `burstBytes` must be 1 or more. */
export function createTokenBucket(
  bytesPerSecond: number,
  burstBytes: number,
  startMs: number,
): TokenBucket {
  const perMs = bytesPerSecond / 1000
  // Negative when the last request took more than was left.
  let tokens = burstBytes
  let filledMs = startMs

  function fill(nowMs: number): void {
    tokens = Math.min(burstBytes, tokens + Math.max(0, nowMs - filledMs) * perMs)
    filledMs = Math.max(filledMs, nowMs)
  }

  return {
    hasTokens(nowMs) {
      fill(nowMs)
      return tokens > 0
    },
    take(bytes) {
      tokens -= bytes
    },
    giveBack(bytes) {
      tokens = Math.min(burstBytes, tokens + bytes)
    },
    waitMs(nowMs) {
      fill(nowMs)
      return tokens > 0 ? 0 : -tokens / perMs
    },
  }
}
