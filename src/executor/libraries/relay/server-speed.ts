/**
 * Measures whether a library arrives at least half as fast as from the jar server alone. It uses no
 * claims of other hosts: it compares the bytes received, without the server's help, with the
 * average speed of all pieces from the server. The speed of a single piece may be that of an idle
 * server.
 */
export interface ServerSpeed {
  /** Starts the time, when the requests to other sources start. */
  begin(): void
  /** True if too few bytes arrived so far. */
  isBehind(receivedBytes: number): boolean
  /** ms until that is so if nothing more arrives. */
  untilBehindMs(receivedBytes: number): number
  /** The server sent this many bytes in this time, from the request to the last byte. */
  note(bytes: number, tookMs: number): void
}

/** The required part of the server's speed: a slower source would take more than twice the time. */
const enough = 1 / 2
/** Start-up time of other sources, as a multiple of the time for the first answer. */
const patience = 8
const minPatienceMs = 20
const maxPatienceMs = 1000

/** `list`: size and time of the list of chunks from the server. The time starts now. */
export function createServerSpeed(
  list: { readonly bytes: number; readonly tookMs: number },
  now: () => number = () => performance.now(),
): ServerSpeed {
  const tookMs = Math.max(1, list.tookMs)
  const patienceMs = Math.min(maxPatienceMs, Math.max(minPatienceMs, patience * tookMs))
  let sentBytes = list.bytes
  let sentMs = tookMs
  let startMs = now() + patienceMs

  /** Time at which this number of bytes becomes too low. */
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
