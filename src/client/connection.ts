/**
 * What the connections to a master and to an agent have in common: one stream of events and, beside it, one
 * kept-alive connection on which calls go one at a time.
 * Source: apache/mesos docs/scheduler-http-api.md, docs/executor-http-api.md.
 */
import type { Agent } from 'node:http'
import { Observable, Subject, defer, from, lastValueFrom, merge, switchMap } from 'rxjs'
import type { MonoTypeOperatorFunction, SchedulerLike } from 'rxjs'
import { JarcastError } from '../errors.ts'
import type { Codec, MediaType } from '../mesos/codec.ts'
import { connectWithBackOff } from '../streams/connect-with-back-off.ts'
import { decodeEvents } from '../streams/decode-events.ts'
import { decodeRecords } from '../streams/decode-records.ts'
import { serializeCalls } from '../streams/serialize-calls.ts'
import { withoutHeartbeats } from '../streams/without-heartbeats.ts'
import { failure, noEventStream, notSubscribed, refusal } from './answer-errors.ts'
import { createCallChannel } from './call-channel.ts'
import type { Api } from './classify-answer.ts'
import { dial } from './dial.ts'
import type { Dialled } from './dial.ts'
import { closeAgent, createAgent } from './http-call.ts'
import { readStream, readText } from './read-body.ts'

export interface ConnectionOptions {
  /** Encoding of calls and events. Default `application/x-protobuf`. */
  readonly mediaType?: MediaType
  /** Draws the jitter of the back-off, in [0, 1). Default `Math.random`. */
  readonly random?: () => number
  /** Runs every timer. Default rxjs' `asyncScheduler`. */
  readonly scheduler?: SchedulerLike
  /** A longer event ends the stream with `FRAME_TOO_LARGE`. Default: that of `createRecordDecoder`. */
  readonly maxFrameBytes?: number
  /** How long an answer may take, and the first event, in ms. Default 75_000 (5 heartbeats of 15 s). */
  readonly callTimeoutMs?: number
  /** How long a TCP and TLS handshake may take, in ms. Default 10_000. */
  readonly connectTimeoutMs?: number
  /** How many calls may wait for the one in progress. Default 10_000. */
  readonly maxWaitingCalls?: number
}

/** A stream of events and the calls that belong to it. */
export interface Connection<Call, Event> {
  /**
   * Waits the back-off of `attempt` (0: none), dials, subscribes.
   *
   * Next: every event but HEARTBEAT, in order; ERROR too. Complete: never. Error: a `JarcastError`, see the
   * functions that make connections. Unsubscribing closes the socket, whatever it was doing.
   * Once this connection has been subscribed an attempt 0 waits as 1 does, so that a server that ends each
   * stream at once is not dialled in a tight loop. A failed dial moves on to the next server for the next one.
   */
  subscribe(call: Call, attempt: number): Observable<Event>
  /**
   * Sends one call after those before it have their answers; resolves when it is accepted (2xx), which does
   * not say that it is done. Rejects with a `JarcastError`; `details.maybeTaken` is false when the
   * server surely has not acted. A call that waits when its subscription ends is not sent.
   */
  send(call: Call): Promise<void>
  /** Local address of the connection that reached the server last; undefined before the first. */
  readonly localAddress: string | undefined
  /** URL of the server that accepted the last subscription, without a slash at its end. */
  readonly serverUrl: string | undefined
  /** Ends streams with `STREAM_ENDED` (final) and calls with `NOT_SUBSCRIBED`; resolves when all sockets are closed. */
  close(): Promise<void>
}

/** What tells one API from the other. */
export interface Endpoint<Call, Event> {
  readonly api: Api
  /** Path below each server's URL. */
  readonly path: string
  /** At least one. */
  readonly servers: readonly URL[]
  readonly codec: Codec<Call, Event>
  /** Value of the Authorization header. */
  readonly authorization: string | undefined
  /** Sees every event, HEARTBEAT too. */
  readonly watch: MonoTypeOperatorFunction<Event>
}

/** A subscription that was accepted, for as long as its stream lives. */
interface Session {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
}

interface Job<Call> {
  readonly call: Call
  /** The session that the call was made in; offers and uuids of one mean nothing in the next. */
  readonly session: Session | undefined
}

/** Makes a connection; nothing is dialled before `subscribe`. */
export function createConnection<
  Call extends { readonly type: string },
  Event extends { readonly type: string },
