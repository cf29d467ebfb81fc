/** Chooses the server of a connection: from a list in turn, or the leading master. */
import {
  NEVER,
  ReplaySubject,
  Subject,
  catchError,
  defer,
  distinctUntilChanged,
  filter,
  firstValueFrom,
  fromEvent,
  map,
  merge,
  scan,
  share,
  takeUntil,
  tap,
  timer,
} from 'rxjs'
import type { Observable, SchedulerLike } from 'rxjs'
import { JarcastError } from '../../errors.ts'
import type { Leadership } from '../zookeeper/leader.ts'

export interface Server {
  readonly url: URL
  /** Never emits. Error: `STREAM_ENDED` (retryable) when another server takes its place. */
  readonly superseded$: Observable<never>
}

export interface ServerSource {
  /** The server to connect to. Rejects with a `JarcastError` while there is none. */
  next(signal: AbortSignal): Promise<Server>
  /** True if `next` may return a server of this scheme, host and port. */
  includes(url: URL): boolean
  /** Reports that the last server failed. */
  skip(): void
  /** Emits when there is a new server to try, so that a back-off can end early. */
  readonly news$: Observable<unknown>
  close(): void
}

/** Keeps to a server until it fails, then takes the next one, in a circle. */
export function listedServers(urls: readonly URL[]): ServerSource {
  let turn = 0
  return {
    next: () => {
      const url = urls[turn % urls.length]
      return url === undefined
        ? Promise.reject(new JarcastError('CONFIG_INVALID', 'no server to connect to'))
        : Promise.resolve({ url, superseded$: NEVER })
    },
    includes: ({ origin }) => urls.some((url) => url.origin === origin),
    skip: () => {
      turn = (turn + 1) % urls.length
    },
    news$: NEVER,
    close: () => undefined,
  }
}

/** The result of one election; a master may win several. */
interface Term {
  readonly leader: URL
}

/** Time to wait for a leader before the problem is reported; the caller then retries. */
const leaderWaitMs = 2000

/**
 * The leader in `leadership$`, which is subscribed from the first `next` until `close`. `next`
 * rejects with the current problem (`ZOOKEEPER_UNREACHABLE`, `MASTER_UNREACHABLE`) if there is no
 * leader for two seconds, and with the stream's error. Returns the last leader until another one is
 * elected.
 */
export function electedServer(
  leadership$: Observable<Leadership>,
  scheduler?: SchedulerLike,
): ServerSource {
  const closeSubject = new Subject<void>()
  let problem: JarcastError | undefined
  let given: Term | undefined
  const term$ = leadership$.pipe(
    tap((known) => {
      ;({ problem } = known)
    }),
    scan(toTerm, undefined as Term | undefined),
    distinctUntilChanged(),
    takeUntil(closeSubject),
    // After an error, the next `next` subscribes again.
    share({ connector: () => new ReplaySubject<Term | undefined>(1), resetOnRefCountZero: false }),
    filter((term) => term !== undefined),
  )
  const late$ = timer(leaderWaitMs, scheduler).pipe(
    map((): never => {
      throw problem ?? notFound()
    }),
  )

  return {
    async next(signal) {
      signal.throwIfAborted()
      const term = await firstValueFrom(
        merge(term$, late$).pipe(takeUntil(merge(closeSubject, fromEvent(signal, 'abort')))),
        { defaultValue: undefined },
      )
      if (term === undefined) throw closed()
      given = term
      return { url: term.leader, superseded$: superseded$(term$, term) }
    },
    includes: ({ origin }) => origin === given?.leader.origin,
    skip: () => undefined,
    news$: defer(() => term$.pipe(filter((term) => term !== given))),
    close: () => closeSubject.next(),
  }
}

function toTerm(term: Term | undefined, { leader }: Leadership): Term | undefined {
  if (leader === undefined) return undefined
  return leader.href === term?.leader.href ? term : { leader }
}

/** An unreachable ensemble does not end a subscription. */
function superseded$(term$: Observable<Term>, own: Term): Observable<never> {
  return term$.pipe(
    catchError(() => NEVER),
    filter((term) => term !== own),
    map(({ leader }): never => {
      const message = `${leader.host} leads instead of ${own.leader.host}`
      throw new JarcastError('STREAM_ENDED', message, { retryable: true })
    }),
  )
}

function notFound(): JarcastError {
  const message = 'ZooKeeper has not named a leader yet'
  return new JarcastError('MASTER_UNREACHABLE', message, { retryable: true })
}

function closed(): JarcastError {
  return new JarcastError('STREAM_ENDED', 'the connection was closed by its owner')
}
