/**
 * The composition root of the scheduler process: the streams between its parts.
 *
 *   run, kill, stop ─────┐                                 ┌─► applied$ ──► state$
 *                        ▼                                 │
 *   master ─► intake ─► inbox ─► journal ─► machine ───────┼─► fact$ ─────► fact$, task$, run
 *     ▲         │        ▲        entry$    transition$    │
 *     │         │        │                                 └─► effect$ ──► performer ─┐
 *     │         │        └────────────── results ─────────────────────────────────────┤
 *     ├─────────│─────────────────────── calls ───────────────────────────────────────┤
 *     │         └─► progress$ ◄───────── staging, jar server ◄────────────────────────┘
 *   agents ─► executors ─► libraries of the jar server, messages for the intake
 */
import { Subject, catchError, map, merge, of } from 'rxjs'
import type { Observable } from 'rxjs'
import { connectScheduler } from '../client/scheduler-connection.ts'
import type { SchedulerConnection } from '../client/scheduler-connection.ts'
import { defined } from '../defined.ts'
import { JarcastError } from '../errors.ts'
import { describeRejection } from '../journal/runtime/rejections.ts'
import { createRuntime } from '../journal/runtime/runtime.ts'
import type { Runtime } from '../journal/runtime/runtime.ts'
import { hostsOf } from '../machines/scheduler/delivery/library-holders.ts'
import { schedulerMachine } from '../machines/scheduler/scheduler.ts'
import { salvageOfferIds } from '../mesos/salvage-offers.ts'
import { acknowledge } from '../mesos/scheduler-calls.ts'
import { inMicrotask } from '../streams/in-microtask.ts'
import { createDeliveryServer } from './delivery/delivery-server.ts'
import type { DeliveryServer } from './delivery/delivery-server.ts'
import type { FrameworkFact, ReportProgress, TaskFact } from './facts/events.ts'
import { progressOf } from './facts/executor-messages.ts'
import { lastFactOf } from './facts/known-task.ts'
import { createPublicFacts } from './facts/public-facts.ts'
import type { ToPublicFact } from './facts/public-facts.ts'
import { unusableOffers } from './intake/inbox-events.ts'
import { createIntake } from './intake/intake.ts'
import type { Intake } from './intake/intake.ts'
import { createReadWindow } from './intake/read-window.ts'
import type { ReadWindow } from './intake/read-window.ts'
import { createLimitReports } from './intake/sender-limits.ts'
import type { WatchableRun } from './inspection/watchable.ts'
import { openRun } from './open-run.ts'
import type { FrameworkOptions } from './options/options.ts'
import type { FrameworkSettings } from './options/settings.ts'
import { performEffects } from './performer/performer.ts'
import type { PerformedEffect } from './performer/performer.ts'
import { frameworkIdOf, holdersOf, isActive, librariesOf } from './state/selectors.ts'

type SchedulerRuntime = Runtime<typeof schedulerMachine>

/** What a running framework is made of. */
export interface Parts {
  readonly runtime: SchedulerRuntime
  /** For inspectors. */
  readonly watchable: WatchableRun
  readonly deliveryServer: DeliveryServer
  /** Public facts, the last of them `framework.failed` if the run cannot continue. */
  readonly fact$: Observable<FrameworkFact>
  /** Emits when the snapshot may have changed. */
  readonly change$: Observable<unknown>
  /** The last fact about a task that follows from the snapshot. */
  lastFactOf(taskId: string): TaskFact | undefined
  /** Recovers or begins the run. Subscribe to the streams before. */
  start(): void
  /** Closes connection and jar server, then the journal, and removes staged copies. */
  close(): Promise<void>
}

export interface ComposeOptions {
  readonly report: ReportProgress
  readonly inspect: FrameworkOptions['inspect']
  /** Ends the staging. */
  readonly signal: AbortSignal
  /** Default `connectScheduler`; tests give another. */
  readonly connect?: typeof connectScheduler
}

