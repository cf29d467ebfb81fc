/** The executor's side of the agent's v1 API: one subscription, and calls in the order in which they were made. */
import { setTimeout as delay } from 'node:timers/promises'
import { interval } from 'rxjs'
import type { Subscription as RxSubscription } from 'rxjs'
import type { ExecutorConnection } from '../../client/executor-connection.ts'
import { JarcastError } from '../../errors.ts'
import type { ErrorCode } from '../../errors.ts'
import type {
  ExecutorMachineEvent,
  StampedUpdate,
  Subscription,
} from '../../machines/executor/events.ts'
import { heartbeat, message, subscribe, update as updateCall } from '../../mesos/executor-calls.ts'
import type { AgentInfo, ExecutorCall, TaskInfo } from '../../mesos/types.generated.ts'
import { toMachineEvents, toBase64, toTaskStatus } from './events.ts'
import type { ExecutorEnvironment } from './environment.ts'
import { messageOf } from '../libraries/transfer/http-get.ts'

/** The part of a connection to an agent that is used here. */
export type AgentConnection = Pick<ExecutorConnection, 'subscribe' | 'send' | 'close'>

export interface AgentLinkOptions {
  readonly connection: AgentConnection
  readonly environment: ExecutorEnvironment
  readonly dispatch: (event: ExecutorMachineEvent) => void
  readonly log: (message: string) => void
  /** Hears what the agent is like, with each subscription. */
  readonly onAgent?: (agent: AgentInfo) => void
}

export interface AgentLink {
  /** Replaces the subscription. */
  subscribe(params: Subscription): void
  sendUpdate(update: StampedUpdate): void
  /** Best effort: dropped when too many wait, or when the agent does not take it. */
  sendMessage(data: object): void
  /** Resolves when nothing waits any more, at the latest after `timeoutMs`. */
  flush(timeoutMs: number): Promise<void>
  /** Resolves when all sockets are closed. */
  close(): Promise<void>
}

/** More messages than this wait for nobody. */
const maxWaitingMessages = 1000
/** Before an update that the agent did not take is sent again; doubled each time, up to the bound, with jitter. */
const retryMs = 300
const maxRetryMs = 15_000
/** As often as Mesos' own executors call when they have nothing to say, so that nothing between forgets the connection. */
const heartbeatMs = 30 * 60_000

/**
 * Errors of an event that cannot be read. To skip it could leave its task waiting for ever. When the executor
 * subscribes again, the agent reports tasks that it does not know of as lost, and the framework launches them again.
 */
const garbled: readonly ErrorCode[] = ['FRAME_INVALID', 'FRAME_TOO_LARGE', 'MESSAGE_INVALID']

/** Links an executor to its agent. Everything that comes, and the loss of the agent, is dispatched. */
export function createAgentLink(options: AgentLinkOptions): AgentLink {
  const { connection, environment, dispatch, log, onAgent } = options
  let stream: RxSubscription | undefined
  let waiting: ExecutorCall[] = []
  let pumping: Promise<void> | undefined
  let isClosed = false

  function enqueue(call: ExecutorCall): void {
    if (isClosed) return
    waiting.push(call)
    pumping ??= pump().finally(() => {
      pumping = undefined
    })
  }

  async function pump(): Promise<void> {
    for (let call = waiting[0]; call !== undefined; call = waiting[0]) {
      await deliver(call)
      if (waiting[0] === call) waiting.shift()
    }
  }

  /** An update is tried until the agent takes it, refuses it for good, or is lost: a later one must not overtake it. */
  async function deliver(call: ExecutorCall): Promise<void> {
    for (let pauseMs = retryMs; waiting[0] === call; pauseMs = Math.min(maxRetryMs, pauseMs * 2)) {
      try {
        await connection.send(call)
        return
      } catch (error) {
        const canRetry = error instanceof JarcastError && error.retryable
        if (!canRetry || call.type !== 'UPDATE') {
          log(`${call.type} was not taken: ${messageOf(error)}`)
          return
        }
        await delay(pauseMs * (0.5 + Math.random() / 2))
      }
    }
  }

  function lose(error: unknown): void {
    const isGarbled = error instanceof JarcastError && garbled.includes(error.code)
    const { retryable, details } =
      error instanceof JarcastError
        ? error
        : { retryable: true, details: {} as JarcastError['details'] }
    if (isGarbled) log(`subscribes again, as the agent sent what cannot be read: ${error.message}`)
    dispatch({
      type: 'agent.lost',
      message: messageOf(error),
      busy: isGarbled || (retryable && details['status'] !== undefined),
      retryable: retryable || isGarbled,
      // Half of the bound: an agent that comes back waits no longer than all of it for its executors.
      retryDelayMs: (Math.random() * environment.subscriptionBackoffMaxMs) / 2,
    })
  }

  return {
    subscribe({ tasks, updates }) {
      stream?.unsubscribe()
      // The machine sends everything again that is not acknowledged; the rest would come too late.
      waiting = []
      const call = subscribe(environment, {
        unacknowledgedTasks: tasks as readonly TaskInfo[],
        unacknowledgedUpdates: updates.map((update) => ({
          status: toTaskStatus(update, environment.executorId),
        })),
      })
      // Attempt 0: the machine has waited already, as Mesos asks executors to.
      stream = connection.subscribe(call, 0).subscribe({
        next: (event) => {
          if (event.type === 'SUBSCRIBED') onAgent?.(event.subscribed.agentInfo)
          for (const machineEvent of toMachineEvents(event)) dispatch(machineEvent)
        },
        error: lose,
        complete: () => {
          lose(new JarcastError('STREAM_ENDED', 'the stream ended', { retryable: true }))
        },
      })
      stream.add(interval(heartbeatMs).subscribe(() => enqueue(heartbeat(environment))))
    },
    sendUpdate(update) {
      enqueue(updateCall(environment, toTaskStatus(update, environment.executorId)))
    },
    sendMessage(data) {
      if (waiting.length >= maxWaitingMessages) return
      enqueue(message(environment, toBase64(JSON.stringify(data))))
    },
    async flush(timeoutMs) {
      const timer = new AbortController()
      const late = delay(timeoutMs, undefined, { signal: timer.signal }).catch(() => undefined)
      await Promise.race([pumping, late])
      timer.abort()
    },
    async close() {
      isClosed = true
      waiting = []
      stream?.unsubscribe()
      await connection.close()
    },
  }
}
