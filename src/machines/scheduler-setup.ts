/** What the scheduler machine is made of: its input and context, the effects it names, its guards. */
import { setup } from 'xstate'
import type { Delivery } from '../domain/executors.ts'
import type { PersistentMap } from '../domain/persistent-map.ts'
import type { TaskTable } from '../domain/task-table.ts'
import type { FrameworkInfo, SchedulerCall } from '../mesos/types.generated.ts'
import { jarServerMachine } from './jar-server.ts'
import type { SchedulerFact, SchedulerInboxEvent } from './scheduler-events.ts'
import { subscriptionMachine } from './subscription.ts'
import type { SubscriptionFailure } from './subscription.ts'
import type { TaskFact } from './task-update.ts'

export interface SchedulerInput {
  /** Without id: the master gives one. */
  readonly framework: FrameworkInfo
  /** Of an earlier run of this framework, within its failover timeout. */
  readonly frameworkId?: string
  /** True when there are libraries to ship: then the jar server is started once registered. */
  readonly hasLibraries: boolean
  /** How long to go on dialling without being subscribed, ms. */
  readonly timeoutMs: number
  /**
   * True when the run outlives its process. Then how each task ended is remembered, and one that is submitted again
   * under its id is not run again. Default false: what is over is forgotten.
   */
  readonly remembersOutcomes?: boolean
}

export interface SchedulerContext {
  readonly framework: FrameworkInfo
  readonly timeoutMs: number
  readonly frameworkId: string
  readonly hasLibraries: boolean
  readonly delivery: Delivery | undefined
  readonly hasStartedJarServer: boolean
  readonly tasks: TaskTable
  readonly remembersOutcomes: boolean
  /** How tasks ended, by id, if remembered. */
  readonly outcomes: PersistentMap<TaskFact>
  /** Offers were declined, so the master may be holding some back until a REVIVE. */
  readonly isHeldBack: boolean
  readonly isDraining: boolean
  readonly isDetached: boolean
  readonly failure: SubscriptionFailure | undefined
}

export const schedulerSetup = setup({
  types: {} as {
    context: SchedulerContext
    events: SchedulerInboxEvent
    emitted: SchedulerFact
    input: SchedulerInput
  },
  actors: { subscription: subscriptionMachine, jarServer: jarServerMachine },
  actions: {
    'fx.call': (_, _call: SchedulerCall) => undefined,
    /** Ends the connection, after a TEARDOWN unless detached. */
    'fx.close': (_, _params: { call: SchedulerCall | undefined }) => undefined,
  },
  guards: {
    needsJarServer: ({ context }) => context.hasLibraries && context.delivery === undefined,
    isDraining: ({ context }) => context.isDraining,
    hasPending: ({ context }) => context.tasks.pendingCount > 0,
    hasNonePending: ({ context }) => context.tasks.pendingCount === 0,
    isEmpty: ({ context }) => context.tasks.rows.size === 0,
    hasFailed: ({ context }) => context.failure !== undefined,
    mustTearDown: ({ context }) => mustTearDown(context),
    hasNoJarServer: ({ context }) => !context.hasStartedJarServer,
  },
})

/** False for a framework that Mesos does not know, gave up itself, or is to keep. */
export function mustTearDown({ frameworkId, isDetached, failure }: SchedulerContext): boolean {
  return frameworkId !== '' && !isDetached && failure === undefined
}
