/**
 * The clocks of jar servers. Messages to a jar server carry its time, and it refuses old ones.
 * Clocks of hosts differ, so a refusal carries the server's time.
 */
export interface ServerClock {
  /** Time of the server, ms since 1970; 0 if it is unknown. */
  now(endpoint: string): number
  /** Sets the time of the server, ms since 1970. */
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
