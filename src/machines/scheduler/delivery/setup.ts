/** Events, facts, context, actions and guards of the delivery machine. */
import { assertEvent, assign, emit, sendParent, setup } from 'xstate'
import { defined } from '../../../defined.ts'
import { rejectedExitStatus } from '../../../domain/tasks/check-command.ts'
import type { FetchedFile } from '../../../domain/tasks/check-command.ts'
import type { Delivery } from '../../../domain/tasks/executors.ts'
import type { Platform } from '../../../domain/runtimes/platforms.ts'
import type { SchedulerEventFailure } from '../../../mesos/types.generated.ts'
import type { MesosFailure, MesosSubscribed, ProcessRestarted } from '../connection/events.ts'
import { runtimeRequestOf, shipmentOf } from './runtimes.ts'
import type { RuntimeAwaited, RuntimeFact, RuntimeFailed, RuntimePrepared } from './runtimes.ts'

export type DeliveryEvent =
  | MesosSubscribed
  | ProcessRestarted
  | JarServerStarted
  | JarServerFailed
  | { readonly type: 'jarServer.stopped' }
  /** From the scheduler: the framework has stopped. */
  | { readonly type: 'delivery.close' }
  | RuntimePrepared
  | RuntimeFailed
  | MesosFailure

/** The jar server listens. */
export interface JarServerStarted {
  readonly type: 'jarServer.started'
  readonly url: string
  /** The data that launches need. */
  readonly delivery: Delivery
}

export interface JarServerFailed {
  readonly type: 'jarServer.failed'
  readonly code: string
  readonly message: string
}

/** Sent to the scheduler. */
export type DeliveryNotice =
  /** Tasks can be launched: the jar server listens, or there are no libraries. */
  | { readonly type: 'delivery.ready' }
  /** The jar server is closed, or never ran. */
  | { readonly type: 'delivery.closed' }
  | RuntimeAwaited

export type DeliveryFact =
  | RuntimeFact
  | { readonly type: 'jarServer.started'; readonly url: string }
  | ({
      readonly type: 'executor.failed'
      /** The shipped file that its command refused to run: its SHA-256 is another. */
      readonly rejected?: FetchedFile
      /** It found no Node.js, and none can be shipped for this platform. */
      readonly lacks?: Platform
    } & SchedulerEventFailure)

export interface DeliveryInput {
  /** `libraries` also stands for executors and scripts: everything that the jar server serves. */
  readonly ships: 'libraries' | 'nothing'
}

export interface DeliveryContext extends DeliveryInput {
  /** Where the jar server listens, or listened before a restart. */
  readonly url: string | undefined
  readonly delivery: Delivery | undefined
}

export const deliverySetup = setup({
  types: {} as {
    context: DeliveryContext
    events: DeliveryEvent
    emitted: DeliveryFact
    input: DeliveryInput
  },
  actions: {
    /** Listens at `url` if there is one: executors may still be fetching from there. */
    'fx.startJarServer': (_, _params: { url: string | undefined }) => undefined,
    'fx.stopJarServer': () => undefined,
    /** Fetches a Node.js for this platform, and serves it. */
    'fx.prepareRuntime': (_, _params: { platform: Platform }) => undefined,
    keepDelivery: assign(({ event }) => {
      assertEvent(event, 'jarServer.started')
      return { url: event.url, delivery: event.delivery }
    }),
    forgetDelivery: assign({ delivery: undefined }),
    announceReady: sendParent({ type: 'delivery.ready' } satisfies DeliveryNotice),
    announceClosed: sendParent({ type: 'delivery.closed' } satisfies DeliveryNotice),
    reportStarted: emit(({ event }) => {
      assertEvent(event, 'jarServer.started')
      return { type: 'jarServer.started' as const, url: event.url }
    }),
    reportExecutor: emit(({ context, event }) => {
      assertEvent(event, 'mesos.failure')
      const isRejected = event.status === rejectedExitStatus << 8
      const rejected = isRejected ? context.delivery?.executor?.program : undefined
      const lacks = runtimeRequestOf(context.delivery, event)?.platform
      return { ...event, ...defined({ rejected, lacks }), type: 'executor.failed' as const }
    }),
  },
  guards: {
    asksForRuntime: ({ context: { delivery }, event }) => {
      if (event.type !== 'mesos.failure' || delivery === undefined) return false
      const request = runtimeRequestOf(delivery, event)
      return request !== undefined && shipmentOf(delivery, request.platform) !== 'unavailable'
    },
    shipsLibraries: ({ context }) => context.ships === 'libraries',
    isOfExecutor: ({ event }) =>
      event.type === 'mesos.failure' &&
      (event.executorId !== undefined || event.agentId === undefined),
  },
})
