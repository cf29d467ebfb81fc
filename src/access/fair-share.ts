/**
 * Divides a byte budget among addresses in turn, however many requests each of them has.
 * Source: Goyal, Vin, Cheng, "Start-time Fair Queueing", SIGCOMM 1996, with a token bucket in
 * front. Unlike deficit round robin, an address that returns a moment late still gets what it
 * missed.
 */

export interface FairShare<Request> {
  /** Adds a request for `bytes`, at most `grainBytes`. */
  add(request: Request, address: string, bytes: number): void
  /** Removes a request for which nothing was sent yet. */
  remove(request: Request): void
  /** The next request; undefined when none waits or the budget is used up for now. */
  take(nowMs: number): Request | undefined
  /** Returns bytes that were taken but not sent, so that others can have them. */
  giveBack(bytes: number): void
  /** ms until `take` returns a request; Infinity when none waits. */
  waitMs(nowMs: number): number
  /** Largest number of bytes per request. */
  readonly grainBytes: number
}

interface Sender<Request> {
  /** Bytes given to this address, on a scale shared by all; the lowest comes next. */
  tag: number
  readonly waiting: { readonly request: Request; readonly bytes: number }[]
}

/** The number of streams that each get a grain within about a second. */
const streamsPerSecond = 128
const minGrainBytes = 1024
const maxGrainBytes = 64 * 1024
/** Size of the bucket in ms: timers are only exact to a few ms. */
const burstMs = 20
/** Number of grains that an address may catch up. */
const maxCatchUp = 8

/** Starts without requests and with a full bucket. `bytesPerSecond` must be 1 or more. */
export function createFairShare<Request>(
  bytesPerSecond: number,
  startMs: number,
): FairShare<Request> {
  const perMs = bytesPerSecond / 1000
  const grainBytes = clamp(Math.floor(bytesPerSecond / streamsPerSecond))
  const burstBytes = Math.max(grainBytes, perMs * burstMs)
  const senders = new Map<string, Sender<Request>>()
  const addresses = new Map<Request, string>()
  // Negative when the last request took more than was left.
  let tokens = burstBytes
  let filledMs = startMs
  let virtualTime = 0

  function fill(nowMs: number): void {
    tokens = Math.min(burstBytes, tokens + Math.max(0, nowMs - filledMs) * perMs)
    filledMs = Math.max(filledMs, nowMs)
  }

  /**
   * The address with the least; among equals the first. Forgets addresses that cannot have less.
   */
  function next(): { readonly address: string; readonly sender: Sender<Request> } | undefined {
    const floor = virtualTime - maxCatchUp * grainBytes
    let best: { readonly address: string; readonly sender: Sender<Request> } | undefined
    for (const [address, sender] of senders) {
      if (sender.waiting.length === 0) {
        if (sender.tag <= floor) senders.delete(address)
        continue
      }
      if (best === undefined || sender.tag < best.sender.tag) best = { address, sender }
    }
    return best
  }

  return {
    grainBytes,
    add(request, address, bytes) {
      const known = senders.get(address)
      // A new address has no claim on bytes that were sent before it came.
      const sender = known ?? { tag: virtualTime, waiting: [] }
      sender.tag = Math.max(sender.tag, virtualTime - maxCatchUp * grainBytes)
      if (known === undefined) senders.set(address, sender)
      sender.waiting.push({ request, bytes })
      addresses.set(request, address)
    },
    remove(request) {
      const { waiting = [] } = senders.get(addresses.get(request) ?? '') ?? {}
      const index = waiting.findIndex((each) => each.request === request)
      if (index >= 0) waiting.splice(index, 1)
      addresses.delete(request)
    },
    take(nowMs) {
      fill(nowMs)
      if (tokens <= 0) return undefined
      const { sender } = next() ?? {}
      const taken = sender?.waiting.shift()
      if (sender === undefined || taken === undefined) return undefined
      tokens -= taken.bytes
      virtualTime = Math.max(virtualTime, sender.tag)
      sender.tag += taken.bytes
      addresses.delete(taken.request)
      return taken.request
    },
    giveBack(bytes) {
      tokens = Math.min(burstBytes, tokens + bytes)
    },
    waitMs(nowMs) {
      if (addresses.size === 0) return Infinity
      fill(nowMs)
      return tokens > 0 ? 0 : -tokens / perMs
    },
  }
}

function clamp(bytes: number): number {
  return Math.min(maxGrainBytes, Math.max(minGrainBytes, bytes))
}
