/**
 * Performs the effects of the scheduler machine: calls to Mesos, start and stop of the jar server.
 * One chain per kind of effect; failures are events, as other results.
 *
 *              ┌─ fx.subscribe ────── switchMap ── SUBSCRIBE ──► intake ─┐
 *   effect$ ───┼─ fx.call ─────────── mergeMap ─── call ─────────────────┤
 *              ├─ fx.*JarServer ───── concatMap ── listen, close ────────┼──► event$
 *              ├─ fx.prepareRuntime ─ mergeMap ─── fetch, serve ─────────┤
 *              ├─ fx.releaseSets ──── tap ────────── discard             │
 *              └─ fx.close ────────── exhaustMap ─ TEARDOWN, end ────────┘
 */
import {
  EMPTY,
  Subject,
  catchError,
  concatMap,
  defer,
  exhaustMap,
  filter,
  groupBy,
  ignoreElements,
  merge,
  mergeMap,
  switchMap,
  takeUntil,
  tap,
} from 'rxjs'
import type { Observable, OperatorFunction } from 'rxjs'
import type { SchedulerConnection } from '../../client/scheduler-connection.ts'
import type { Platform } from '../../domain/runtimes/platforms.ts'
import { JarcastError } from '../../errors.ts'
import type { Effect } from '../../journal/core/outbox.ts'
import type { SubscribeParams } from '../../machines/scheduler/connection/connection.ts'
import type { SchedulerInboxEvent } from '../../machines/scheduler/events.ts'
import type { SchedulerCall } from '../../mesos/types.generated.ts'
import type { DeliveryServer } from '../delivery/delivery-server.ts'
import { signLaunches } from '../delivery/sign-launches.ts'
import { toInboxEvents } from '../intake/inbox-events.ts'
import type { Intake } from '../intake/intake.ts'
import type { ReadWindow } from '../intake/read-window.ts'
import { acceptedEvent, failedEvent } from './call-results.ts'
import { kindOf } from './effect-kinds.ts'
import type { EffectKind, SchedulerEffect } from './effect-kinds.ts'
import { withJitter } from './jitter.ts'
import { subscribeCall } from './subscribe-call.ts'

export interface PerformerOptions {
  readonly connection: SchedulerConnection
  readonly deliveryServer: Pick<
    DeliveryServer,
    'start' | 'stop' | 'release' | 'server' | 'prepareRuntime'
  >
  /** Counts calls that wait for an answer. Default: none is counted. */
  readonly readWindow?: Pick<ReadWindow, 'callBegan' | 'callEnded'>
  /**
   * Takes the events of the master and the end of its stream. Default: they come out as events,
   * except messages of executors.
   */
  readonly intake?: Pick<Intake, 'take' | 'pass'>
}

/** An effect without its place in the journal. */
export type PerformedEffect = Pick<Effect, 'type' | 'params'>

/**
 * Performs the effects of a scheduler machine: `runtime.connect(runtime.effect$.pipe(…))`.
 *
 * Next: results, for the machine. Complete: when the source has, and all is performed; a
 * subscription ends with `fx.close` or the next `fx.subscribe`. Error: `FRAMEWORK_FAILED` for an
 * effect that no chain performs; failures of Mesos and the jar server are events. Unsubscription
 * ends the master's stream, and drops the results of calls.
 */
export function performEffects(
  options: PerformerOptions,
): OperatorFunction<PerformedEffect, SchedulerInboxEvent> {
  return (effect$) =>
    defer(() => {
      const received = new Subject<SchedulerInboxEvent>()
      const performer = new Performer({ intake: intakeInto(received), ...options })
      const performed$ = effect$.pipe(
        groupBy(({ type }) => kindOf(type)),
        // What the effects of a kind are, the machine says.
        mergeMap((group$) => performer[group$.key](group$ as never)),
        tap({ finalize: () => received.complete() }),
      )
      return merge(received, performed$)
    })
}

/** The effects of these types. */
type Effects<Type extends SchedulerEffect['type']> = Observable<
  Type extends unknown
    ? { readonly type: Type; readonly params: Extract<SchedulerEffect, { type: Type }>['params'] }
    : never
>

type Chain = (effect$: never) => Observable<SchedulerInboxEvent>

/** The chains of one run. */
class Performer implements Readonly<Record<EffectKind, Chain>> {
  readonly #options: PerformerOptions & Required<Pick<PerformerOptions, 'intake'>>
  readonly #closed = new Subject<void>()
  #isClosing = false

  constructor(options: PerformerOptions & Required<Pick<PerformerOptions, 'intake'>>) {
    this.#options = options
  }

