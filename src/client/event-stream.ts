/** One stream of events: dials, subscribes, and decodes what the server sends. */
import { Observable, Subject, from, merge, switchMap, tap } from 'rxjs'
import { decodeEvents } from '../streams/decode-events.ts'
import { withoutHeartbeats } from '../streams/without-heartbeats.ts'
import { interrupted, notSubscribed } from './answers/answer-errors.ts'
import type { CallLine } from './calls/call-line.ts'
import type { Dialer } from './dialer.ts'
import type { ConnectionOptions, Endpoint } from './endpoint.ts'
import type { Dialled } from './http/dial.ts'
import { readStream } from './http/read-body.ts'
import type { Server } from './servers/server-source.ts'
import { sessionOf } from './session.ts'
import type { Session } from './session.ts'

/** The latest subscription of a connection. */
export interface Subscribed<Call> {
  /** Its calls; undefined when it has ended. */
  calls: CallLine<Call> | undefined
  localAddress: string | undefined
  serverUrl: string | undefined
}

export interface StreamParts<Call, Event> {
  readonly endpoint: Endpoint<Call, Event>
  readonly options: ConnectionOptions
  readonly dialServer: Dialer<Call>
  /** Makes the line of calls of a subscription. */
  readonly openCalls: (session: Session) => CallLine<Call>
  readonly subscribed: Subscribed<Call>
  /** Aborted when the owner closes the connection. */
  readonly closing: AbortSignal
}

/** The resources of one stream. */
interface OpenStream<Call> {
  readonly dialing: AbortController
  readonly pauseSubject: Subject<boolean>
  calls: CallLine<Call> | undefined
}

/** Next, error: as in `Connection.subscribe`. Unsubscribing closes the socket. */
export function openStream<
  Call extends { readonly type: string },
  Event extends { readonly type: string },
>(parts: StreamParts<Call, Event>, call: Call): Observable<Event> {
  const { endpoint } = parts
  return new Observable((subscriber) => {
    const stream: OpenStream<Call> = {
      dialing: new AbortController(),
      pauseSubject: new Subject(),
      calls: undefined,
    }
    subscriber.add(() => endStream(parts, stream))
    from(endpoint.servers.next(stream.dialing.signal))
      .pipe(switchMap((server) => eventsFrom(parts, stream, call, server)))
      .subscribe(subscriber)
  })
}

function eventsFrom<
  Call extends { readonly type: string },
  Event extends { readonly type: string },
>(
  parts: StreamParts<Call, Event>,
  stream: OpenStream<Call>,
  call: Call,
  { url, superseded$ }: Server,
): Observable<Event> {
  const { endpoint, options, dialServer } = parts
  const decode = (bytes$: Observable<Uint8Array>): Observable<Event> =>
    bytes$.pipe(
      decodeEvents(endpoint.codec, {
        ...options,
        onTooLarge: options.onRefused,
        onInvalid: options.onRefused,
      }),
      // Silence counts from the answer: dialling has its own time limit.
      endpoint.watch(stream.pauseSubject),
      withoutHeartbeats(),
    )
  const event$ = from(dialServer(url, call, stream.dialing.signal)).pipe(
    tap({ error: endpoint.servers.skip }),
    switchMap((dialled) => {
      beginSession(parts, stream, dialled)
      const { pauseSubject } = stream
      return decode(readStream(dialled.body, { readOn: options.readOn, pauseSubject }))
    }),
  )
  return merge(superseded$, event$)
}

function beginSession<Call extends { readonly type: string }, Event>(
  { endpoint, openCalls, subscribed }: StreamParts<Call, Event>,
  stream: OpenStream<Call>,
  dialled: Dialled,
): void {
  const session = sessionOf(endpoint, dialled)
  stream.calls = openCalls(session)
  subscribed.calls = stream.calls
  subscribed.localAddress = dialled.localAddress
  subscribed.serverUrl = session.serverUrl
}

function endStream<Call extends { readonly type: string }, Event>(
  { closing, subscribed }: StreamParts<Call, Event>,
  { calls, dialing }: OpenStream<Call>,
): void {
  if (subscribed.calls === calls) subscribed.calls = undefined
  calls?.end({
    notSent: ({ type }) => notSubscribed(type, closing.aborted),
    interrupted: ({ type }) => interrupted(type, closing.aborted),
  })
  dialing.abort()
}
