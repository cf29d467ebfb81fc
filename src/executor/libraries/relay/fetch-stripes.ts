/**
 * Fetches all stripes of a library at the same time, each from the source that the planner names,
 * or from another one after a fault. The jar server helps while they are too slow.
 */
import {
  EMPTY,
  Subject,
  catchError,
  defer,
  filter,
  from,
  ignoreElements,
  lastValueFrom,
  merge,
  mergeMap,
  of,
  race,
  repeat,
  switchMap,
  take,
  takeUntil,
  tap,
  timer,
} from 'rxjs'
import type { Observable } from 'rxjs'
import type { Authorize } from '../../../domain/libraries/library-access.ts'
import { server } from '../../../domain/relay/relay-events.ts'
import { failWhenAborted } from '../../../streams/fail-when-aborted.ts'
import { fromAbortable } from '../../../streams/from-abortable.ts'
import { unavailable } from '../transfer/http-get.ts'
import { helpFromServer } from './help-from-server.ts'
import type { Membership } from './membership.ts'
import { nextPieceRuns } from './piece-runs.ts'
import { createStripeSpeeds } from './stripe-speeds.ts'
import { receiveStripe } from './receive-stripe.ts'
import type { StripeEnd } from './receive-stripe.ts'
import type { StripeSource } from './relay-answer.ts'
import type { RelayedBlob } from './blob/relayed-blob.ts'
import type { ServerSpeed } from './server-speed.ts'

export interface StripesOptions {
  readonly blob: RelayedBlob
  /** URI of the library at the jar server. */
  readonly uri: string
  /** The server helps also before this resolves. */
  readonly joining: Promise<Membership>
  readonly serverSpeed: ServerSpeed
  readonly signal: AbortSignal
  /** Sign requests to the jar server and to other executors. */
  readonly authorize?: Authorize | undefined
  readonly authorizePeer?: Authorize
  /** Called with the bytes of each run, and their source. */
  readonly onRun: (bytes: number, sourceId: string) => void
  /** Called with the place in the queue of the server. */
  readonly onPlace?: ((place: number) => void) | undefined
}

/**
 * Time between two checks of a source. It grows with the distance from the server, so that the host
 * next to a fault detects it first.
 */
const lookMs = 1500
const lookMsPerHop = 500
const maxHops = 8
/** Time between two checks of the server, which may serve many other hosts first. */
const serverLookMs = 30_000
/** Time to wait for the answer of the planner before the server helps. */
const joinMs = 1000

/**
 * Resolves when the blob is complete. Errors: `LIBRARY_UNAVAILABLE` if the server failed too; the
 * reason of the signal; the error of `joining`.
 */
export async function fetchStripes(options: StripesOptions): Promise<void> {
  const fetch = new StripesFetch(options)
  try {
    await fetch.run()
  } finally {
    await fetch.settled()
  }
}

class StripesFetch {
  readonly #options: StripesOptions
  readonly #speeds
  /** Emits a stripe when its last run arrives. */
  readonly #full$ = new Subject<number>()
  /** Receivers and helpers. Those that were aborted may still write a run. */
  readonly #working = new Set<Promise<unknown>>()
  #membership: Membership | undefined

  constructor(options: StripesOptions) {
    this.#options = options
    this.#speeds = createStripeSpeeds(options.blob.stripes.length)
  }

