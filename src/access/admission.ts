/**
 * Decides which requests get a body: limits the streams and the bytes per second, and serves
 * senders in turn. A request that waits too long gets its place in the queue, and retries later.
 * Clients that read too slowly are cut off while others wait.
 */
import { createBudget } from './budget.ts'
import type { Budget } from './budget.ts'
import { senderOf } from './remote-address.ts'
import type { PaceWatch } from './pace-watch.ts'
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
  readonly #rules: TurnRules

  constructor(options: AdmissionOptions, budget: Budget) {
    const { maxStreams = 128, maxWaiting = 512, minBytesPerSecond = 4096 } = options
    this.budget = budget
    this.#line = new WaitingLine({ maxStreams, maxWaiting })
    this.#clients = createSlowClients(minBytesPerSecond)
    this.#rules = {
      budget,
      clients: this.#clients,
      isCrowded: () => !this.#line.isEmpty(),
      onLeave: (sender) => this.#leave(sender),
    }
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

  #begin(sender: string, request: Entering): Turn {
    return new AdmittedTurn(sender, request, this.#rules)
  }

  #leave(sender: string): void {
    this.#line.leave(sender, performance.now())
    if (!this.#line.isEmpty()) this.#admitNext()
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
      // The regular check would come too late: this one asks again, or elsewhere.
      if (request.holdMs === 0) this.#clients.check()
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

/** What the turns of an admission have in common. */
interface TurnRules {
  readonly budget: Budget
  readonly clients: SlowClients
  readonly isCrowded: () => boolean
  readonly onLeave: (sender: string) => void
}

class AdmittedTurn implements Turn {
  readonly #sender: string
  readonly #closed: AbortSignal
  readonly #rules: TurnRules
  readonly #watch: PaceWatch
  #granted = 0

  constructor(sender: string, { closed, cut }: Entering, rules: TurnRules) {
    this.#sender = sender
    this.#closed = closed
    this.#rules = rules
    this.#watch = rules.clients.watch(cut)
  }

  grant(wanted: number): number | Promise<number> {
    const { budget, isCrowded } = this.#rules
    const bytes = isCrowded() ? Math.min(wanted, crowdedBytes) : wanted
    const answer = budget.ask(this.#sender, bytes, this.#closed)
    return typeof answer === 'number'
      ? this.#offer(answer)
      : answer.then((granted) => this.#offer(granted))
  }

  /** Only the time from now on depends on the client: it waited for others before. */
  #offer(bytes: number): number {
    this.#granted = bytes
    if (bytes > 0) this.#watch.start(performance.now())
    return bytes
  }

  settle(isSent: boolean): void {
    this.#watch.end(performance.now(), isSent ? this.#granted : 0)
    if (!isSent) this.#rules.budget.giveBack(this.#granted)
    this.#granted = 0
  }

  leave(): void {
    if (this.#rules.clients.forget(this.#watch)) this.#rules.onLeave(this.#sender)
  }
}
