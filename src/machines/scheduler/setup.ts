/** What the scheduler machine is made of: its input and context, the effects it names, its guards. */
import { setup } from 'xstate'
import type { Delivery } from '../../domain/tasks/executors.ts'
import type { LibrarySet } from '../../domain/libraries/library.ts'
import type { LibraryHolders } from './delivery/library-holders.ts'
import type { OperationTable } from './operations/operation-table.ts'
import { valuesOf } from '../../domain/persistent-map.ts'
import type { PersistentMap } from '../../domain/persistent-map.ts'
import { hasUnusedSets } from './delivery/set-table.ts'
import type { SetTable } from './delivery/set-table.ts'
import type { TaskTable } from './tasks/table/task-table.ts'
import { isTerminal } from '../../mesos/states.ts'
import type {
  FrameworkInfo,
  InverseOffer,
  Offer,
  SchedulerCall,
  SchedulerOfferConstraints,
} from '../../mesos/types.generated.ts'
import type { Absence } from './tasks/absences.ts'
import { frameworkUpdateMachine } from './connection/framework-update.ts'
import { jarServerMachine } from './delivery/jar-server.ts'
import { killsMachine } from './tasks/kills.ts'
import { lateUpdatesMachine } from './tasks/late-updates.ts'
import { offerFlowMachine } from './offers/offer-flow.ts'
import type { OfferFlowInput } from './offers/offer-flow.ts'
import { reconciliationMachine } from './reconciliation/reconciliation.ts'
import type { SchedulerFact, SchedulerInboxEvent } from './events.ts'
import { subscriptionMachine } from './connection/subscription.ts'
import type { SubscriptionFailure } from './connection/subscription.ts'
import type { TaskFact } from './tasks/task-update.ts'

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
  /** Which agents to be offered at all, per role. Default all. */
  readonly offerConstraints?: SchedulerOfferConstraints
  readonly policy?: SchedulerPolicy
}

/** What a framework's user may set about how it deals with Mesos. */
export interface SchedulerPolicy {
  /** How long an offer that nothing needs is kept for tasks to come, at most, ms. Default 0: declined at once. */
  readonly offerHoldMs?: number
  /**
   * What is said when an agent is to go away for maintenance: `accept` lets it take the tasks down with it, `move` kills
   * them and launches them elsewhere, `ask` leaves the answer to the user. Default accept.
   */
  readonly inverseOffers?: 'accept' | 'decline' | 'move' | 'ask'
  /** Whether tasks are killed that Mesos runs and this framework does not know. Default: they are reported. */
  readonly unknownTasks?: 'report' | 'kill'
  /** How often Mesos is asked for all tasks that it runs, ms. Default 15 min. */
  readonly reconcileEveryMs?: number
  /** REVIVE calls that may be sent in a row, and how often one more. Default 60, and one a second. */
  readonly revives?: OfferFlowInput
}

export interface SchedulerContext {
  readonly framework: FrameworkInfo
  readonly offerConstraints: SchedulerOfferConstraints | undefined
  readonly policy: SchedulerPolicy
  readonly timeoutMs: number
  readonly frameworkId: string
  readonly hasLibraries: boolean
  readonly delivery: Delivery | undefined
  readonly hasStartedJarServer: boolean
  readonly libraries: SetTable
  /** Who has the libraries of these sets. */
  readonly holders: LibraryHolders
  readonly tasks: TaskTable
  readonly remembersOutcomes: boolean
  /** How tasks ended, by id, if remembered. */
  readonly outcomes: PersistentMap<TaskFact>
  readonly operations: OperationTable
  /** Offers kept for tasks to come, by id. */
  readonly held: PersistentMap<HeldOffer>
  /** How much work waited when offers were last looked at and asked for. */
  readonly seenPending: number
  /** Inverse offers that the user has not answered yet, by id. */
  readonly inverseOffers: PersistentMap<InverseOffer>
  /** Of unreachable agents with tasks that wait for a limited time, by id; each has a timer. */
  readonly absences: PersistentMap<Absence>
  /** True once a task was killed: from then on the ends of tasks are told to the kills. */
  readonly hasKills: boolean
  readonly isDraining: boolean
  readonly isDetached: boolean
  readonly failure: SubscriptionFailure | undefined
}