>(endpoint: Endpoint<Call, Event>, options: ConnectionOptions): Connection<Call, Event> {
  const { api, codec } = endpoint
  const { callTimeoutMs = 75_000, connectTimeoutMs = 10_000, maxWaitingCalls } = options
  const limits = {
    connectTimeoutMs,
    answerTimeoutMs: callTimeoutMs,
    ...(options.scheduler === undefined ? {} : { scheduler: options.scheduler }),
  }
  const headers = {
    'Content-Type': codec.mediaType,
    Accept: codec.mediaType,
    ...(endpoint.authorization === undefined ? {} : { Authorization: endpoint.authorization }),
  }
  const closing = new AbortController()
  const closeSubject = new Subject<never>()
  const streamAgents = new Set<Agent>()
  const channel = createCallChannel()
  let session: Session | undefined
  let localAddress: string | undefined
  let serverUrl: string | undefined
  let nextServer = 0

  const dialNext = async (
    call: Call,
    signal: AbortSignal,
    agentFor: (url: URL) => Agent,
  ): Promise<Dialled> => {
    const server = endpoint.servers[nextServer % endpoint.servers.length]
    if (server === undefined) throw new JarcastError('CONFIG_INVALID', 'no server to connect to')
    const url = joinUrl(server, endpoint.path)
    try {
      const body = codec.encodeCall(call)
      const dialled = await dial({ ...limits, url, headers, body, signal }, agentFor)
      const status = dialled.answer.statusCode ?? 0
      if (status !== 200) {
        const text = await readText(dialled.answer, callTimeoutMs, options.scheduler)
        throw refusal({ api, call: call.type, status, body: text }, dialled.url)
      }
      return dialled
    } catch (error) {
      nextServer = (nextServer + 1) % endpoint.servers.length
      throw failure(error, api, call.type, url)
    }
  }

  const openStream = (call: Call): Observable<Event> =>
    new Observable((subscriber) => {
      const dialing = new AbortController()
      const agents: Agent[] = []
      let mine: Session | undefined
      subscriber.add(() => {
        if (session === mine) session = undefined
        dialing.abort()
        for (const agent of agents) {
          agent.destroy()
          streamAgents.delete(agent)
        }
      })
      const agentFor = ({ protocol }: URL): Agent => {
        const agent = createAgent(protocol)
        agents.push(agent)
        streamAgents.add(agent)
        return agent
      }
      from(dialNext(call, dialing.signal, agentFor))
        .pipe(
          switchMap((dialled) => {
            mine = acceptSession(endpoint, dialled, headers)
            session = mine
            localAddress = dialled.localAddress
            serverUrl = baseOf(dialled.url, endpoint.path)
            return readStream(dialled.answer)
          }),
          decodeRecords(options),
          decodeEvents(codec),
          endpoint.watch,
          withoutHeartbeats(),
        )
        .subscribe(subscriber)
    })

  const post = async ({ call, session: own }: Job<Call>): Promise<void> => {
    const isClosed = closing.signal.aborted
    if (own === undefined || own !== session || isClosed) throw notSubscribed(call.type, isClosed)
    const { url } = own
    const { signal } = closing
    const body = codec.encodeCall(call)
    const answer = await channel
      .post({ ...limits, url, headers: own.headers, body, signal })
      .catch((error: unknown) => Promise.reject(failure(error, api, call.type, url)))
    if (answer.status >= 200 && answer.status < 300) return
    throw refusal({ api, call: call.type, ...answer }, url)
  }

  const inTurn = serializeCalls(
    (job: Job<Call>) => defer(() => post(job)),
    maxWaitingCalls === undefined ? {} : { maxWaiting: maxWaitingCalls },
  )

  return {
    subscribe: (call, attempt) =>
      merge(
        closeSubject,
        defer(() =>
          connectWithBackOff(
            () => openStream(call),
            serverUrl === undefined ? attempt : Math.max(1, attempt),
            options,
          ),
        ),
      ),
    send: (call) => lastValueFrom(inTurn({ call, session })),
    get localAddress() {
      return localAddress
    },
    get serverUrl() {
      return serverUrl
    },
    close: async () => {
      const sockets = [channel.close(), ...Array.from(streamAgents, closeAgent)]
      closing.abort(closed())
      closeSubject.error(closed())
      await Promise.all(sockets)
    },
  }
}

function acceptSession<Call, Event>(
  { api, codec }: Endpoint<Call, Event>,
  { answer, url }: Dialled,
  headers: Readonly<Record<string, string>>,
): Session {
  const mediaType = answer.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (mediaType !== codec.mediaType) {
    throw noEventStream(api, url, `with ${mediaType ?? 'no media type'}, not ${codec.mediaType}`)
  }
  if (api === 'executor') return { url, headers }
  const streamId = answer.headers['mesos-stream-id']
  // 128 bytes is what Mesos' documentation promises.
  if (typeof streamId !== 'string' || streamId === '' || streamId.length > 128) {
    throw noEventStream(api, url, 'without a usable Mesos-Stream-Id')
  }
  return { url, headers: { ...headers, 'Mesos-Stream-Id': streamId } }
}

function joinUrl(server: URL, path: string): URL {
  const url = new URL(server)
  url.pathname = server.pathname.replace(/\/+$/, '') + path
  return url
}

function baseOf(url: URL, path: string): string {
  const prefix = url.pathname.endsWith(path) ? url.pathname.slice(0, -path.length) : ''
  return url.origin + prefix
}

function closed(): JarcastError {
  return new JarcastError('STREAM_ENDED', 'the connection was closed by its owner')
}