  /** The latest subscription replaces the one before. */
  subscribe(effect$: Effects<'fx.subscribe'>): Observable<SchedulerInboxEvent> {
    return effect$.pipe(
      switchMap(({ params }) => this.#receive(params)),
      takeUntil(this.#closed),
    )
  }

  /** Calls wait for their answers side by side; the connection keeps their order. */
  call(effect$: Effects<'fx.call'>): Observable<SchedulerInboxEvent> {
    return effect$.pipe(
      mergeMap(({ params }) => this.#send(params)),
      filter((event) => event !== undefined),
    )
  }

  jarServer(
    effect$: Effects<'fx.startJarServer' | 'fx.stopJarServer'>,
  ): Observable<SchedulerInboxEvent> {
    return effect$.pipe(
      concatMap((effect) =>
        effect.type === 'fx.startJarServer'
          ? this.#startJarServer(effect.params.url)
          : this.#stopJarServer(),
      ),
    )
  }

  /** Each platform is prepared once; several at the same time. */
  runtime(effect$: Effects<'fx.prepareRuntime'>): Observable<SchedulerInboxEvent> {
    return effect$.pipe(mergeMap(({ params }) => this.#prepareRuntime(params.platform)))
  }

  release(effect$: Effects<'fx.releaseSets'>): Observable<SchedulerInboxEvent> {
    return effect$.pipe(
      tap(({ params }) => this.#options.deliveryServer.release(params.sets)),
      ignoreElements(),
    )
  }

  /** The first close counts. */
  close(effect$: Effects<'fx.close'>): Observable<SchedulerInboxEvent> {
    return effect$.pipe(exhaustMap(({ params }) => this.#close(params.call)))
  }

  #receive(params: SubscribeParams): Observable<never> {
    const { connection, intake } = this.#options
    return connection.subscribe(subscribeCall(params), params.attempt).pipe(
      catchError((error: unknown) => {
        // A master ends the stream of a framework that it tears down.
        if (this.#isClosing) return EMPTY
        const { code, message, retryable } = toJarcastError(error)
        intake.pass({ type: 'connection.lost', code, message, retryable })
        return EMPTY
      }),
      tap((event) => intake.take(event, connection.masterUrl)),
      ignoreElements(),
    )
  }

  async #send(call: SchedulerCall): Promise<SchedulerInboxEvent | undefined> {
    const { connection, deliveryServer, readWindow } = this.#options
    readWindow?.callBegan()
    try {
      await connection.send(signLaunches(withJitter(call), deliveryServer.server))
      return acceptedEvent(call)
    } catch (error) {
      // The close ends calls that wait: the framework has ended with them.
      return this.#isClosing ? undefined : failedEvent(call, toJarcastError(error))
    } finally {
      readWindow?.callEnded()
    }
  }

  async #startJarServer(previousUrl: string | undefined): Promise<SchedulerInboxEvent> {
    try {
      const started = await this.#options.deliveryServer.start(previousUrl)
      return { type: 'jarServer.started', ...started }
    } catch (error) {
      const { code, message } = toJarcastError(error)
      return { type: 'jarServer.failed', code, message }
    }
  }

  async #prepareRuntime(platform: Platform): Promise<SchedulerInboxEvent> {
    try {
      const prepared = await this.#options.deliveryServer.prepareRuntime(platform)
      return { type: 'runtime.prepared', ...prepared }
    } catch (error) {
      const { code, message } = toJarcastError(error)
      return { type: 'runtime.failed', platform, code, message }
    }
  }

  async #stopJarServer(): Promise<SchedulerInboxEvent> {
    await this.#options.deliveryServer.stop()
    return { type: 'jarServer.stopped' }
  }

  async #close(call: SchedulerCall | undefined): Promise<SchedulerInboxEvent> {
    const { connection } = this.#options
    this.#isClosing = true
    // A master that does not answer removes the framework itself, after its failover timeout.
    if (call !== undefined) await connection.send(call).catch(() => undefined)
    this.#closed.next()
    await connection.close()
    return { type: 'framework.closed' }
  }
}

function intakeInto(received: Subject<SchedulerInboxEvent>): Pick<Intake, 'take' | 'pass'> {
  return {
    take(event, master) {
      for (const entry of toInboxEvents(event, master)) received.next(entry)
    },
    pass: (event) => received.next(event),
  }
}

function toJarcastError(error: unknown): JarcastError {
  if (error instanceof JarcastError) return error
  return new JarcastError('FRAMEWORK_FAILED', String(error), { cause: error })
}
