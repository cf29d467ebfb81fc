/**
 * Decides which requests get a body now: limits the streams and the bytes per second, and takes
 * senders in turn. A request that waits too long gets its place and retries later. A client that
 * reads too slowly is cut off while others wait.
 */
import { createFairShare } from './fair-share.ts'
import { createPaceWatch } from './pace-watch.ts'
import type { PaceWatch } from './pace-watch.ts'
import { senderOf } from './remote-address.ts'
import { createWaitingLine } from './waiting-line.ts'
import type { Place } from './waiting-line.ts'

export interface AdmissionOptions {
  /** Bodies of blobs sent at the same time; one address gets half of them at most. Default 128. */
  readonly maxStreams?: number
  /** Requests in the queue; further ones get 503 with Retry-After. Default 512. */
  readonly maxWaiting?: number
  /** Bytes of blobs sent per second, by all streams together. Default: as fast as it goes. */
  readonly egressBytesPerSecond?: number
  /**
   * Bytes per second that a client must read while others wait, if they are offered. Default 4096.
   */
  readonly minBytesPerSecond?: number
}

export interface Entering {
  readonly remoteAddress: string | undefined
  /** Aborted when the connection is closed. */
  readonly closed: AbortSignal
  /** How long the request waits before it gets its place instead. Default 30,000 ms. */
  readonly holdMs?: number
  /** Ends the connection of a client that is too slow. */
  readonly cut: () => void
}

/** One body in transfer. */
export interface Turn {
  /**
   * Resolves to the number of these bytes (1 or more) that may be written now, or to 0 when the
   * connection is closed. Settle each grant before you ask for the next.
   */
  grant(bytes: number): Promise<number>
  /** Reports whether the system accepted the granted bytes. */
  settle(isSent: boolean): void
  /** Ends the transfer, complete or not. */
  leave(): void
}

export interface Admission {
  /**
   * Resolves to a turn: the sender with the fewest bodies in progress is first, among equals the
   * one that was admitted longest ago. Resolves to a place after `holdMs` or when too many wait,
   * and to undefined when the connection closes first.
   */
  enter(request: Entering): Promise<Turn | Place | undefined>
  /** The budget for the bytes of all bodies. */
  readonly budget: Budget
}

interface Waiting {
  readonly settle: (result: Turn | Place | undefined) => void
  readonly begin: () => Turn
}

interface Asking {
  readonly resolve: (isAllowed: boolean) => void
}

const defaultHoldMs = 30_000
/**
 * Largest write while others wait: with larger writes, the speed of a client cannot be measured.
 */
const crowdedBytes = 64 * 1024
const lookMs = 1000

/**
 * Starts without streams. All limits must be 1 or more. `budget`: the budget of another admission,
 * to share its bytes; default: its own.
 */
export function createAdmission(
  options: AdmissionOptions = {},
  budget: Budget = createBudget(options.egressBytesPerSecond ?? Infinity),
): Admission {
  const { maxStreams = 128, maxWaiting = 512, minBytesPerSecond = 4096 } = options
  const line = createWaitingLine<Waiting>({ maxStreams, maxWaiting })
  const streams = new Map<PaceWatch, () => void>()
  let looking: NodeJS.Timeout | undefined

  function begin(sender: string, { closed, cut }: Entering): Turn {
    const watch = createPaceWatch(minBytesPerSecond, performance.now())
    streams.set(watch, cut)
    let granted = 0
    return {
      async grant(wanted) {
        const bytes = Math.min(wanted, line.isEmpty() ? wanted : crowdedBytes)
        granted = await budget.ask(sender, bytes, closed)
        // Only the time from now on depends on the client: it waited for others before.
        if (granted > 0) watch.start(performance.now())
        return granted
      },
      settle(isSent) {
        watch.end(performance.now(), isSent ? granted : 0)
        if (!isSent) budget.giveBack(granted)
        granted = 0
      },
      leave() {
        if (!streams.delete(watch)) return
        line.leave(sender, performance.now())
        admitNext()
      },
    }
  }

  function admitNext(): void {
    for (;;) {
      const next = line.takeNext(performance.now())
      if (next === undefined) break
      next.settle(next.begin())
    }
    if (line.isEmpty()) stopLooking()
  }

  function look(): void {
    const nowMs = performance.now()
    for (const [watch, cut] of streams) if (watch.isSlow(nowMs)) cut()
  }

  function stopLooking(): void {
    clearInterval(looking)
    looking = undefined
  }

  function wait(sender: string, request: Entering): Promise<Turn | Place | undefined> {
    return new Promise((resolve) => {
      const settle: Waiting['settle'] = (result) => {
        clearTimeout(timer)
        request.closed.removeEventListener('abort', abandon)
        resolve(result)
      }
      const entry: Waiting = { settle, begin: () => begin(sender, request) }
      const leaveLine = (): Place => {
        const place = line.placeOf(sender, entry)
        line.remove(sender, entry)
        if (line.isEmpty()) stopLooking()
        return place
      }
      const abandon = (): void => {
        leaveLine()
        settle(undefined)
      }
      const timer = setTimeout(() => settle(leaveLine()), request.holdMs ?? defaultHoldMs)
      request.closed.addEventListener('abort', abandon, { once: true })
      const displaced = line.add(sender, entry, performance.now())
      displaced?.entry.settle(displaced.place)
      if (!line.isEmpty()) looking ??= setInterval(look, lookMs).unref()
    })
  }

  return {
    budget,
    async enter(request) {
      if (request.closed.aborted) return undefined
      const sender = senderOf(request.remoteAddress)
      if (line.tryEnter(sender, performance.now())) return begin(sender, request)
      return wait(sender, request)
    },
  }
}

export interface Budget {
  /**
   * Resolves to the number of bytes that may be sent now, at most `bytes`; to 0 when the connection
   * is closed.
   */
  ask(sender: string, bytes: number, closed: AbortSignal): Promise<number>
  giveBack(bytes: number): void
}

/** Hands out bytes in the order and at the rate of the fair share. */
function createBudget(bytesPerSecond: number): Budget {
  if (bytesPerSecond === Infinity) {
    return {
      ask: (_, bytes, closed) => Promise.resolve(closed.aborted ? 0 : bytes),
      giveBack: () => undefined,
    }
  }
  const share = createFairShare<Asking>(bytesPerSecond, performance.now())
  let timer: NodeJS.Timeout | undefined

  function pump(): void {
    clearTimeout(timer)
    for (;;) {
      const next = share.take(performance.now())
      if (next === undefined) break
      next.resolve(true)
    }
    const waitMs = share.waitMs(performance.now())
    if (waitMs < Infinity) timer = setTimeout(pump, Math.ceil(waitMs))
  }

  return {
    ask(sender, wanted, closed) {
      const bytes = Math.min(wanted, share.grainBytes)
      if (closed.aborted) return Promise.resolve(0)
      return new Promise((resolve) => {
        const abandon = (): void => {
          share.remove(asking)
          resolve(0)
        }
        const asking: Asking = {
          resolve() {
            closed.removeEventListener('abort', abandon)
            resolve(bytes)
          },
        }
        closed.addEventListener('abort', abandon, { once: true })
        share.add(asking, sender, bytes)
        pump()
      })
    },
    giveBack(bytes) {
      share.giveBack(bytes)
      pump()
    },
  }
}
