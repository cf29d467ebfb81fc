/**
 * Who may be sent a body now: so many at a time, senders in turn, and no more bytes per second than there is a budget for.
 * Who waits is told its place after a while, and comes again; who reads too slowly is cut while others wait.
 */
import { createFairShare } from './fair-share.ts'
import { createPaceWatch } from './pace-watch.ts'
import type { PaceWatch } from './pace-watch.ts'
import { senderOf } from './remote-address.ts'
import { createWaitingLine } from './waiting-line.ts'
import type { Place } from './waiting-line.ts'

export interface AdmissionOptions {
  /** Bodies of blobs that are sent at a time; one address gets half of them at most. Default 128. */
  readonly maxStreams?: number
  /** Requests that wait for their turn; those beyond are told to come again (503, Retry-After). Default 512. */
  readonly maxWaiting?: number
  /** Bytes of blobs sent per second, by all streams together. Default: as fast as it goes. */
  readonly egressBytesPerSecond?: number
  /** Bytes per second that a client must take, if it can have them, while others wait. Default 4096. */
  readonly minBytesPerSecond?: number
}

export interface Entering {
  readonly remoteAddress: string | undefined
  /** Aborted when the connection is closed. */
  readonly closed: AbortSignal
  /** How long it waits to be told its place. Default 30,000 ms. */
  readonly holdMs?: number
  /** Ends the connection of a client that is too slow. */
  readonly cut: () => void
}

/** A body that is being sent. */
export interface Turn {
  /**
   * Resolves to how many of these bytes, 1 or more, may be written now: to 0 when the connection is closed. Each grant is
   * settled before the next.
   */
  grant(bytes: number): Promise<number>
  /** Whether the system took the bytes that were granted. */
  settle(isSent: boolean): void
  /** It is over, whole or not. */
  leave(): void
}

export interface Admission {
  /**
   * Resolves when the turn has come: the sender with the fewest bodies under way is first, then the one that was let in
   * longest ago. To a place when it has not come in time or too many wait; to undefined when the connection is closed before.
   */
  enter(request: Entering): Promise<Turn | Place | undefined>
  /** Of the bytes of all bodies. */
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
/** Written at a time while others wait: of a larger piece nobody could tell how fast it goes. */
const crowdedBytes = 64 * 1024
const lookMs = 1000

/** No stream. The bounds must be 1 or more. `budget`: of another admission, to share its bytes; default one of its own. */
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
        // Only what follows is the client's: the wait before was for others.
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
  /** Resolves to the bytes that may be sent now, at most these; to 0 when the connection is closed. */
  ask(sender: string, bytes: number, closed: AbortSignal): Promise<number>
  giveBack(bytes: number): void
}

/** Hands out what the fair share allows, when it allows it. */
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
