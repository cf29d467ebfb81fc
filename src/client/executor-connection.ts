import type { Observable } from 'rxjs'
import { executorCodec } from '../mesos/codec.ts'
import type { ExecutorCall, ExecutorEvent } from '../mesos/types.generated.ts'
import { failOnSilence } from '../streams/fail-on-silence.ts'
import { createConnection } from './connection.ts'
import { limitsOf } from './endpoint.ts'
import type { ConnectionOptions } from './endpoint.ts'
import { parseAgent } from './servers/master-address.ts'
import { listedServers } from './servers/server-source.ts'
import type { TlsSettings } from './http/tls.ts'

export interface ExecutorConnectionOptions extends ConnectionOptions {
  /** Bearer token of every call: MESOS_EXECUTOR_AUTHENTICATION_TOKEN. Default: none. */
  readonly token?: string
  /** For agents that speak https. Default: Node's settings. */
  readonly tls?: TlsSettings
}

/** Executors are many, and only their messages are refused above it. */
const maxWaitingCalls = 1000

/** An executor's two connections to its agent. */
export interface ExecutorConnection {
  /** See `Connection.subscribe` and the codes at `connectExecutor`. */
  subscribe(call: ExecutorCall, attempt: number): Observable<ExecutorEvent>
  /** See `Connection.send` and the codes at `connectExecutor`. */
  send(call: ExecutorCall): Promise<void>
  /** Local address of the latest connection to the agent; undefined before the first. */
  readonly localAddress: string | undefined
  /** URL of the agent; undefined before the first subscription. */
  readonly agentUrl: string | undefined
  /** Ends streams and calls; resolves when all sockets are closed. */
  close(): Promise<void>
}

/**
 * Makes the connections of an executor to its agent. Connects nowhere before `subscribe`.
 *
 * `agentUrl` is `http://host:port` or `host:port`, as in MESOS_AGENT_ENDPOINT; throws
 * `CONFIG_INVALID`. Codes are those of `connectScheduler`, with `AGENT_UNREACHABLE` and
 * `AGENT_REJECTED` in place of the master's. Only the first event has a time limit
 * (`callTimeoutMs`): agents send a heartbeat every half hour, so TCP must detect a dead one. An
 * UPDATE is sent until the agent answers it or the subscription ends. At most 1000 calls wait by
 * default.
 */
export function connectExecutor(
  agentUrl: string,
  options: ExecutorConnectionOptions = {},
): ExecutorConnection {
  const { mediaType = 'application/x-protobuf', token, tls = {} } = options
  const { answerTimeoutMs, scheduler } = limitsOf(options)
  const connection = createConnection<ExecutorCall, ExecutorEvent>(
    {
      api: 'executor',
      path: '/api/v1/executor',
      tls,
      servers: listedServers([parseAgent(agentUrl)]),
      codec: executorCodec(mediaType),
      authorization: token === undefined ? undefined : `Bearer ${token}`,
      // The agent recognizes a repeated update by its uuid; without it, a task would not end.
      isRepeatable: ({ type }) => type === 'UPDATE',
      maxAttempts: Infinity,
      isBarrier: () => false,
      isBestEffort: ({ type }) => type === 'MESSAGE',
      watch: (isPaused$) =>
        failOnSilence({
          firstMs: answerTimeoutMs,
          intervalMs: Infinity,
          isPaused$,
          scheduler,
        }),
    },
    { maxWaitingCalls, ...options },
  )
  return {
    subscribe: connection.subscribe,
    send: connection.send,
    get localAddress() {
      return connection.localAddress
    },
    get agentUrl() {
      return connection.serverUrl
    },
    close: connection.close,
  }
}
