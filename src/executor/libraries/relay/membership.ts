/** An executor's membership in the relay of one library: the sources that the planner names. */
import {
  BehaviorSubject,
  Subject,
  defer,
  distinctUntilChanged,
  ignoreElements,
  map,
  takeUntil,
  tap,
  throwError,
  timeout,
  timer,
} from 'rxjs'
import type { Observable } from 'rxjs'
import { defined } from '../../../defined.ts'
import { server } from '../../../domain/relay/relay-events.ts'
import type { RelayFault } from '../../../domain/relay/relay-events.ts'
import { stripeCount } from '../../../domain/relay/stripes.ts'
import { fromAbortable } from '../../../streams/from-abortable.ts'
import { unavailable } from '../transfer/http-get.ts'
import { linesOf, parseAnswer } from './relay-answer.ts'
import type { StripeSource } from './relay-answer.ts'
import { RelayEndpoint } from './relay-endpoint.ts'
import type { RelayEndpointOptions } from './relay-endpoint.ts'

export interface MembershipOptions extends RelayEndpointOptions {
  readonly rack?: string | undefined
  /** Of the agent, for people who look at the relays. */
  readonly hostname?: string | undefined
  readonly signal: AbortSignal
}

const jarServer: StripeSource = { id: server, hops: 1 }
/** Time for the planner to name another source. */
const answerMs = 1000
/** Time for the first answer of the planner. */
const joinMs = 5000
const noAnswer = `the relay planner did not answer within ${joinMs} ms`
/** Faults after which a stripe stays with the server. */
const maxFaults = 8

/**
 * Joins, and resolves with the first answer. Errors: `LIBRARY_UNAVAILABLE` without an answer
 * in 5 seconds; not retryable if the server relays nothing.
 */
export async function joinRelays(options: MembershipOptions): Promise<Membership> {
  const membership = new Membership(options)
  await membership.join(options)
  return membership
}

export class Membership {
  readonly #endpoint: RelayEndpoint
  readonly #source$ = new BehaviorSubject(Array.from({ length: stripeCount }, () => jarServer))
  readonly #faults = Array.from({ length: stripeCount }, () => 0)
  readonly #ended$ = new Subject<void>()

  constructor(options: RelayEndpointOptions) {
    this.#endpoint = new RelayEndpoint(options)
  }

  /** Resolves at the first answer. Later answers apply until the end of the membership. */
  join({
    uri,
    rack,
    hostname,
    signal,
  }: Pick<MembershipOptions, 'uri' | 'rack' | 'hostname' | 'signal'>): Promise<void> {
    const line$ = fromAbortable((unsubscribed) =>
      this.#readLines({ type: 'join', ...defined({ rack, hostname }) }, [signal, unsubscribed]),
    )
    const answer$ = line$.pipe(
      timeout({ first: joinMs, with: () => throwError(() => unavailable(uri, noAnswer, true)) }),
      takeUntil(this.#ended$),
    )
    return new Promise((resolve, reject) => {
      answer$.subscribe({
        next: (line) => {
          for (const [stripe, source] of parseAnswer(line).entries()) this.#move(stripe, source)
          resolve()
        },
        // Ignored after the first answer: the sources stay until they fail.
        error: reject,
        complete: resolve,
      })
    })
  }

  sourceOf(stripe: number): StripeSource {
    return this.#source$.value[stripe] ?? jarServer
  }

  /** Next: the source of the stripe, then each change of it. Error and complete: never. */
  source$(stripe: number): Observable<StripeSource> {
    return this.#source$.pipe(
      map(() => this.sourceOf(stripe)),
      distinctUntilChanged(),
    )
  }

  /**
   * Reports a source that failed, once subscribed to. If the planner does not name another source
   * within a second, the stripe moves to the server; after 8 faults it always does so at once.
   * Next: never. Complete: when the stripe has moved. Unsubscribing ends the wait.
   */
  report(stripe: number, { id }: StripeSource, reason: RelayFault): Observable<never> {
    return defer(() => {
      void this.#endpoint.post({ type: 'fail', source: id, reason })
      const faults = (this.#faults[stripe] ?? 0) + 1
      this.#faults[stripe] = faults
      return timer(faults < maxFaults ? answerMs : 0).pipe(
        tap(() => this.#change(stripe, jarServer)),
        ignoreElements(),
      )
    })
  }

  /** Reports that the library is complete, and ends the membership. */
  async finish(): Promise<void> {
    await this.#endpoint.post({ type: 'finish' })
    this.#ended$.next()
  }

  /** Reports that this executor no longer serves the library, and ends the membership. */
  async leave(): Promise<void> {
    await this.#endpoint.post({ type: 'leave' })
    this.#ended$.next()
  }

  /** Follows the planner, except for a stripe that stays with the server. */
  #move(stripe: number, source: StripeSource): void {
    if ((this.#faults[stripe] ?? 0) < maxFaults) this.#change(stripe, source)
  }

  #change(stripe: number, source: StripeSource): void {
    if (this.sourceOf(stripe).id === source.id) return
    this.#source$.next(this.#source$.value.with(stripe, source))
  }

  async *#readLines(
    message: Readonly<Record<string, unknown>>,
    signals: readonly AbortSignal[],
  ): AsyncGenerator<string> {
    const response = await this.#endpoint.open(message, AbortSignal.any([...signals]))
    response.setEncoding('utf8')
    yield* linesOf(response as AsyncIterable<string>)
  }
}
