import type { Observable } from 'rxjs'
import { schedulerCodec } from '../mesos/codec.ts'
import type { SchedulerCall, SchedulerEvent } from '../mesos/types.generated.ts'
import { failOnSilence } from '../streams/fail-on-silence.ts'
import { heartbeatIntervalMs } from '../streams/heartbeat-interval.ts'
import { createConnection } from './connection.ts'
import { limitsOf } from './endpoint.ts'
import type { ConnectionOptions } from './endpoint.ts'
import { masterServers } from './servers/master-servers.ts'
import { readTls } from './http/tls.ts'
import type { TlsOptions } from './http/tls.ts'

export interface SchedulerConnectionOptions extends ConnectionOptions {
  /**
   * Sent as HTTP basic authentication with every call, to whichever master leads. Default: none.
   */
  readonly credentials?: Credentials
  /** For masters that speak https. Default: what Node has. */
  readonly tls?: TlsOptions
}

/** Who a framework says it is; the secret is only ever sent to masters. */
export interface Credentials {
  readonly principal: string
  readonly secret: string
}

/** A framework's two connections to the leading master. */
export interface SchedulerConnection {
  /** See `Connection.subscribe` and the codes at `connectScheduler`. */
  subscribe(call: SchedulerCall, attempt: number): Observable<SchedulerEvent>
  /** See `Connection.send` and the codes at `connectScheduler`. */
  send(call: SchedulerCall): Promise<void>
  /** Local address of the connection that reached the master last. */
  readonly localAddress: string | undefined
  /** URL of the master that accepted the last subscription, such as `http://10.0.0.1:5050`. */
  readonly masterUrl: string | undefined
  /** Ends everything; resolves when all sockets are closed. */
  close(): Promise<void>
}

/**
 * Connects a framework to its masters; nothing is dialled before `subscribe`.
 *
 * `masters` as in `masterServers`; throws its `CONFIG_INVALID`. Of a list any may be asked: those
 * that do not lead redirect to the one that does. In ZooKeeper the leader is looked up and
 * followed: a stream ends as soon as another one leads, and a wait before a dial is cut short. With
 * `tls` masters found there are dialled by https.
 *
 * A stream ends with: `MASTER_UNREACHABLE` (no connection, no answer, 404, 503, nobody leads, an
 * answer that is not of Mesos: retryable), `ZOOKEEPER_UNREACHABLE` (retryable),
 * `ZOOKEEPER_REJECTED`, `REDIRECT_INVALID` (retryable), `CREDENTIALS_REJECTED` (401),
 * `NOT_PERMITTED` (403), `MASTER_REJECTED` (other 4xx in plain text, as of Mesos), `STREAM_ENDED`
 * (retryable; also after an ERROR event, whose meaning is the receiver's to judge), `STREAM_SILENT`
 * (retryable: nothing for five of the master's heartbeat intervals), `FRAME_INVALID` (retryable);
 * `FRAME_TOO_LARGE` and `MESSAGE_INVALID` only without `onRefused`.
 *
 * A call is refused with: `NOT_SUBSCRIBED` (retryable: subscribe again; final when another instance
 * took the framework over), `CALL_REJECTED`, `CALL_TIMEOUT`, `MASTER_UNREACHABLE`,
 * `CALL_QUEUE_FULL`, `MESSAGE_INVALID`.
 */
export function connectScheduler(
  masters: string | readonly string[],
  options: SchedulerConnectionOptions = {},
): SchedulerConnection {
  const { mediaType = 'application/x-protobuf', credentials, tls } = options
  const { answerTimeoutMs, scheduler } = limitsOf(options)
  const connection = createConnection<SchedulerCall, SchedulerEvent>(
    {
      api: 'scheduler',
      path: '/api/v1/scheduler',
      servers: masterServers(masters, { ...options, isSecure: tls !== undefined }),
      tls: tls === undefined ? {} : readTls(tls),
      codec: schedulerCodec(mediaType),
      authorization: credentials && basicAuthorization(credentials),
      // The offers of an ACCEPT are gone with the first, and a MESSAGE would reach its executor
      // twice.
      isRepeatable: ({ type }) => type !== 'ACCEPT' && type !== 'MESSAGE',
      isBestEffort: ({ type }) => type === 'MESSAGE' || type === 'REQUEST',
      watch: (isPaused$) =>
        failOnSilence({
          firstMs: answerTimeoutMs,
          intervalMsOf: heartbeatIntervalMs,
          isPaused$,
          scheduler,
        }),
    },
    options,
  )
  return {
    subscribe: connection.subscribe,
    send: connection.send,
    get localAddress() {
      return connection.localAddress
    },
    get masterUrl() {
      return connection.serverUrl
    },
    close: connection.close,
  }
}

function basicAuthorization({ principal, secret }: Credentials): string {
  return `Basic ${Buffer.from(`${principal}:${secret}`, 'utf8').toString('base64')}`
}
