/** Which server a connection dials: those of a list in turn, or whichever master leads. */
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
  /** Never emits. Error: `STREAM_ENDED` (retryable) once another server has to be used. */
  readonly superseded$: Observable<never>
}

export interface ServerSource {
  /** The server to dial now. Rejects with a `JarcastError` while there is none. */
  next(signal: AbortSignal): Promise<Server>
  /** True for the scheme, host and port of a server that may be given. */
  includes(url: URL): boolean
  /** Says that the server given last did not do. */
  skip(): void
  /** There is another server to dial than the one given last, so waiting longer is pointless. */
  readonly news$: Observable<unknown>
  /** Ends what the source has open. */
  close(): void
}

/**
 * The one that worked is given again; after a failure it is the next one's turn, round and round.
 */
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

/** One election: the same master elected twice has two. */
interface Term {
  readonly leader: URL
}

/**
 * So that a wait for a leader says why there is none while it lasts; whoever dials waits, and asks
 * again.
 */
const leaderWaitMs = 2000

/**
 * The leader that `leadership$` names; it is subscribed to at the first `next` and until `close`.
 * `next` rejects with the problem that there is (`ZOOKEEPER_UNREACHABLE`, `MASTER_UNREACHABLE`)
 * when nobody leads for two seconds, and with the stream's error. A leader that is gone is still
 * given until another one is elected.
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
    // After an error the next dial begins anew.
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
      const message = `${leader.host} leads in place of ${own.leader.host}`
      throw new JarcastError('STREAM_ENDED', message, { retryable: true })
    }),
  )
}

function notFound(): JarcastError {
  const message = 'nobody has said yet who leads'
  return new JarcastError('MASTER_UNREACHABLE', message, { retryable: true })
}

function closed(): JarcastError {
  return new JarcastError('STREAM_ENDED', 'the connection was closed by its owner')
}
