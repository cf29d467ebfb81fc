/**
 * Whether a library comes at least half as fast as the jar server alone would bring it. Nobody else's word is taken for it:
 * what counts is all that came since the beginning but for the server's own help, and how fast it sent what it
 * did: on the average, since a single piece may come while the server has nobody else to send to.
 */
export interface Yardstick {
  /** Counts time from now on: others have only now been asked. */
  begin(): void
  /** True when too little came so far. */
  isBehind(receivedBytes: number): boolean
  /** ms until it will be too little, if nothing more comes. */
  untilBehindMs(receivedBytes: number): number
  /** The server sent something in this time, from the request to the last byte. */
  note(bytes: number, tookMs: number): void
}

/** Part of the server's speed that is enough: whoever brings it takes no more than twice the time. */
const enough = 1 / 2
/** Times the answer to a first request that others may take to begin. */
const patience = 8
const minPatienceMs = 20
const maxPatienceMs = 1000

/** The list of chunks came from the server, in this time. Begins to count now. */
export function createYardstick(
  list: { readonly bytes: number; readonly tookMs: number },
  now: () => number = () => performance.now(),
): Yardstick {
  const tookMs = Math.max(1, list.tookMs)
  const patienceMs = Math.min(maxPatienceMs, Math.max(minPatienceMs, patience * tookMs))
  let sentBytes = list.bytes
  let sentMs = tookMs
  let startMs = now() + patienceMs

  /** When so many bytes become too few. */
  function behindAtMs(receivedBytes: number): number {
    return startMs + receivedBytes / (enough * (sentBytes / sentMs))
  }

  return {
    begin() {
      startMs = now() + patienceMs
    },
    isBehind: (receivedBytes) => now() > behindAtMs(receivedBytes),
    untilBehindMs: (receivedBytes) => Math.max(0, behindAtMs(receivedBytes) - now()),
    note(bytes, ms) {
      sentBytes += bytes
      sentMs += Math.max(1, ms)
    },
  }
}
