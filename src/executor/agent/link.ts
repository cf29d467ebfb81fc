/**
 * The executor's side of the agent's v1 API: one subscription, and its calls, in order.
 */
import {
  EMPTY,
  Subject,
  catchError,
  concat,
  defer,
  from,
  ignoreElements,
  interval,
  lastValueFrom,
  merge,
  mergeMap,
  of,
  retry,
  takeUntil,
  tap,
  throwError,
  timer,
} from 'rxjs'
import type { MonoTypeOperatorFunction, Observable } from 'rxjs'
import type { ExecutorConnection } from '../../client/executor-connection.ts'
import { JarcastError, messageOf } from '../../errors.ts'
import type { ErrorCode } from '../../errors.ts'
import type {
  ExecutorMachineEvent,
  StampedUpdate,
  Subscription,
} from '../../machines/executor/events.ts'
import { heartbeat, message, subscribe, update as updateCall } from '../../mesos/executor-calls.ts'
import type { AgentInfo, ExecutorCall, TaskInfo } from '../../mesos/types.generated.ts'
import type { ExecutorEnvironment } from './environment.ts'
import { toBase64, toMachineEvents, toTaskStatus } from './events.ts'

/** The part of a connection to an agent that the link uses. */
export type AgentConnection = Pick<ExecutorConnection, 'subscribe' | 'send' | 'close'>

export interface AgentLinkOptions {
  readonly connection: AgentConnection
  readonly environment: ExecutorEnvironment
  readonly log: (message: string) => void
}

/** As in Mesos' own executors: a regular call keeps firewalls from closing the connection. */
const heartbeatMs = 30 * 60_000

/**
 * Errors of an event that cannot be decoded. Ignoring the event could leave its task waiting for
 * ever. After a new SUBSCRIBE, the agent reports tasks that the executor does not know as lost, and
 * the framework launches them again.
 */
const undecodable: readonly ErrorCode[] = ['FRAME_INVALID', 'FRAME_TOO_LARGE', 'MESSAGE_INVALID']

/** Links an executor to its agent. */
export class AgentLink {
  readonly #options: AgentLinkOptions
  /** Ends the subscription, and drops the calls made under it. */
  readonly #replaced$ = new Subject<void>()
  /** Updates that wait for a subscription go on together, so none overtakes another. */
  readonly #subscribed$ = new Subject<void>()
  /** The calls that are not done. */
  readonly #sending = new Set<Promise<void>>()
  #agent: AgentInfo | undefined
  #isClosed = false

  constructor(options: AgentLinkOptions) {
    this.#options = options
  }

  /** The agent of the last subscription. */
  get agent(): AgentInfo | undefined {
    return this.#agent
  }

  /**
   * Replaces the previous subscription, and drops waiting calls: SUBSCRIBE carries all updates that
   * are not acknowledged.
   *
   * Next: the events of the agent; last, `agent.lost`. Complete: after that, or when replaced.
   * Error: never.
   */
  subscribe(params: Subscription): Observable<ExecutorMachineEvent> {
    const { connection, environment } = this.#options
    return defer(() => {
      this.#replaced$.next()
      // Attempt 0 does not wait: the machine has backed off already.
      const event$ = connection.subscribe(subscribeCall(params, environment), 0).pipe(
        tap((event) => {
          if (event.type !== 'SUBSCRIBED') return
          this.#agent = event.subscribed.agentInfo
          this.#subscribed$.next()
        }),
        mergeMap(toMachineEvents),
      )
      const end$ = throwError(
        () => new JarcastError('STREAM_ENDED', 'the stream ended', { retryable: true }),
      )
      const heartbeat$ = interval(heartbeatMs).pipe(
        tap(() => this.#send(heartbeat(environment))),
        ignoreElements(),
      )
      return merge(concat(event$, end$), heartbeat$).pipe(
        catchError((error: unknown) => of(this.#describeLoss(error))),
        takeUntil(this.#replaced$),
      )
    })
  }

  /**
   * Sends an update after those before it, again until the agent accepts it or refuses it
   * permanently, see `connectExecutor`. Without a subscription, waits for the next one.
   */
  sendUpdate(update: StampedUpdate): void {
    const { environment } = this.#options
    this.#send(updateCall(environment, toTaskStatus(update, environment.executorId)))
  }

  /** Sends a message once. It is dropped if too many calls wait. */
  sendMessage(data: object): void {
    this.#send(message(this.#options.environment, toBase64(JSON.stringify(data))))
  }

  /** Resolves when all calls made so far are done, at the latest after `timeoutMs`. */
  async flush(timeoutMs: number): Promise<void> {
    const done$ = from(Promise.all(this.#sending)).pipe(takeUntil(timer(timeoutMs)))
    await lastValueFrom(done$, { defaultValue: undefined })
  }

  /** Resolves when all sockets are closed. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#replaced$.next()
    await this.#options.connection.close()
  }

  #send(call: ExecutorCall): void {
    if (this.#isClosed) return
    const { connection, log } = this.#options
    const sent$ = defer(() => connection.send(call))
    const done$ = call.type === 'UPDATE' ? sent$.pipe(this.#retryWhenSubscribed()) : sent$
    const logged$ = done$.pipe(
      catchError((error: unknown) => {
        log(`the agent did not accept ${call.type}: ${messageOf(error)}`)
        return EMPTY
      }),
      takeUntil(this.#replaced$),
    )
    const sending = lastValueFrom(logged$, { defaultValue: undefined })
    this.#sending.add(sending)
    void sending.then(() => this.#sending.delete(sending))
  }

  /** An update fails with a retryable error only if its subscription has ended or not begun. */
  #retryWhenSubscribed(): MonoTypeOperatorFunction<void> {
    return retry({
      delay: (error: unknown) =>
        error instanceof JarcastError && error.retryable
          ? this.#subscribed$
          : throwError(() => error),
    })
  }

  #describeLoss(error: unknown): ExecutorMachineEvent {
    const known = error instanceof JarcastError ? error : undefined
    const isUndecodable = known !== undefined && undecodable.includes(known.code)
    const retryable = known?.retryable ?? true
    if (isUndecodable) {
      this.#options.log(`subscribes again: the agent sent invalid bytes (${known.message})`)
    }
    return {
      type: 'agent.lost',
      message: messageOf(error),
      busy: isUndecodable || (retryable && known?.details['status'] !== undefined),
      retryable: retryable || isUndecodable,
      // Half of the limit: a recovered agent waits no longer than the limit for its executors.
      retryDelayMs: (Math.random() * this.#options.environment.subscriptionBackoffMaxMs) / 2,
    }
  }
}

function subscribeCall(
  { tasks, updates }: Subscription,
  environment: ExecutorEnvironment,
): ExecutorCall {
  return subscribe(environment, {
    unacknowledgedTasks: tasks as readonly TaskInfo[],
    unacknowledgedUpdates: updates.map((update) => ({
      status: toTaskStatus(update, environment.executorId),
    })),
  })
}