export interface HeldOffer {
  readonly offer: Offer
  /** Held for half of its time: it goes back when the other half is over, too. */
  readonly isOld: boolean
}

export const schedulerSetup = setup({
  types: {} as {
    context: SchedulerContext
    events: SchedulerInboxEvent
    emitted: SchedulerFact
    input: SchedulerInput
  },
  actors: {
    subscription: subscriptionMachine,
    jarServer: jarServerMachine,
    reconciliation: reconciliationMachine,
    kills: killsMachine,
    lateUpdates: lateUpdatesMachine,
    offerFlow: offerFlowMachine,
    frameworkUpdate: frameworkUpdateMachine,
  },
  actions: {
    'fx.call': (_, _call: SchedulerCall) => undefined,
    /** No task needs these sets any more. */
    'fx.releaseSets': (_, _params: { sets: readonly LibrarySet[] }) => undefined,
    /** Ends the connection, after a TEARDOWN unless detached. */
    'fx.close': (_, _params: { call: SchedulerCall | undefined }) => undefined,
  },
  guards: {
    needsJarServer: ({ context }) => context.hasLibraries && context.delivery === undefined,
    isDraining: ({ context }) => context.isDraining,
    hasPending: ({ context }) => pendingIn(context) > 0,
    hasNonePending: ({ context }) => pendingIn(context) === 0,
    hasNewPending: ({ context }) => pendingIn(context) !== context.seenPending,
    isHolding: ({ context }) => context.held.size > 0,
    isHoldingNone: ({ context }) => context.held.size === 0,
    isGivingAllBack: ({ context }) =>
      pendingIn(context) === 0 && Array.from(valuesOf(context.held)).every(({ isOld }) => isOld),
    lingers: ({ context }) => holdMsOf(context) > 0 && pendingIn(context) === 0,
    isEmpty: ({ context }) => context.tasks.rows.size === 0 && context.operations.rows.size === 0,
    /** Somebody beside the task table wants to know: an answer to a question, or the end of a task that was killed. */
    isFollowed: ({ context, event }) =>
      event.type === 'mesos.update' &&
      (event.status.reason === 'REASON_RECONCILIATION' ||
        (context.hasKills && isTerminal(event.status.state))),
    isTakenOver: ({ event }) =>
      event.type === 'call.failed' &&
      event.outcome === 'refused' &&
      (event.code === 'FRAMEWORK_FAILED_OVER' || event.code === 'NOT_SUBSCRIBED'),
    hasUnusedSets: ({ context }) => hasUnusedSets(context.libraries, context.tasks.setUses),
    hasFailed: ({ context }) => context.failure !== undefined,
    mustTearDown: ({ context }) => mustTearDown(context),
    hasNoJarServer: ({ context }) => !context.hasStartedJarServer,
  },
  delays: {
    halfHold: ({ context }) => holdMsOf(context) / 2,
    linger: ({ context }) => holdMsOf(context),
  },
})

/** Tasks and operations that wait for an offer. */
export function pendingIn({
  tasks,
  operations,
}: Pick<SchedulerContext, 'tasks' | 'operations'>): number {
  return tasks.pendingCount + operations.pendingCount
}

export function holdMsOf({ policy }: Pick<SchedulerContext, 'policy'>): number {
  return policy.offerHoldMs ?? 0
}

/** Roles that the framework is in, the one of old among them. */
export function rolesOf({ framework }: Pick<SchedulerContext, 'framework'>): readonly string[] {
  return framework.roles ?? [framework.role ?? '*']
}

/** False for a framework that Mesos does not know, gave up itself, or is to keep. */
export function mustTearDown({ frameworkId, isDetached, failure }: SchedulerContext): boolean {
  return frameworkId !== '' && !isDetached && failure === undefined
}
