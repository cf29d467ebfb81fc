/**
 * Decides which requests get a body: limits the streams and the bytes per second, and serves
 * senders in turn. A request that waits too long gets its place in the queue, and retries later.
 * Clients that read too slowly are cut off while others wait.
 */
import { createBudget } from './budget.ts'
import type { Budget } from './budget.ts'
import { senderOf } from './remote-address.ts'
import { createSlowClients } from './slow-clients.ts'
import type { SlowClients } from './slow-clients.ts'
import { WaitingLine } from './waiting-line.ts'
import type { Place } from './waiting-line.ts'

export interface AdmissionOptions {
  /** Bodies of blobs sent at the same time; one address gets half of them at most. Default 128. */
  readonly maxStreams?: number
  /** Requests in the queue; further ones get 503 with Retry-After. Default 512. */
  readonly maxWaiting?: number
  /** Bytes of blobs sent per second by all streams together. Default: no limit. */
  readonly egressBytesPerSecond?: number
  /** Bytes per second that a client must read while others wait. Default 4096. */
  readonly minBytesPerSecond?: number
}

export interface Entering {
  readonly remoteAddress: string | undefined
  /** Aborted when the connection is closed. */
  readonly closed: AbortSignal
  /** Time in the queue before the request gets its place instead. Default 30,000 ms. */
  readonly holdMs?: number
  /** Ends the connection of a client that is too slow. */
  readonly cut: () => void
}

/** One body in transfer. */
export interface Turn {
  /**
   * The number of these bytes (1 or more) that may be written now, or 0 when the connection is
   * closed; a promise if they must wait. Settle each grant before you ask for the next.
   */
  grant(bytes: number): number | Promise<number>
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
  /** A turn; undefined if the request must wait for it, or the connection is closed. */
  enterNow(request: Entering): Turn | undefined
  /** The budget for the bytes of all bodies. */
  readonly budget: Budget
}

interface Waiting {
  readonly settle: (result: Turn | Place | undefined) => void
  readonly begin: () => Turn
}

const defaultHoldMs = 30_000
/** Largest write while others wait: larger ones would hide the speed of a client. */
const crowdedBytes = 64 * 1024

/**
 * Starts without streams. All limits must be 1 or more. `budget`: the budget of another admission,
 * to share its bytes; default: its own.
 */
export function createAdmission(
  options: AdmissionOptions = {},
  budget: Budget = createBudget(options.egressBytesPerSecond ?? Infinity),
): Admission {
  return new FairAdmission(options, budget)
}

class FairAdmission implements Admission {
  readonly budget: Budget
  readonly #line: WaitingLine<Waiting>
  readonly #clients: SlowClients

  constructor(options: AdmissionOptions, budget: Budget) {
    const { maxStreams = 128, maxWaiting = 512, minBytesPerSecond = 4096 } = options
    this.budget = budget
    this.#line = new WaitingLine({ maxStreams, maxWaiting })
    this.#clients = createSlowClients(minBytesPerSecond)
  }

  async enter(request: Entering): Promise<Turn | Place | undefined> {
    if (request.closed.aborted) return undefined
    return this.enterNow(request) ?? this.#wait(senderOf(request.remoteAddress), request)
  }

  enterNow(request: Entering): Turn | undefined {
    if (request.closed.aborted) return undefined
    const sender = senderOf(request.remoteAddress)
    const hasEntered = this.#line.tryEnter(sender, performance.now())
    return hasEntered ? this.#begin(sender, request) : undefined
  }

  #begin(sender: string, { closed, cut }: Entering): Turn {
    const { budget } = this
    const watch = this.#clients.watch(cut)
    let granted = 0
    const begin = (bytes: number): number => {
      granted = bytes
      // Only the time from now on depends on the client: it waited for others before.
      if (bytes > 0) watch.start(performance.now())
      return bytes
    }
    return {
      grant: (wanted) => {
        const bytes = this.#line.isEmpty() ? wanted : Math.min(wanted, crowdedBytes)
        const answer = budget.ask(sender, bytes, closed)
        return typeof answer === 'number' ? begin(answer) : answer.then(begin)
      },
      settle: (isSent) => {
        watch.end(performance.now(), isSent ? granted : 0)
        if (!isSent) budget.giveBack(granted)
        granted = 0
      },
      leave: () => {
        if (!this.#clients.forget(watch)) return
        this.#line.leave(sender, performance.now())
        this.#admitNext()
      },
    }
  }

  #admitNext(): void {
    for (;;) {
      const next = this.#line.takeNext(performance.now())
      if (next === undefined) break
      next.settle(next.begin())
    }
    this.#checkIfCrowded()
  }

  #wait(sender: string, request: Entering): Promise<Turn | Place | undefined> {
    return new Promise((resolve) => {
      const settle: Waiting['settle'] = (result) => {
        clearTimeout(timer)
        request.closed.removeEventListener('abort', abandon)
        resolve(result)
      }
      const entry: Waiting = { settle, begin: () => this.#begin(sender, request) }
      const abandon = (): void => {
        this.#giveUp(sender, entry)
        settle(undefined)
      }
      const refuse = (): void => settle(this.#giveUp(sender, entry))
      const timer = setTimeout(refuse, request.holdMs ?? defaultHoldMs)
      request.closed.addEventListener('abort', abandon, { once: true })
      const displaced = this.#line.add(sender, entry, performance.now())
      displaced?.entry.settle(displaced.place)
      this.#checkIfCrowded()
    })
  }

  /** Removes a waiting request, and returns the place that it had. */
  #giveUp(sender: string, entry: Waiting): Place {
    const place = this.#line.placeOf(sender, entry)
    this.#line.remove(sender, entry)
    this.#checkIfCrowded()
    return place
  }

  #checkIfCrowded(): void {
    this.#clients.setChecking(!this.#line.isEmpty())
  }
}
