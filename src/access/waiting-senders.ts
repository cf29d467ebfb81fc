/** The senders of a waiting line, and the order in which they get streams. */

export interface Sender<Entry> {
  streams: number
  readonly waiting: Entry[]
  /** Time of the last admission, or else of the first request; kept for a sender that retries. */
  sinceMs: number
  /** Time of the last use, up to a second earlier. */
  seenMs: number
}

/** By name, ordered by last use, to the second. */
export type Senders<Entry> = Map<string, Sender<Entry>>

/** A sender without requests and streams is remembered for this long, so that it keeps its turn. */
const rememberMs = 120_000
const maxRemembered = 4096
/** Moving a sender to the end costs more than the rest of its admission. */
const moveMs = 1000

/**
 * The sender of that name, as the last one used. Forgets senders that are not heard of any more.
 */
export function useSender<Entry>(
  senders: Senders<Entry>,
  name: string,
  nowMs: number,
): Sender<Entry> {
  const known = senders.get(name)
  if (known !== undefined && nowMs - known.seenMs < moveMs) return known
  const sender = known ?? { streams: 0, waiting: [], sinceMs: nowMs, seenMs: nowMs }
  sender.seenMs = nowMs
  senders.delete(name)
  senders.set(name, sender)
  forgetOld(senders, nowMs)
  return sender
}

function forgetOld<Entry>(senders: Senders<Entry>, nowMs: number): void {
  for (const [name, sender] of senders) {
    const isRecent = nowMs - sender.seenMs <= rememberMs
    if (isRecent && senders.size <= maxRemembered) return
    if (sender.streams === 0 && sender.waiting.length === 0) senders.delete(name)
  }
}

/**
 * The sender of the next admission, of those that wait and have fewer than `maxStreams`: the one
 * with the fewest streams, among equals the one that was admitted longest ago.
 */
export function findNext<Entry>(
  senders: Senders<Entry>,
  maxStreams: number,
): Sender<Entry> | undefined {
  let best: Sender<Entry> | undefined
  for (const sender of senders.values()) {
    if (sender.waiting.length === 0 || sender.streams >= maxStreams) continue
    if (best === undefined || isBefore(sender, best)) best = sender
  }
  return best
}

function isBefore<Entry>(one: Sender<Entry>, other: Sender<Entry>): boolean {
  if (one.streams !== other.streams) return one.streams < other.streams
  return one.sinceMs < other.sinceMs
}

/** The sender with the most requests: `own`, unless another has more. */
export function findLargest<Entry>(senders: Senders<Entry>, own: Sender<Entry>): Sender<Entry> {
  let most = own
  for (const sender of senders.values()) {
    if (sender.waiting.length > most.waiting.length) most = sender
  }
  return most
}

/** Place of a sender's request: 1 plus the admissions before it, if streams end in any order. */
export function countPlace<Entry>(
  senders: Senders<Entry>,
  own: Sender<Entry>,
  index: number,
): number {
  let place = 1 + index
  for (const other of senders.values()) {
    if (other === own) continue
    const isEarlier = other.sinceMs < own.sinceMs
    const ahead = own.streams + index - other.streams + (isEarlier ? 1 : 0)
    place += Math.max(0, Math.min(other.waiting.length, ahead))
  }
  return place
}
