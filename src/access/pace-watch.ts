/** Maximum delay behind the minimum speed, so that a short network outage does no harm. */
const patienceMs = 10_000

/**
 * Measures if a client reads fast enough. Time without an offer does not count, so a client that
 * waits for the server is never slow. A fast client gets no credit for later.
 */
export class PaceWatch {
  readonly #minBytesPerSecond: number
  #behindMs = 0
  #offeredMs = 0
  #isOffered = false

  constructor(minBytesPerSecond: number) {
    this.#minBytesPerSecond = minBytesPerSecond
  }

  /** Starts the clock: bytes are offered to the client. */
  start(nowMs: number): void {
    this.#offeredMs = nowMs
    this.#isOffered = true
  }

  /** Stops the clock: the system accepted this number of bytes. */
  end(nowMs: number, bytes: number): void {
    if (!this.#isOffered) return
    this.#isOffered = false
    const tookMs = nowMs - this.#offeredMs
    const neededMs = (bytes / this.#minBytesPerSecond) * 1000
    this.#behindMs = Math.max(0, this.#behindMs + tookMs - neededMs)
  }

  isSlow(nowMs: number): boolean {
    return this.#behindMs + (this.#isOffered ? nowMs - this.#offeredMs : 0) > patienceMs
  }
}
