/**
 * The delivery of libraries: starts the jar server once the framework is registered, and closes it
 * when the framework stops. Notifies the scheduler after each subscription that launches can start.
 */
import { assertEvent, assign, emit, sendParent, setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { defined } from '../../../defined.ts'
import { rejectedExitStatus } from '../../../domain/tasks/check-command.ts'
import type { FetchedFile } from '../../../domain/tasks/check-command.ts'
import type { Delivery } from '../../../domain/tasks/executors.ts'
import type { SchedulerEventFailure } from '../../../mesos/types.generated.ts'
import type { MesosFailure, MesosSubscribed, ProcessRestarted } from '../connection/events.ts'

export type DeliveryEvent =
  | MesosSubscribed
  | ProcessRestarted
  | JarServerStarted
  | JarServerFailed
  | { readonly type: 'jarServer.stopped' }
  /** From the scheduler: the framework has stopped. */
  | { readonly type: 'delivery.close' }
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

export type DeliveryFact =
  | { readonly type: 'jarServer.started'; readonly url: string }
  | ({
      readonly type: 'executor.failed'
      /** The shipped file that its command refused to run: its SHA-256 is another. */
      readonly rejected?: FetchedFile
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

export const deliveryMachine = setup({
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
      return { ...event, ...defined({ rejected }), type: 'executor.failed' as const }
    }),
  },
  guards: {
    shipsLibraries: ({ context }) => context.ships === 'libraries',
    isOfExecutor: ({ event }) =>
      event.type === 'mesos.failure' &&
      (event.executorId !== undefined || event.agentId === undefined),
  },
}).createMachine({
  id: 'delivery',
  context: ({ input }) => ({ ships: input.ships, url: undefined, delivery: undefined }),
  initial: 'choosing',
  on: { 'mesos.failure': { guard: 'isOfExecutor', actions: 'reportExecutor' } },
  states: {
    choosing: {
      description: 'Decides whether a jar server is needed.',
      always: [{ guard: 'shipsLibraries', target: 'waiting' }, { target: 'noLibraries' }],
    },
    noLibraries: {
      description: 'Nothing is shipped.',
      on: { 'mesos.subscribed': { actions: 'announceReady' }, 'delivery.close': 'closed' },
    },
    waiting: {
      description: 'The jar server starts when the framework is registered.',
      on: { 'mesos.subscribed': 'starting', 'delivery.close': 'closed' },
    },
    starting: {
      description: 'The jar server starts to listen.',
      entry: { type: 'fx.startJarServer', params: ({ context }) => ({ url: context.url }) },
      on: {
        'jarServer.started': { target: 'serving', actions: ['keepDelivery', 'reportStarted'] },
        'jarServer.failed': 'failed',
        'delivery.close': 'draining',
        'process.restarted': 'waiting',
      },
    },
    serving: {
      description: 'The jar server listens. Tasks can be launched.',
      entry: 'announceReady',
      on: {
        'mesos.subscribed': { actions: 'announceReady' },
        'delivery.close': 'draining',
        'process.restarted': { target: 'waiting', actions: 'forgetDelivery' },
      },
    },
    draining: {
      description: 'The jar server finishes its responses and closes.',
      entry: 'fx.stopJarServer',
      on: { 'jarServer.stopped': 'closed', 'process.restarted': 'closed' },
    },
    failed: {
      description: 'The jar server could not listen. The framework ends.',
      on: { 'delivery.close': 'closed' },
    },
    closed: { entry: 'announceClosed', description: 'The jar server is closed.' },
  },
})

export type DeliverySnapshot = SnapshotFrom<typeof deliveryMachine>
export type DeliveryRef = ActorRefFrom<typeof deliveryMachine>
