/** Wires the parts of a running framework. */
import type { EventEmitter } from 'eventemitter3'
import { connectScheduler } from '../client/scheduler-connection.ts'
import { hostsOf } from '../machines/scheduler/delivery/library-holders.ts'
import { JarcastError } from '../errors.ts'
import { describeRejection } from '../journal/runtime/rejections.ts'
import { createRuntime } from '../journal/runtime/runtime.ts'
import type { Runtime } from '../journal/runtime/runtime.ts'
import { schedulerMachine } from '../machines/scheduler/scheduler.ts'
import type { SchedulerFact, SchedulerInboxEvent } from '../machines/scheduler/events.ts'
import { salvageOfferIds } from '../mesos/salvage-offers.ts'
import { acknowledge } from '../mesos/scheduler-calls.ts'
import type { FrameworkEvents } from './facts/events.ts'
import { createDeliveryServer } from './delivery/delivery-server.ts'
import type { DeliveryServer } from './delivery/delivery-server.ts'
import { createFactReporter, emitExecutorMessage } from './facts/facts.ts'
import { schedulerInputOf } from './options/framework-info.ts'
import type { FrameworkOptions, FrameworkSettings } from './options/options.ts'
import { createPerformer } from './performer/performer.ts'
import { unusableOffers } from './intake/inbox.ts'
import { createIntake } from './intake/intake.ts'
import { createReadWindow } from './intake/read-window.ts'
import { openRunJournal } from './run-journal.ts'
import { createLimitReports } from './intake/sender-limits.ts'
import { openRunKey } from './run-key.ts'
import { prepareShipment } from './delivery/shipment.ts'
import { frameworkIdOf, holdersOf, isActive, librariesOf } from './state/selectors.ts'

/** What a running framework is made of. */
export interface Parts {
  readonly runtime: Runtime<typeof schedulerMachine>
  readonly deliveryServer: DeliveryServer
  /** Recovers or begins the run, and tells the machine which libraries were staged. */
  start(): void
  /** Tells the framework's listeners. */
  report(fact: SchedulerFact): void
  /** Ends what the machine did not end itself, and lets go of the journal and of what was staged. */
  close(): Promise<void>
}

/** The picture of `framework.ts`, wired. Errors: those of the journal and of staging. */
export async function composeFramework(
  options: FrameworkOptions,
  settings: FrameworkSettings,
  emitter: EventEmitter<FrameworkEvents>,
  signal: AbortSignal,
): Promise<Parts> {
  // Refuses what it cannot use before anything is opened, and dials nothing yet.
  const { masters, mediaType, credentials, tls } = settings
  const connection = connectScheduler(masters, {
    mediaType,
    ...(credentials === undefined ? {} : { credentials }),
    ...(tls === undefined ? {} : { tls }),
    readOn: (chunkBytes) => intake.readOn(chunkBytes),
    onRefused({ code, message }, record) {
      intake.pass({ type: 'mesos.refused', event: 'an event', message: `${message} (${code})` })
      const ids = record === undefined ? [] : salvageOfferIds(record, mediaType)
      if (ids.length > 0) intake.take(unusableOffers(ids), connection.masterUrl)
    },
  })
  const fresh = schedulerInputOf(settings)
  const kept =
    settings.journal === undefined ? undefined : await openRunJournal(settings.journal, fresh)
  const prepare = async () => ({
    key: openRunKey(settings.journal),
    shipment: await prepareShipment(settings, emitter, signal),
  })
  const { key, shipment } = await prepare().catch(async (error: unknown) => {
    await kept?.journal.close?.()
    throw error
  })
  const deliveryServer = createDeliveryServer(shipment, settings, connection, {
    key,
    emitter,
    setTable: () => librariesOf(runtime.snapshot),
    holdersOf: (sha256) => hostsOf(holdersOf(runtime.snapshot), sha256),
  })
  const limitReports = createLimitReports(
    (limited) => emitter.emit('sender.limited', limited),
    () => intake.enterLate(),
  )
  const readWindow = createReadWindow(() => runtime)
  const dispatch = (event: SchedulerInboxEvent): void => runtime.dispatch(event)
  const intake = createIntake({
    snapshot: () => runtime.snapshot,
    readWindow,
    dispatch,
    acknowledge: ({ agentId, taskId, uuid }) => {
      const params = acknowledge(frameworkIdOf(runtime.snapshot), agentId.value, taskId.value, uuid)
      perform({ type: 'fx.call', params })
    },
    onMessage: (message) => queueMicrotask(() => emitExecutorMessage(emitter, message)),
    reports: limitReports,
    payloads: kept?.payloads,
  })
  const perform = createPerformer({ connection, deliveryServer, readWindow, intake, dispatch })
  const reportAt = createFactReporter(emitter, { wholes: intake, payloads: kept?.payloads })
  const report = (fact: SchedulerFact): void => {
    reportAt(fact, runtime.now())
  }
  const runtime = createRuntime(schedulerMachine, {
    input: kept?.input ?? fresh,
    journal: kept?.journal,
    recoveryEvent: { type: 'process.restarted' },
    perform,
    onEmitted: report,
    onApplied: readWindow.settle,
    onRejected: (rejection) => {
      const { seq, event } = rejection
      const message = describeRejection(rejection)
      emitter.emit('event.rejected', { seq, event: event.type, message })
    },
    onError: (error) => {
      emitter.emit('framework.failed', failureOf(error))
    },
    inspect: options.inspect,
  })
  return {
    runtime,
    deliveryServer,
    report,
    start() {
      runtime.start()
      if (shipment !== undefined && isActive(runtime.snapshot))
        runtime.dispatch({ type: 'libraries.staged', set: shipment.libraries.set })
    },
    async close() {
      limitReports.close()
      await Promise.all([connection.close(), deliveryServer.stop()])
      await kept?.journal.close?.()
      await shipment?.remove()
    },
  }
}

/** What a journal that takes no more says is said as it is; the rest is a fault of ours. */
function failureOf(error: unknown): JarcastError {
  if (error instanceof JarcastError) return error
  const message = `the scheduler cannot go on: ${String(error)}`
  return new JarcastError('FRAMEWORK_FAILED', message, { cause: error })
}
