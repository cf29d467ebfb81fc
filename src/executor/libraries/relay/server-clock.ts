/**
 * What a jar server's clock says, which the messages of an executor name: it answers none that was made long ago. The clocks
 * of hosts differ, so the server says its time when it refuses one.
 */
export interface ServerClock {
  /** ms since 1970; 0 while nothing is known. */
  now(endpoint: string): number
  /** Takes the time, ms since 1970, that the server said. */
  learn(endpoint: string, timeMs: number): void
}

export function createServerClock(): ServerClock {
  const offsets = new Map<string, number>()
  return {
    now(endpoint) {
      const offset = offsets.get(endpoint)
      return offset === undefined ? 0 : Math.round(performance.now() + offset)
    },
    learn(endpoint, timeMs) {
      offsets.set(endpoint, timeMs - performance.now())
    },
  }
}