  async run(): Promise<void> {
    const { blob, joining, signal } = this.#options
    if (this.#openStripes().length === 0) return
    const fetch$ = from(joining).pipe(
      tap((membership) => (this.#membership = membership)),
      mergeMap((membership) =>
        merge(...this.#openStripes().map((stripe) => this.#fetchStripe(membership, stripe))),
      ),
    )
    const complete$ = this.#full$.pipe(filter(() => this.#openStripes().length === 0))
    const run$ = merge(
      failWhenAborted(AbortSignal.any([signal, blob.broken])),
      fetch$,
      this.#help(),
    )
    await lastValueFrom(run$.pipe(takeUntil(complete$)), { defaultValue: undefined })
  }

  /** Resolves when all receivers have ended. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#working)
  }

  /** Completes when the stripe is full. */
  #fetchStripe(membership: Membership, stripe: number): Observable<never> {
    return membership.source$(stripe).pipe(
      switchMap((source) =>
        source.id === server
          ? this.#fetchFromServer(stripe)
          : this.#fetchFromPeer(stripe, source).pipe(
              switchMap(({ fault }) => membership.report(stripe, source, fault)),
            ),
      ),
      takeUntil(this.#full$.pipe(filter((full) => full === stripe))),
    )
  }

  /** Emits the fault of the source, then completes. */
  #fetchFromPeer(stripe: number, { id, hops }: StripeSource): Observable<StripeEnd> {
    const { blob, authorizePeer: authorize } = this.#options
    return this.#receive(stripe, id, {
      uri: `http://${id}/blobs/${blob.sha256}/`,
      authorize,
      lookMs: lookMs + lookMsPerHop * Math.min(maxHops, hops),
      isSlow: () => this.#speeds.lags(stripe),
    }).pipe(
      repeat(),
      filter((end) => end !== undefined),
      take(1),
    )
  }

  /**
   * Requests one piece after another, so that all stripes get an equal part of the server's link:
   * of long answers, TCP favours some. Retries while the server is busy.
   */
  #fetchFromServer(stripe: number): Observable<never> {
    const { uri, authorize, onPlace } = this.#options
    const from = { uri, authorize, lookMs: serverLookMs, isSlow: () => false }
    let runs = 1
    let startedMs = 0
    return defer(() => {
      startedMs = performance.now()
      return this.#receive(stripe, server, { ...from, runs })
    }).pipe(
      mergeMap((end) => {
        if (end === undefined) {
          runs = nextPieceRuns(runs, performance.now() - startedMs)
          return EMPTY
        }
        if (end.place === undefined) throw unavailable(uri, `cannot fetch stripe ${stripe}`, true)
        onPlace?.(end.place)
        return timer(end.retryDelayMs)
      }),
      repeat(),
      ignoreElements(),
    )
  }

  #receive(
    stripe: number,
    sourceId: string,
    from: SourceOptions,
  ): Observable<StripeEnd | undefined> {
    const { blob } = this.#options
    const { uri, ...options } = from
    const onRun = (bytes: number) => this.#note(stripe, bytes, sourceId)
    return fromAbortable((signal) =>
      this.#track(
        receiveStripe(blob, stripe, new URL(`stripes/${stripe}/`, uri).href, {
          ...options,
          signal,
          onRun,
        }),
      ),
    )
  }

  /** Starts after the join or its timeout: many hosts that join together would load the server. */
  #help(): Observable<never> {
    const { blob, uri, joining, serverSpeed, authorize } = this.#options
    const joined$ = from(joining).pipe(catchError(() => of(undefined)))
    return race(joined$, timer(joinMs)).pipe(
      take(1),
      tap(() => serverSpeed.begin()),
      switchMap(() =>
        fromAbortable((signal) =>
          this.#track(
            helpFromServer({
              blob,
              uri,
              serverSpeed,
              signal,
              authorize,
              open: () => this.#stripesOfPeers(),
              onRun: (stripe, bytes) => this.#note(stripe, bytes, server),
            }),
          ),
        ),
      ),
      ignoreElements(),
      catchError(() => EMPTY),
    )
  }

  #note(stripe: number, bytes: number, sourceId: string): void {
    this.#speeds.add(stripe, bytes)
    this.#options.onRun(bytes, sourceId)
    if (this.#isFull(stripe)) this.#full$.next(stripe)
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#working.add(work)
    const end = () => void this.#working.delete(work)
    work.then(end, end)
    return work
  }

  #isFull(stripe: number): boolean {
    const { blob } = this.#options
    return blob.countOf(stripe) === blob.stripes[stripe]?.length
  }

  #openStripes(): readonly number[] {
    return [...this.#options.blob.stripes.keys()].filter((stripe) => !this.#isFull(stripe))
  }

  #stripesOfPeers(): readonly number[] {
    return this.#openStripes().filter((stripe) => this.#membership?.sourceOf(stripe).id !== server)
  }
}

interface SourceOptions {
  /** URI of the library at the source. */
  readonly uri: string
  readonly authorize?: Authorize | undefined
  readonly lookMs: number
  readonly isSlow: () => boolean
  readonly runs?: number
}
