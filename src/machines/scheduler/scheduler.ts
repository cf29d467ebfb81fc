/**
 * The scheduler of one framework: registered → jar server started → offers → launch, and what surrounds it.
 * It only decides. Calls to Mesos and the jar server are effects; what came of them arrives as events.
 * Source: apache/mesos docs/scheduler-http-api.md, docs/app-framework-development-guide.md.
 */
import { assign } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { emptyOperationTable } from './operations/operation-table.ts'
import { emptyMap } from '../../domain/persistent-map.ts'
import { emptySetTable } from './delivery/set-table.ts'
import { emptyTaskTable } from './tasks/table/task-table.ts'
import { schedulerActions } from './actions.ts'
import { schedulerSetup } from './setup.ts'
import type { SubscriptionFailure } from './connection/subscription.ts'

/** Offers are taken while work is pending, held for a while when nothing needs them, and stopped then. */
const work = {
  initial: 'scheduling',
  on: { 'mesos.offers': { actions: 'useOffers' } },
  states: {
    scheduling: {
      always: [
        { guard: 'isHolding', target: 'holding' },
        { guard: 'lingers', target: 'idle' },
        { guard: 'hasNonePending', target: 'suppressed' },
        { guard: 'hasNewPending', actions: 'askForOffers' },
      ],
    },
    /** Some offers are held, whether or not something waits that they are not enough for. */
    holding: {
      always: [
        { guard: 'isHoldingNone', target: 'scheduling' },
        { guard: 'hasNewPending', actions: ['useHeldOffers', 'askForOffers'] },
      ],
      after: {
        halfHold: [
          { guard: 'isGivingAllBack', target: 'suppressed', actions: 'ageHeldOffers' },
          { target: 'holding', reenter: true, actions: 'ageHeldOffers' },
        ],
      },
    },
    /** Offers still flow, in case that more work comes soon. */
    idle: {
      always: [
        { guard: 'isHolding', target: 'holding' },
        { guard: 'hasPending', target: 'scheduling' },
      ],
      after: { linger: 'suppressed' },
    },
    suppressed: {
      entry: 'stopOffers',
      always: [
        { guard: 'isHolding', target: 'holding' },
        { guard: 'hasPending', target: 'scheduling' },
      ],
      on: { 'mesos.offers': { actions: 'declineOffers' } },
    },
  },
} as const

