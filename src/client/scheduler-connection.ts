import type { Observable } from 'rxjs'
import { schedulerCodec } from '../mesos/codec.ts'
import type { SchedulerCall, SchedulerEvent } from '../mesos/types.generated.ts'
import { failOnSilence } from '../streams/fail-on-silence.ts'
import { heartbeatIntervalMs } from '../streams/heartbeat-interval.ts'
import { createConnection } from './connection.ts'
import { limitsOf } from './endpoint.ts'
import type { ConnectionOptions } from './endpoint.ts'
import { basicAuthorization } from './http/credentials.ts'
import type { Credentials } from './http/credentials.ts'
import { masterServers } from './servers/master-servers.ts'
import { readTls } from './http/tls.ts'
import type { TlsOptions } from './http/tls.ts'

export interface SchedulerConnectionOptions extends ConnectionOptions {
  /** HTTP basic authentication of every call, to any leading master. Default: none. */
  readonly credentials?: Credentials
  /** For masters that speak https. Default: Node's settings. */
  readonly tls?: TlsOptions
}

/** A framework's two connections to the leading master. */
export interface SchedulerConnection {
  /** See `Connection.subscribe` and the codes at `connectScheduler`. */
  subscribe(call: SchedulerCall, attempt: number): Observable<SchedulerEvent>
  /** See `Connection.send` and the codes at `connectScheduler`. */
  send(call: SchedulerCall): Promise<void>
  /** Local address of the latest connection to a master; undefined before the first. */
  readonly localAddress: string | undefined
  /** URL of the master that accepted the last subscription, such as `http://10.0.0.1:5050`. */
  readonly masterUrl: string | undefined
  /** Ends streams and calls; resolves when all sockets are closed. */
  close(): Promise<void>
}

/**
 * Makes the connections of a framework to its masters. Connects nowhere before `subscribe`.
 *
 * `masters` as in `masterServers`; throws its `CONFIG_INVALID`. Masters of a list redirect to the
 * leader. With ZooKeeper, the leader is looked up and followed: a stream ends when another master
 * leads, and a back-off is cut short. With `tls`, masters found in ZooKeeper use https.
 *
 * Errors of a stream: `MASTER_UNREACHABLE` (retryable: no connection, no answer, 404, 503, no
 * leader, an answer that is not from Mesos), `ZOOKEEPER_UNREACHABLE` (retryable),
 * `ZOOKEEPER_REJECTED`, `REDIRECT_INVALID` (retryable), `CREDENTIALS_REJECTED` (401),
 * `NOT_PERMITTED` (403), `MASTER_REJECTED` (other 4xx from Mesos), `STREAM_ENDED` (retryable; also
 * after an ERROR event), `STREAM_SILENT` (retryable: nothing for five heartbeat intervals of the
 * master), `FRAME_INVALID` (retryable); `FRAME_TOO_LARGE` and `MESSAGE_INVALID` only without
 * `onRefused`.
 *
 * Errors of a call: `NOT_SUBSCRIBED` (retryable after a new subscription; final if another instance
 * took over the framework), `CALL_REJECTED`, `CALL_TIMEOUT`, `MASTER_UNREACHABLE`,
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
      // The first ACCEPT uses up its offers; a repeated MESSAGE would reach its executor twice.
      isRepeatable: ({ type }) => type !== 'ACCEPT' && type !== 'MESSAGE',
      // Bounded, so that later calls do not wait for ever.
      maxAttempts: 5,
      // Before Mesos 1.10, its effects could come after those of later calls (MESOS-10056).
      isBarrier: ({ type }) => type === 'UPDATE_FRAMEWORK',
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
