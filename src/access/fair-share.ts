/**
 * Divides a byte budget among addresses in turn, however many requests each of them has.
 * Source: Goyal, Vin, Cheng, "Start-time Fair Queueing", SIGCOMM 1996, with a token bucket in
 * front. Unlike deficit round robin, an address that returns a moment late still gets what it
 * missed.
 */
import { createTokenBucket } from './token-bucket.ts'

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
  const grainBytes = grainBytesOf(bytesPerSecond)
  const burstBytes = Math.max(grainBytes, (bytesPerSecond / 1000) * burstMs)
  const bucket = createTokenBucket(bytesPerSecond, burstBytes, startMs)
  const senders = new Map<string, Sender<Request>>()
  const addresses = new Map<Request, string>()
  let virtualTime = 0

  /** The lowest tag that an address may have, so that it cannot save up for later. */
  const lowestTag = (): number => virtualTime - maxCatchUp * grainBytes

  return {
    grainBytes,
    add(request, address, bytes) {
      const known = senders.get(address)
      // A new address has no claim on bytes that were sent before it came.
      const sender = known ?? { tag: virtualTime, waiting: [] }
      sender.tag = Math.max(sender.tag, lowestTag())
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
      if (!bucket.hasTokens(nowMs)) return undefined
      const sender = findNext(senders, lowestTag())
      const taken = sender?.waiting.shift()
      if (sender === undefined || taken === undefined) return undefined
      bucket.take(taken.bytes)
      virtualTime = Math.max(virtualTime, sender.tag)
      sender.tag += taken.bytes
      addresses.delete(taken.request)
      return taken.request
    },
    giveBack: bucket.giveBack,
    waitMs: (nowMs) => (addresses.size === 0 ? Infinity : bucket.waitMs(nowMs)),
  }
}

function grainBytesOf(bytesPerSecond: number): number {
  const bytes = Math.floor(bytesPerSecond / streamsPerSecond)
  return Math.min(maxGrainBytes, Math.max(minGrainBytes, bytes))
}

/**
 * The waiting sender with the lowest tag; among equals the first. Forgets senders without requests
 * whose tag is not above `lowestTag`: a new one would get no less.
 */
function findNext<Request>(
  senders: Map<string, Sender<Request>>,
  lowestTag: number,
): Sender<Request> | undefined {
  let best: Sender<Request> | undefined
  for (const [address, sender] of senders) {
    if (sender.waiting.length === 0) {
      if (sender.tag <= lowestTag) senders.delete(address)
      continue
    }
    if (best === undefined || sender.tag < best.tag) best = sender
  }
  return best
}