export const schedulerMachine = schedulerSetup
  .extend({
    actions: {
      ...schedulerActions,
      keepFailure: assign((_, { failure }: { failure: SubscriptionFailure }) => ({ failure })),
    },
  })
  .createMachine({
    id: 'scheduler',
    context: ({ input }) => ({
      framework: input.framework,
      offerConstraints: input.offerConstraints,
      policy: input.policy ?? {},
      timeoutMs: input.timeoutMs,
      frameworkId: input.frameworkId ?? '',
      hasLibraries: input.hasLibraries,
      delivery: undefined,
      hasStartedJarServer: false,
      libraries: emptySetTable,
      holders: undefined,
      tasks: emptyTaskTable,
      remembersOutcomes: input.remembersOutcomes ?? false,
      outcomes: emptyMap(),
      operations: emptyOperationTable,
      held: emptyMap(),
      seenPending: 0,
      inverseOffers: emptyMap(),
      absences: emptyMap(),
      hasKills: false,
      isDraining: false,
      isDetached: false,
      failure: undefined,
    }),
    invoke: [
      {
        id: 'subscription',
        src: 'subscription',
        input: ({ context }) => ({
          framework: context.framework,
          timeoutMs: context.timeoutMs,
          ...(context.frameworkId === '' ? {} : { frameworkId: context.frameworkId }),
          ...(context.offerConstraints === undefined
            ? {}
            : { offerConstraints: context.offerConstraints }),
        }),
        onDone: {
          target: '.stopping',
          actions: { type: 'keepFailure', params: ({ event }) => ({ failure: event.output }) },
        },
      },
      { id: 'jarServer', src: 'jarServer' },
      {
        id: 'reconciliation',
        src: 'reconciliation',
        input: ({ context: { policy } }) => ({
          of: 'tasks',
          ...(policy.reconcileEveryMs === undefined ? {} : { intervalMs: policy.reconcileEveryMs }),
        }),
      },
      {
        id: 'operationReconciliation',
        src: 'reconciliation',
        input: { of: 'operations' },
      },
      { id: 'kills', src: 'kills' },
      { id: 'lateUpdates', src: 'lateUpdates' },
      {
        id: 'offerFlow',
        src: 'offerFlow',
        input: ({ context }) => context.policy.revives ?? {},
      },
      { id: 'frameworkUpdate', src: 'frameworkUpdate' },
    ],
    initial: 'registering',
    always: { guard: 'hasUnusedSets', actions: 'releaseSets' },
    on: {
      'libraries.staged': { actions: 'keepStagedLibraries' },
      'library.*': { actions: 'changeLibraries' },
      'task.submit': { actions: 'submitTasks' },
      'task.kill': { actions: 'killTask' },
      'framework.stop': { target: '.stopping', actions: 'keepDetach' },
      'framework.drain': { actions: 'startDraining' },
      'mesos.offers': { actions: 'declineOffers' },
      'mesos.rescind': { actions: 'dropRescinded' },
      'mesos.inverseOffers': { actions: ['answerInverseOffers', 'moveTasks'] },
      'mesos.rescindInverseOffer': { actions: 'dropInverseOffer' },
      'inverseOffer.answer': { actions: 'takeInverseAnswer' },
      'mesos.update': [
        { guard: 'isFollowed', actions: ['tellFollowers', 'takeUpdate'] },
        { actions: 'takeUpdate' },
      ],
      'updates.overdue': { actions: 'settleOverdue' },
      'absence.over': { actions: 'giveUpAbsent' },
      'mesos.operation': { actions: 'takeOperationStatus' },
      'operation.submit': { actions: 'submitOperation' },
      'operation.cancel': { actions: 'cancelOperation' },
      'executor.tell': { actions: 'tellExecutor' },
      'executor.shutdown': { actions: 'shutDownExecutor' },
      'offers.request': { actions: 'requestOffers' },
      'framework.update': { actions: 'tellFrameworkUpdate' },
      'framework.updated': { actions: 'keepFramework' },
      'holder.added': { actions: 'keepHolder' },
      'mesos.refused': { actions: 'reportRefusal' },
      'mesos.failure': { actions: 'passFailureOn' },
      'mesos.error': { actions: 'tellSubscription' },
      'connection.lost': {
        target: '.disconnected',
        actions: ['tellSubscription', 'tellLost', 'reportLoss'],
      },
      'call.failed': [
        { guard: 'isTakenOver', actions: 'tellTakenOver' },
        { actions: ['returnOffers', 'settleFailedCall'] },
      ],
      'process.restarted': {
        target: '.disconnected',
        actions: 'forgetProcess',
      },
      'jarServer.start': { actions: 'tellJarServer' },
      'jarServer.started': { actions: ['tellJarServer', 'keepDelivery'] },
      'jarServer.failed': {
        target: '.stopping',
        actions: ['tellJarServer', 'keepJarServerFailure'],
      },
      'jarServer.stopped': { actions: 'tellJarServer' },
    },
    states: {
      registering: {
        on: {
          'mesos.subscribed': {
            target: 'registered',
            actions: ['tellSubscription', 'askForAll', 'keepFrameworkId', 'tellSubscribed'],
          },
          'connection.lost': { actions: ['tellSubscription', 'reportLoss'] },
          'process.restarted': { actions: 'forgetProcess' },
        },
      },
      registered: {
        always: [
          { guard: 'needsJarServer', target: 'startingJarServer' },
          { guard: 'isDraining', target: 'draining' },
          { target: 'serving' },
        ],
      },
      startingJarServer: {
        entry: ['startJarServer', 'keepJarServerStart'],
        on: {
          'jarServer.started': { target: 'registered', actions: ['tellJarServer', 'keepDelivery'] },
        },
      },
      serving: {
        ...work,
        on: {
          ...work.on,
          'framework.drain': { target: 'draining', actions: 'startDraining' },
        },
      },
      draining: {
        ...work,
        entry: 'reportDraining',
        always: { guard: 'isEmpty', target: 'stopping' },
      },
      disconnected: {
        entry: 'forgetOffers',
        on: {
          // Of the subscription that has ended: there is nobody to answer.
          'mesos.offers': {},
          'mesos.inverseOffers': {},
          'call.failed': [
            { guard: 'isTakenOver', actions: 'tellTakenOver' },
            { actions: 'settleFailedCall' },
          ],
          'mesos.subscribed': {
            target: 'registered',
            actions: ['tellSubscription', 'askForAll', 'keepFrameworkId', 'tellSubscribed'],
          },
          'connection.lost': { actions: ['tellSubscription', 'reportLoss'] },
        },
      },
      stopping: {
        entry: ['silence', 'forgetOffers', 'endAllWork'],
        initial: 'closing',
        on: {
          // Whatever still comes in is of the past.
          'task.submit': { actions: 'rejectTasks' },
          'framework.stop': {},
          'framework.drain': {},
          'operation.submit': { actions: 'rejectOperation' },
          'library.*': { actions: 'rejectLibraryChange' },
          'mesos.offers': {},
          'mesos.inverseOffers': {},
          'framework.update': {},
          'framework.updated': {},
          'call.failed': {},
          'connection.lost': {},
          'mesos.error': {},
          'jarServer.failed': { actions: 'tellJarServer' },
          'xstate.done.actor.subscription': {},
        },
        states: {
          closing: {
            entry: 'closeFramework',
            on: {
              'framework.closed': 'stoppingJarServer',
              'process.restarted': [
                { guard: 'mustTearDown', target: 'returning', actions: 'forgetProcess' },
                { target: 'closing', reenter: true, actions: 'forgetProcess' },
              ],
            },
          },
          // The process ended before the master was told: it is told now, which takes another subscription.
          returning: {
            on: {
              'mesos.subscribed': { target: 'closing', actions: 'tellSubscription' },
              'connection.lost': { actions: 'tellSubscription' },
              'mesos.error': { target: 'stoppingJarServer', actions: 'tellSubscription' },
              'process.restarted': { actions: 'forgetProcess' },
              'xstate.done.actor.subscription': 'stoppingJarServer',
            },
          },
          stoppingJarServer: {
            entry: 'stopJarServer',
            always: { guard: 'hasNoJarServer', target: '#scheduler.ended' },
            on: {
              'jarServer.stopped': { target: '#scheduler.ended', actions: 'tellJarServer' },
              'process.restarted': { target: '#scheduler.ended', actions: 'tellJarServer' },
            },
          },
        },
      },
      ended: {
        always: [{ guard: 'hasFailed', target: 'failed' }, { target: 'stopped' }],
      },
      stopped: { type: 'final', entry: 'reportStopped' },
      failed: { type: 'final', entry: 'reportFailed' },
    },
  })

export type SchedulerSnapshot = SnapshotFrom<typeof schedulerMachine>
export type SchedulerRef = ActorRefFrom<typeof schedulerMachine>
