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
  /**
   * Sent as bearer token with every call; what the agent gives in
   * MESOS_EXECUTOR_AUTHENTICATION_TOKEN. Default: none.
   */
  readonly token?: string
  /** For an agent that speaks https. Default: what Node has. */
  readonly tls?: TlsSettings
}

/** An executor's two connections to its agent. */
export interface ExecutorConnection {
  /** See `Connection.subscribe` and the codes at `connectExecutor`. */
  subscribe(call: ExecutorCall, attempt: number): Observable<ExecutorEvent>
  /** See `Connection.send` and the codes at `connectExecutor`. */
  send(call: ExecutorCall): Promise<void>
  /** Local address of the connection that reached the agent last. */
  readonly localAddress: string | undefined
  /** URL of the agent, once it accepted a subscription. */
  readonly agentUrl: string | undefined
  /** Ends everything; resolves when all sockets are closed. */
  close(): Promise<void>
}

/**
 * Connects an executor to its agent; nothing is dialled before `subscribe`.
 *
 * `agentUrl` is `http://host:port` or `host:port`, as in MESOS_AGENT_ENDPOINT; throws
 * `CONFIG_INVALID`. Codes are those of `connectScheduler`, with `AGENT_UNREACHABLE` and
 * `AGENT_REJECTED` in place of the master's. Only the first event has a bound (`callTimeoutMs`): an
 * agent sends its heartbeats half an hour apart, so a dead one is noticed by TCP.
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
      // An executor keeps its updates itself until they are acknowledged.
      isRepeatable: () => false,
      isBestEffort: ({ type }) => type === 'MESSAGE',
      watch: (isPaused$) =>
        failOnSilence({
          firstMs: answerTimeoutMs,
          intervalMs: Infinity,
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
    get agentUrl() {
      return connection.serverUrl
    },
    close: connection.close,
  }
}
