/**
 * A connection to a master or an agent: a stream of events, and a second, kept-alive connection for
 * calls, which are sent one at a time.
 * Source: apache/mesos docs/scheduler-http-api.md, docs/executor-http-api.md.
 */
import { Subject, defer, lastValueFrom, merge } from 'rxjs'
import type { Observable } from 'rxjs'
import { defined } from '../defined.ts'
import { JarcastError } from '../errors.ts'
import { connectWithBackOff } from '../streams/connect-with-back-off.ts'
import { serializeCalls } from '../streams/serialize-calls.ts'
import { failure, interrupted, notSubscribed, refusal } from './answers/answer-errors.ts'
import { isAccepted } from './answers/classify-answer.ts'
import { createCallChannel } from './call-channel.ts'
import type { CallChannel } from './call-channel.ts'
import { retryCall } from './call-retry-policy.ts'
import { createDialer } from './dialer.ts'
import { limitsOf } from './endpoint.ts'
import type { ConnectionOptions, Endpoint, Limits } from './endpoint.ts'
import { openStream } from './event-stream.ts'
import type { Subscribed } from './event-stream.ts'
import { closeAgent } from './http/http-call.ts'
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
   * Sends a call after the calls before it have been answered. Resolves when it is accepted, not
   * when it is done. Resends it up to four times, if it has no further effect the second time.
   * Rejects with a `JarcastError`; `details.maybeTaken` is false if the server has certainly not
   * acted. When the subscription ends, its calls reject with `NOT_SUBSCRIBED`: the one in progress
   * may have been taken, waiting ones are not sent.
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

interface Job<Call> {
  readonly call: Call
  /** The session of the call: offers and uuids are not valid in the next session. */
  readonly session: Session | undefined
  /** Aborted when the session ends. */
  readonly over: AbortSignal
}

interface CallParts<Call, Event> {
  readonly endpoint: Endpoint<Call, Event>
  readonly limits: Limits
  readonly channel: CallChannel
  readonly subscribed: Subscribed
  /** Aborted when the owner closes the connection. */
  readonly closing: AbortSignal
}

/** Connects nowhere before `subscribe`. */
export function createConnection<
  Call extends { readonly type: string },
  Event extends { readonly type: string },
>(endpoint: Endpoint<Call, Event>, options: ConnectionOptions): Connection<Call, Event> {
  const { servers } = endpoint
  const limits = limitsOf(options)
  const dialServer = createDialer(endpoint, limits)
  const closing = new AbortController()
  const closeSubject = new Subject<never>()
  const channel = createCallChannel(endpoint.tls)
  const subscribed: Subscribed = {
    session: undefined,
    over: AbortSignal.abort(),
    localAddress: undefined,
    serverUrl: undefined,
    agents: new Set(),
  }
  const callParts = { endpoint, limits, channel, subscribed, closing: closing.signal }
  const inTurn = serializeCalls((job: Job<Call>) => post(callParts, job, options), {
    isRefusable: ({ call }) => endpoint.isBestEffort(call),
    ...defined({ maxWaiting: options.maxWaitingCalls }),
  })
  const connect = (call: Call, attempt: number): Observable<Event> =>
    connectWithBackOff(
      () => openStream({ endpoint, options, dialServer, subscribed }, call),
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
      lastValueFrom(inTurn({ call, session: subscribed.session, over: subscribed.over })),
    get localAddress() {
      return subscribed.localAddress
    },
    get serverUrl() {
      return subscribed.serverUrl
    },
    close: async () => {
      servers.close()
      const sockets = [channel.close(), ...Array.from(subscribed.agents, closeAgent)]
      closing.abort(closed())
      closeSubject.error(closed())
      await Promise.all(sockets)
    },
  }
}

function post<Call extends { readonly type: string }, Event>(
  parts: CallParts<Call, Event>,
  job: Job<Call>,
  options: ConnectionOptions,
): Observable<void> {
  return defer(() => postOnce(parts, job)).pipe(
    retryCall({
      ...options,
      isRepeatable: parts.endpoint.isRepeatable(job.call),
      over: job.over,
    }),
  )
}

async function postOnce<Call extends { readonly type: string }, Event>(
  { endpoint: { api, codec }, limits, channel, subscribed, closing }: CallParts<Call, Event>,
  { call, session, over: signal }: Job<Call>,
): Promise<void> {
  if (session === undefined || session !== subscribed.session || closing.aborted)
    throw notSubscribed(call.type, closing.aborted)
  const { url, headers } = session
  const body = codec.encodeCall(call)
  // `signal` ends with this subscription: a server that hangs must not block the next one's calls.
  const received = await channel
    .post({ ...limits, url, headers, body, signal })
    .catch((error: unknown) => {
      throw signal.aborted
        ? interrupted(call.type, closing.aborted)
        : failure(error, api, call.type, url)
    })
  const answer = { api, call: call.type, ...received }
  if (!isAccepted(answer)) throw refusal(answer, url)
}

function closed(): JarcastError {
  return new JarcastError('STREAM_ENDED', 'the connection was closed by its owner')
}
