/** Context, components, actions and guards of the scheduler machine. */
import { assertEvent, assign, emit, enqueueActions, sendTo, setup } from 'xstate'
import type { SchedulerCall } from '../../mesos/types.generated.ts'
import { isSubscribed } from './components.ts'
import type { SchedulerOutput } from './components.ts'
import { connectionMachine } from './connection/connection.ts'
import { isTakenOver, stopped } from './connection/events.ts'
import type { Failure } from './connection/events.ts'
import { deliveryMachine } from './delivery/delivery.ts'
import { librarySetsMachine } from './delivery/library-sets.ts'
import type { SchedulerEvent, SchedulerFact } from './events.ts'
import type { SchedulerInput } from './input.ts'
import { maintenanceMachine } from './maintenance/maintenance.ts'
import { offersMachine } from './offers/offers.ts'
import { operationsMachine } from './operations/operations.ts'
import { receiversOf } from './routes.ts'
import type { ComponentId } from './routes.ts'
import { tasksMachine } from './tasks/tasks.ts'

export interface SchedulerContext {
  readonly settings: SchedulerInput
  /** Undefined until the master gives one. */
  readonly frameworkId: string | undefined
  /** Why the framework ends, unless its user stops it. */
  readonly failure: Failure | undefined
}

/** Each component has the name of its machine as its id. */
type Children = { [Id in ComponentId]: Id }

export const schedulerSetup = setup({
  types: {} as {
    context: SchedulerContext
    events: SchedulerEvent
    emitted: SchedulerFact
    input: SchedulerInput
    output: SchedulerOutput
    children: Children
  },
  actors: {
    connection: connectionMachine,
    delivery: deliveryMachine,
    librarySets: librarySetsMachine,
    offers: offersMachine,
    tasks: tasksMachine,
    operations: operationsMachine,
    maintenance: maintenanceMachine,
  },
  actions: {
    /** Sends the call, if there is one, and closes the connection. */
    'fx.close': (_, _params: { call: SchedulerCall | undefined }) => undefined,
    forward: enqueueActions(({ enqueue, event }) => {
      for (const id of receiversOf(event)) enqueue.sendTo(id, event)
    }),
    tellConnection: sendTo('connection', ({ event }) => event),
    tellTasks: sendTo('tasks', ({ event }) => event),
    tellDelivery: sendTo('delivery', ({ event }) => event),
    closeDelivery: sendTo('delivery', { type: 'delivery.close' }),
    // A SUBSCRIBED event within a subscription comes from a faulty master.
    takeSubscription: enqueueActions(({ enqueue, event, self }) => {
      assertEvent(event, 'mesos.subscribed')
      if (isSubscribed({ children: self.getSnapshot().children })) return
      enqueue.assign({ frameworkId: event.frameworkId })
      for (const id of receiversOf(event)) enqueue.sendTo(id, event)
    }),
    keepFailure: assign((_, { failure }: { failure: Failure }) => ({ failure })),
    keepJarServerFailure: assign(({ event }) => {
      assertEvent(event, 'jarServer.failed')
      return { failure: { code: event.code, message: event.message } }
    }),
    reportFailedCall: emit(({ event }) => {
      assertEvent(event, 'call.failed')
      return { type: 'call.failed' as const, call: event.call, message: event.message }
    }),
    reportRefusal: emit(({ event }) => {
      assertEvent(event, 'mesos.refused')
      return event
    }),
    reportDraining: emit({ type: 'framework.draining' }),
    reportStopped: emit({ type: 'framework.stopped' }),
    reportFailed: emit(({ context }) => ({
      type: 'framework.failed' as const,
      ...(context.failure ?? { code: 'FRAMEWORK_FAILED', message: 'the framework failed' }),
    })),
    refuseLibraryChange: emit(({ context }) => ({
      type: 'libraries.rejected' as const,
      ...(context.failure ?? stopped('the framework has stopped')),
    })),
  },
  guards: {
    isRouted: ({ event }) => receiversOf(event).length > 0,
    isTakenOver: ({ event }) => event.type === 'call.failed' && isTakenOver(event),
    isDetached: ({ event }) => event.type === 'framework.stop' && event.detach,
    hasFailed: ({ context }) => context.failure !== undefined,
    mustTearDown: ({ context }) =>
      context.frameworkId !== undefined && context.failure === undefined,
  },
})
