/** One stream of events: dials, subscribes, and decodes what the server sends. */
import type { Agent } from 'node:http'
import { Observable, Subject, from, merge, switchMap, tap } from 'rxjs'
import { decodeEvents } from '../streams/decode-events.ts'
import { decodeRecords } from '../streams/decode-records.ts'
import { withoutHeartbeats } from '../streams/without-heartbeats.ts'
import type { Dialer } from './dialer.ts'
import type { ConnectionOptions, Endpoint } from './endpoint.ts'
import type { Dialled } from './http/dial.ts'
import { createAgent } from './http/http-call.ts'
import { readStream } from './http/read-body.ts'
import type { Server } from './servers/server-source.ts'
import { sessionOf } from './session.ts'
import type { Session } from './session.ts'

/** The latest subscription of a connection; calls belong to it. */
export interface Subscribed {
  session: Session | undefined
  /** Aborted when the subscription ends. */
  over: AbortSignal
  localAddress: string | undefined
  serverUrl: string | undefined
  /** The agents of open streams. */
  readonly agents: Set<Agent>
}

export interface StreamParts<Call, Event> {
  readonly endpoint: Endpoint<Call, Event>
  readonly options: ConnectionOptions
  readonly dialServer: Dialer<Call>
  readonly subscribed: Subscribed
}

/** The resources of one stream. */
interface OpenStream {
  readonly dialing: AbortController
  readonly pauseSubject: Subject<boolean>
  readonly agents: Agent[]
  session: Session | undefined
}

/** Next, error: as in `Connection.subscribe`. Unsubscribing closes the socket. */
export function openStream<Call, Event extends { readonly type: string }>(
  parts: StreamParts<Call, Event>,
  call: Call,
): Observable<Event> {
  const { endpoint, subscribed } = parts
  return new Observable((subscriber) => {
    const stream: OpenStream = {
      dialing: new AbortController(),
      pauseSubject: new Subject(),
      agents: [],
      session: undefined,
    }
    subscriber.add(() => endStream(stream, subscribed))
    from(endpoint.servers.next(stream.dialing.signal))
      .pipe(switchMap((server) => eventsFrom(parts, stream, call, server)))
      .subscribe(subscriber)
  })
}

function eventsFrom<Call, Event extends { readonly type: string }>(
  { endpoint, options, dialServer, subscribed }: StreamParts<Call, Event>,
  stream: OpenStream,
  call: Call,
  { url, superseded$ }: Server,
): Observable<Event> {
  const agentFor = ({ protocol }: URL): Agent => {
    const agent = createAgent(protocol, endpoint.tls)
    stream.agents.push(agent)
    subscribed.agents.add(agent)
    return agent
  }
  const decode = (bytes$: Observable<Uint8Array>): Observable<Event> =>
    bytes$.pipe(
      decodeRecords({ ...options, onTooLarge: options.onRefused }),
      decodeEvents(endpoint.codec, options.onRefused),
      // Silence counts from the answer: dialling has its own time limit.
      endpoint.watch(stream.pauseSubject),
      withoutHeartbeats(),
    )
  const event$ = from(dialServer(url, call, stream.dialing.signal, agentFor)).pipe(
    tap({ error: endpoint.servers.skip }),
    switchMap((dialled) => {
      beginSession(endpoint, stream, subscribed, dialled)
      const { pauseSubject } = stream
      return decode(readStream(dialled.answer, { readOn: options.readOn, pauseSubject }))
    }),
  )
  return merge(superseded$, event$)
}

function beginSession<Call, Event>(
  endpoint: Endpoint<Call, Event>,
  stream: OpenStream,
  subscribed: Subscribed,
  dialled: Dialled,
): void {
  const session = sessionOf(endpoint, dialled)
  stream.session = session
  subscribed.session = session
  subscribed.over = stream.dialing.signal
  subscribed.localAddress = dialled.localAddress
  subscribed.serverUrl = session.serverUrl
}

function endStream({ dialing, agents, session }: OpenStream, subscribed: Subscribed): void {
  if (subscribed.session === session) subscribed.session = undefined
  dialing.abort()
  for (const agent of agents) {
    agent.destroy()
    subscribed.agents.delete(agent)
  }
}