/** Creates the parts and connects them. Errors: those of the journal and of staging. */
export async function composeFramework(
  settings: FrameworkSettings,
  { report, inspect, signal, connect = connectScheduler }: ComposeOptions,
): Promise<Parts> {
  // First: checks settings before anything is opened, and does not connect yet.
  const connection = openConnection(connect, settings, () => intake)
  const run = await openRun(settings, report, signal)
  const runtime = createRuntime(schedulerMachine, {
    input: run.input,
    journal: run.journal,
    recoveryEvent: { type: 'process.restarted' },
    inspect,
  })
  const deliveryServer = createDeliveryServer(run.shipment, settings, connection, {
    key: run.key,
    report,
    setTable: () => librariesOf(runtime.snapshot),
    holdersOf: (sha256) => hostsOf(holdersOf(runtime.snapshot), sha256),
  })
  const readWindow = createReadWindow(() => runtime)
  const acknowledgements = new Subject<PerformedEffect>()
  const limitReports = createLimitReports(
    (limited) => report({ type: 'sender.limited', ...limited }),
    () => intake.enterLate(),
  )
  const intake = createIntake({
    snapshot: () => runtime.snapshot,
    readWindow,
    dispatch: runtime.dispatch,
    acknowledge: ({ agentId, taskId, uuid }) => {
      const frameworkId = frameworkIdOf(runtime.snapshot) ?? ''
      const params = acknowledge(frameworkId, agentId.value, taskId.value, uuid)
      acknowledgements.next({ type: 'fx.call', params })
    },
    onMessage: (message) => queueMicrotask(() => report(progressOf(message))),
    reports: limitReports,
    payloads: run.payloads,
  })
  const toPublic = createPublicFacts({ wholes: intake, payloads: run.payloads })
  runtime.connect(
    merge(runtime.effect$, acknowledgements).pipe(
      performEffects({ connection, deliveryServer, readWindow, intake }),
    ),
  )
  followRun(runtime, readWindow, report)
  const lastFact = (taskId: string) => lastFactOf(runtime.snapshot, taskId, runtime.now(), toPublic)
  return {
    runtime,
    watchable: {
      source: runtime,
      input: run.input,
      startedAt: run.journal?.startedAt ?? Date.now(),
      journal: settings.journal,
      masterUrl: () => connection.masterUrl,
      lastFactOf: lastFact,
    },
    deliveryServer,
    fact$: publicFactsOf(runtime, toPublic),
    change$: runtime.applied$.pipe(catchError(() => of(undefined))),
    lastFactOf: lastFact,
    start() {
      runtime.start()
      if (run.shipment !== undefined && isActive(runtime.snapshot))
        runtime.dispatch({ type: 'libraries.staged', set: run.shipment.libraries.set })
    },
    async close() {
      limitReports.close()
      await Promise.all([connection.close(), deliveryServer.stop()])
      await run.close()
    },
  }
}

function openConnection(
  connect: typeof connectScheduler,
  settings: FrameworkSettings,
  intake: () => Intake,
): SchedulerConnection {
  const { masters, mediaType, credentials, tls } = settings
  const connection = connect(masters, {
    mediaType,
    ...defined({ credentials, tls }),
    readOn: (chunkBytes) => intake().readOn(chunkBytes),
    onRefused({ code, message }, record) {
      intake().pass({ type: 'mesos.refused', event: 'an event', message: `${message} (${code})` })
      const ids = record === undefined ? [] : salvageOfferIds(record, mediaType)
      if (ids.length > 0) intake().take(unusableOffers(ids), connection.masterUrl)
    },
  })
  return connection
}

/** The public facts of a run. A run that cannot continue has failed. */
function publicFactsOf(
  runtime: SchedulerRuntime,
  toPublic: ToPublicFact,
): Observable<FrameworkFact> {
  return runtime.fact$.pipe(
    map((fact) => ({ fact, at: runtime.now() })),
    inMicrotask(),
    map(({ fact, at }) => toPublic(fact, at)),
    catchError((error: unknown) =>
      of({ type: 'framework.failed', at: runtime.now(), error: failureOf(error) } as const),
    ),
  )
}

/** Continues reading once entries are applied, and reports events that the machine rejects. */
function followRun(
  { applied$, rejection$ }: SchedulerRuntime,
  readWindow: Pick<ReadWindow, 'settle'>,
  report: ReportProgress,
): void {
  // The facts end with the error of a run.
  const error = (): void => undefined
  applied$.subscribe({ next: () => readWindow.settle(), error })
  rejection$.subscribe({
    next(rejection) {
      const { seq, event } = rejection
      const message = describeRejection(rejection)
      report({ type: 'event.rejected', seq, event: event.type, message })
    },
    error,
  })
}

/** Errors of the journal stay as they are; any other is a fault of jarcast. */
function failureOf(error: unknown): JarcastError {
  if (error instanceof JarcastError) return error
  const message = `the scheduler cannot continue: ${String(error)}`
  return new JarcastError('FRAMEWORK_FAILED', message, { cause: error })
}
