/**
 * Who may send the next bytes of a budget: addresses in turn, however many requests each of them has.
 * Source: Goyal, Vin, Cheng, "Start-time Fair Queueing", SIGCOMM 1996, with a token bucket in front. As deficit round robin,
 * but an address that comes back a moment late still gets what it missed.
 */

export interface FairShare<Request> {
  /** `bytes` are asked for at once: `grainBytes` at most. */
  add(request: Request, address: string, bytes: number): void
  /** Nothing was sent for it yet. */
  remove(request: Request): void
  /** The request whose turn it is; undefined when nobody waits, or the budget is used up for now. */
  take(nowMs: number): Request | undefined
  /** Bytes that were taken and then not sent: others may have them. */
  giveBack(bytes: number): void
  /** Until `take` has something, in ms; Infinity when nobody waits. */
  waitMs(nowMs: number): number
  /** Most bytes to ask for at once. */
  readonly grainBytes: number
}

interface Sender<Request> {
  /** Bytes it was given, on a scale that is the same for all: who has least comes next. */
  tag: number
  readonly waiting: { readonly request: Request; readonly bytes: number }[]
}

/** Streams that each get a grain within about a second. */
const streamsPerSecond = 128
const minGrainBytes = 1024
const maxGrainBytes = 64 * 1024
/** What the bucket holds, as a time: timers are no more exact than a few ms. */
const burstMs = 20
/** Grains that an address may catch up on. */
const maxCatchUp = 8

/** Nobody waits, and the bucket is full. `bytesPerSecond` is 1 or more. */
export function createFairShare<Request>(
  bytesPerSecond: number,
  startMs: number,
): FairShare<Request> {
  const perMs = bytesPerSecond / 1000
  const grainBytes = clamp(Math.floor(bytesPerSecond / streamsPerSecond))
  const burstBytes = Math.max(grainBytes, perMs * burstMs)
  const senders = new Map<string, Sender<Request>>()
  const addresses = new Map<Request, string>()
  // Below 0 when the last one took more than there was.
  let tokens = burstBytes
  let filledMs = startMs
  let virtualTime = 0

  function fill(nowMs: number): void {
    tokens = Math.min(burstBytes, tokens + Math.max(0, nowMs - filledMs) * perMs)
    filledMs = Math.max(filledMs, nowMs)
  }

  /** The one with the least, and of equals the one that came first. Forgets those who could not have less anyway. */
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
      // A new one has no claim on what was sent before it came.
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
