/**
 * A connection to a master or an agent: a stream of events, and a second, kept-alive connection for
 * its calls.
 * Source: apache/mesos docs/scheduler-http-api.md, docs/executor-http-api.md.
 */
import { Subject, defer, merge } from 'rxjs'
import type { Observable } from 'rxjs'
import { defined } from '../defined.ts'
import { JarcastError } from '../errors.ts'
import { connectWithBackOff } from '../streams/connect-with-back-off.ts'
import { failure, notSubscribed, refusal } from './answers/answer-errors.ts'
import { isAccepted } from './answers/classify-answer.ts'
import { CallLine } from './calls/call-line.ts'
import { createDialer } from './dialer.ts'
import { limitsOf } from './endpoint.ts'
import type { ConnectionOptions, Endpoint } from './endpoint.ts'
import { openStream } from './event-stream.ts'
import type { StreamParts, Subscribed } from './event-stream.ts'
import { createConnector } from './http/connector.ts'
import type { Connector } from './http/connector.ts'
import type { Session } from './session.ts'

/** A stream of events and the calls that belong to it. */
export interface Connection<Call, Event> {
  /**
   * Waits for the back-off of `attempt` (0: none), connects, subscribes.
   *
   * Next: every event but HEARTBEAT, in order; ERROR too. Complete: never. Error: a `JarcastError`,
   * see the functions that make connections. Unsubscribing closes the socket at any time.
   * After the first subscription, attempt 0 waits as attempt 1, so that a server that ends each
   * stream at once causes no tight loop. After a failed attempt, the next server is tried.
   */
  subscribe(call: Call, attempt: number): Observable<Event>
  /**
   * Sends a call after the calls before it, without waiting for their answers. Resolves when it is
   * accepted, not when it is done. Sends it again, a few times, if it has no further effect then.
   * Rejects with a `JarcastError`; `details.maybeTaken` is false if the server has certainly not
   * acted. When the subscription ends, its calls reject with `NOT_SUBSCRIBED`: those without an
   * answer may have been taken, waiting ones are not sent.
   */
  send(call: Call): Promise<void>
  /** Local address of the latest connection to the server; undefined before the first. */
  readonly localAddress: string | undefined
  /** URL of the server of the last subscription, without a slash at its end. */
  readonly serverUrl: string | undefined
  /**
   * Ends streams with `STREAM_ENDED` (final) and calls with `NOT_SUBSCRIBED`; resolves when all
   * sockets are closed.
   */
  close(): Promise<void>
}

/** Connects nowhere before `subscribe`. */
export function createConnection<
  Call extends { readonly type: string },
  Event extends { readonly type: string },
>(endpoint: Endpoint<Call, Event>, options: ConnectionOptions): Connection<Call, Event> {
  const { servers } = endpoint
  const limits = limitsOf(options)
  const closing = new AbortController()
  const closeSubject = new Subject<never>()
  const connector = createConnector({ ...limits, tls: endpoint.tls })
  const subscribed: Subscribed<Call> = {
    calls: undefined,
    localAddress: undefined,
    serverUrl: undefined,
  }
  const streamParts: StreamParts<Call, Event> = {
    endpoint,
    options,
    dialServer: createDialer(endpoint, limits, connector),
    openCalls: (session) => openCalls(endpoint, options, connector, session),
    subscribed,
    closing: closing.signal,
  }
  const connect = (call: Call, attempt: number): Observable<Event> =>
    connectWithBackOff(
      () => openStream(streamParts, call),
      subscribed.serverUrl === undefined ? attempt : Math.max(1, attempt),
      { ...options, news$: servers.news$ },
    )

  return {
    subscribe: (call, attempt) =>
      merge(
        closeSubject,
        defer(() => connect(call, attempt)),
      ),
    send: (call) =>
      subscribed.calls?.send(call) ??
      Promise.reject(notSubscribed(call.type, closing.signal.aborted)),
    get localAddress() {
      return subscribed.localAddress
    },
    get serverUrl() {
      return subscribed.serverUrl
    },
    close: async () => {
      servers.close()
      closing.abort()
      closeSubject.error(closed())
      await connector.close()
    },
  }
}

function openCalls<Call extends { readonly type: string }, Event>(
  endpoint: Endpoint<Call, Event>,
  options: ConnectionOptions,
  connector: Connector,
  { headers, url }: Session,
): CallLine<Call> {
  const { api, codec } = endpoint
  return new CallLine({
    ...endpoint,
    ...options,
    ...limitsOf(options),
    ...defined({ maxWaiting: options.maxWaitingCalls }),
    url,
    headers,
    connector,
    encode: codec.encodeCall,
    refusalOf: ({ type }, received) => {
      const answer = { api, call: type, ...received }
      return isAccepted(answer) ? undefined : refusal(answer, url)
    },
    failureOf: ({ type }, error) => failure(error, api, type, url),
  })
}

function closed(): JarcastError {
  return new JarcastError('STREAM_ENDED', 'the connection was closed by its owner')
}
