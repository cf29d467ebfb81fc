/**
 * What the connections to a master and to an agent have in common: one stream of events and, beside
 * it, one kept-alive connection on which calls go one at a time.
 * Source: apache/mesos docs/scheduler-http-api.md, docs/executor-http-api.md.
 */
import type { Agent } from 'node:http'
import { Observable, Subject, defer, from, lastValueFrom, merge, switchMap, tap } from 'rxjs'
import { JarcastError } from '../errors.ts'
import { connectWithBackOff } from '../streams/connect-with-back-off.ts'
import { decodeEvents } from '../streams/decode-events.ts'
import { decodeRecords } from '../streams/decode-records.ts'
import { serializeCalls } from '../streams/serialize-calls.ts'
import { withoutHeartbeats } from '../streams/without-heartbeats.ts'
import { failure, interrupted, notSubscribed, refusal } from './answers/answer-errors.ts'
import { createCallChannel } from './call-channel.ts'
import { isAccepted } from './answers/classify-answer.ts'
import type { Dialled } from './http/dial.ts'
import { createDialer } from './dialer.ts'
import { limitsOf } from './endpoint.ts'
import type { ConnectionOptions, Endpoint } from './endpoint.ts'
import { closeAgent, createAgent } from './http/http-call.ts'
import { readStream } from './http/read-body.ts'
import { repeatCall } from './repeat-call.ts'
import type { Server } from './servers/server-source.ts'
import { sessionOf } from './session.ts'
import type { Session } from './session.ts'

/** A stream of events and the calls that belong to it. */
export interface Connection<Call, Event> {
  /**
   * Waits the back-off of `attempt` (0: none), dials, subscribes.
   *
   * Next: every event but HEARTBEAT, in order; ERROR too. Complete: never. Error: a `JarcastError`,
   * see the functions that make connections. Unsubscribing closes the socket, whatever it was
   * doing.
   * Once this connection has been subscribed an attempt 0 waits as 1 does, so that a server that
   * ends each stream at once is not dialled in a tight loop. A failed dial moves on to the next
   * server for the next one.
   */
  subscribe(call: Call, attempt: number): Observable<Event>
  /**
   * Sends one call after those before it have their answers; resolves when it is accepted, which
   * does not say that it is done. Sends it again, up to four times, where that cannot do anything
   * twice. Rejects with a `JarcastError`; `details.maybeTaken` is false when the server surely has
   * not acted. The end of its subscription ends every call with `NOT_SUBSCRIBED`: one in progress
   * may have been taken, one that waits is not sent.
   */
  send(call: Call): Promise<void>
  /** Local address of the connection that reached the server last; undefined before the first. */
  readonly localAddress: string | undefined
  /** URL of the server that accepted the last subscription, without a slash at its end. */
  readonly serverUrl: string | undefined
  /**
   * Ends streams with `STREAM_ENDED` (final) and calls with `NOT_SUBSCRIBED`; resolves when all
   * sockets are closed.
   */
  close(): Promise<void>
}

interface Job<Call> {
  readonly call: Call
  /** The session that the call was made in; offers and uuids of one mean nothing in the next. */
  readonly session: Session | undefined
  /** Aborted with it. */
  readonly over: AbortSignal
}

/** Makes a connection; nothing is dialled before `subscribe`. */
export function createConnection<
  Call extends { readonly type: string },
  Event extends { readonly type: string },
>(endpoint: Endpoint<Call, Event>, options: ConnectionOptions): Connection<Call, Event> {
  const { api, codec, servers } = endpoint
  const { maxWaitingCalls } = options
  const limits = limitsOf(options)
  const dialServer = createDialer(endpoint, limits)
  const closing = new AbortController()
  const closeSubject = new Subject<never>()
  const streamAgents = new Set<Agent>()
  const channel = createCallChannel(endpoint.tls)
  let session: Session | undefined
  let over = AbortSignal.abort()
  let localAddress: string | undefined
  let serverUrl: string | undefined

  const openStream = (call: Call): Observable<Event> =>
    new Observable((subscriber) => {
      const dialing = new AbortController()
      const agents: Agent[] = []
      const pauseSubject = new Subject<boolean>()
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
        const agent = createAgent(protocol, endpoint.tls)
        agents.push(agent)
        streamAgents.add(agent)
        return agent
      }
      const streamOf = (dialled: Dialled): Observable<Uint8Array> => {
        mine = sessionOf(endpoint, dialled)
        session = mine
        over = dialing.signal
        localAddress = dialled.localAddress
        serverUrl = mine.serverUrl
        return readStream(dialled.answer, { readOn: options.readOn, pauseSubject })
      }
      const eventsOf = ({ url, superseded$ }: Server): Observable<Event> => {
        const decode = (bytes$: Observable<Uint8Array>): Observable<Event> =>
          bytes$.pipe(
            decodeRecords({ ...options, onTooLarge: options.onRefused }),
            decodeEvents(codec, options.onRefused),
            endpoint.watch(pauseSubject),
            withoutHeartbeats(),
          )
        // Silence counts from the answer on: dialling has a limit of its own.
        const event$ = from(dialServer(url, call, dialing.signal, agentFor)).pipe(
          tap({ error: servers.skip }),
          switchMap((dialled) => decode(streamOf(dialled))),
        )
        return merge(superseded$, event$)
      }
      from(servers.next(dialing.signal)).pipe(switchMap(eventsOf)).subscribe(subscriber)
    })

  const postOnce = async ({ call, session: own, over: signal }: Job<Call>): Promise<void> => {
    const isClosed = closing.signal.aborted
    if (own === undefined || own !== session || isClosed) throw notSubscribed(call.type, isClosed)
    const { url } = own
    const body = codec.encodeCall(call)
    // A server that hangs must not hold up the calls of the next subscription: `signal` ends with
    // this one.
    const received = await channel
      .post({ ...limits, url, headers: own.headers, body, signal })
      .catch((error: unknown) => {
        throw signal.aborted
          ? interrupted(call.type, closing.signal.aborted)
          : failure(error, api, call.type, url)
      })
    const answer = { api, call: call.type, ...received }
    if (!isAccepted(answer)) throw refusal(answer, url)
  }

  const post = (job: Job<Call>): Promise<void> => {
    const isRepeatable = endpoint.isRepeatable(job.call)
    return repeatCall(() => postOnce(job), { ...options, isRepeatable, over: job.over })
  }

  const inTurn = serializeCalls((job: Job<Call>) => defer(() => post(job)), {
    isRefusable: ({ call }) => endpoint.isBestEffort(call),
    ...(maxWaitingCalls === undefined ? {} : { maxWaiting: maxWaitingCalls }),
  })

  return {
    subscribe: (call, attempt) =>
      merge(
        closeSubject,
        defer(() =>
          connectWithBackOff(
            () => openStream(call),
            serverUrl === undefined ? attempt : Math.max(1, attempt),
            { ...options, news$: servers.news$ },
          ),
        ),
      ),
    send: (call) => lastValueFrom(inTurn({ call, session, over })),
    get localAddress() {
      return localAddress
    },
    get serverUrl() {
      return serverUrl
    },
    close: async () => {
      servers.close()
      const sockets = [channel.close(), ...Array.from(streamAgents, closeAgent)]
      closing.abort(closed())
      closeSubject.error(closed())
      await Promise.all(sockets)
    },
  }
}

function closed(): JarcastError {
  return new JarcastError('STREAM_ENDED', 'the connection was closed by its owner')
}
