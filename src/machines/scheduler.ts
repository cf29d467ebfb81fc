/**
 * The scheduler of one framework: registered → jar server started → offers → launch, and what surrounds it.
 * It only decides. Calls to Mesos and the jar server are effects; what came of them arrives as events.
 * Source: apache/mesos docs/scheduler-http-api.md, docs/app-framework-development-guide.md.
 */
import { assign } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { emptyMap } from '../domain/persistent-map.ts'
import { emptyTaskTable } from '../domain/task-table.ts'
import { schedulerActions } from './scheduler-actions.ts'
import { schedulerSetup } from './scheduler-setup.ts'
import type { SubscriptionFailure } from './subscription.ts'

/** Offers are taken while tasks are pending, and suppressed while none are: both serving and draining. */
const work = {
  initial: 'scheduling',
  states: {
    scheduling: {
      entry: 'reviveOffers',
      always: { guard: 'hasNonePending', target: 'suppressed' },
      on: {
        'mesos.offers': { actions: 'launchOnOffers' },
        'task.submit': { actions: ['submitTasks', 'reviveOffers'] },
      },
    },
    suppressed: {
      entry: 'suppressOffers',
      always: { guard: 'hasPending', target: 'scheduling' },
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
      timeoutMs: input.timeoutMs,
      frameworkId: input.frameworkId ?? '',
      hasLibraries: input.hasLibraries,
      delivery: undefined,
      hasStartedJarServer: false,
      tasks: emptyTaskTable,
      remembersOutcomes: input.remembersOutcomes ?? false,
      outcomes: emptyMap(),
      isHeldBack: false,
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
        }),
        onDone: {
          target: '.stopping',
          actions: { type: 'keepFailure', params: ({ event }) => ({ failure: event.output }) },
        },
      },
      { id: 'jarServer', src: 'jarServer' },
    ],
    initial: 'registering',
    on: {
      'task.submit': { actions: 'submitTasks' },
      'task.kill': { actions: 'killTask' },
      'framework.stop': { target: '.stopping', actions: 'keepDetach' },
      'framework.drain': { actions: 'startDraining' },
      'mesos.offers': { actions: 'declineOffers' },
      'mesos.update': { actions: 'takeUpdate' },
      'mesos.message': { actions: 'passMessageOn' },
      'mesos.failure': { actions: 'passFailureOn' },
      'mesos.error': { actions: 'tellSubscription' },
      'connection.lost': { target: '.disconnected', actions: ['tellSubscription', 'reportLoss'] },
      'call.failed': { actions: 'settleFailedCall' },
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
            actions: ['tellSubscription', 'keepFrameworkId'],
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
        on: { 'framework.drain': { target: 'draining', actions: 'startDraining' } },
      },
      draining: {
        ...work,
        entry: 'reportDraining',
        always: { guard: 'isEmpty', target: 'stopping' },
      },
      disconnected: {
        on: {
          'mesos.subscribed': {
            target: 'registered',
            actions: ['tellSubscription', 'keepFrameworkId', 'reconcileTasks'],
          },
          'connection.lost': { actions: ['tellSubscription', 'reportLoss'] },
        },
      },
      stopping: {
        entry: 'endAllTasks',
        initial: 'closing',
        on: {
          // Whatever still comes in is of the past.
          'task.submit': { actions: 'rejectTasks' },
          'framework.stop': {},
          'framework.drain': {},
          'mesos.offers': {},
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
