/**
 * The scheduler of one framework: registered → jar server started → offers → launch. The machine
 * itself is the life of the framework; each concern is a component beside it, and gets its
 * events by routes.ts. Components notify the scheduler, which forwards the notices.
 * Source: apache/mesos docs/scheduler-http-api.md, docs/app-framework-development-guide.md.
 */
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { outputOf } from './components.ts'
import { rolesOf } from './offers/setup.ts'
import { schedulerSetup } from './setup.ts'
import {
  abandonWork,
  checkWork,
  launchWork,
  offerWork,
  refuseWhenStopped,
  refuseWhileDraining,
  tearDown,
} from './work.ts'

export const schedulerMachine = schedulerSetup.createMachine({
  id: 'scheduler',
  context: ({ input }) => ({
    settings: input,
    frameworkId: input.frameworkId,
    failure: undefined,
  }),
  invoke: [
    {
      id: 'connection',
      src: 'connection',
      input: ({ context: { settings } }) => settings,
      onDone: {
        target: '.stopping',
        actions: { type: 'keepFailure', params: ({ event }) => ({ failure: event.output }) },
      },
    },
    {
      id: 'delivery',
      src: 'delivery',
      input: ({ context: { settings } }) => ({
        ships: settings.hasLibraries ? 'libraries' : 'nothing',
      }),
    },
    { id: 'librarySets', src: 'librarySets' },
    {
      id: 'offers',
      src: 'offers',
      input: ({ context: { settings } }) => ({
        roles: rolesOf(settings.framework),
        holdMs: settings.policy?.offerHoldMs,
        leavingAgents: settings.policy?.inverseOffers === 'move' ? 'unused' : 'used',
        revives: settings.policy?.revives,
      }),
    },
    {
      id: 'tasks',
      src: 'tasks',
      input: ({ context: { settings } }) => ({
        frameworkId: settings.frameworkId,
        outcomes: settings.remembersOutcomes === true ? 'remembered' : 'forgotten',
        unknownTasks: settings.policy?.unknownTasks,
        reconcileEveryMs: settings.policy?.reconcileEveryMs,
      }),
    },
    { id: 'operations', src: 'operations' },
    {
      id: 'maintenance',
      src: 'maintenance',
      input: ({ context: { settings } }) => ({ policy: settings.policy?.inverseOffers }),
    },
  ],
  output: ({ self }) => outputOf(self.getSnapshot().children),
  initial: 'active',
  states: {
    active: {
      description: 'Events go to the components.',
      initial: 'running',
      on: {
        '*': { guard: 'isRouted', actions: 'forward' },
        // The most frequent event: one send, without the list of its receivers.
        'mesos.update': { actions: 'tellTasks' },
        'mesos.subscribed': { actions: 'takeSubscription' },
        'mesos.offers': { actions: offerWork },
        'mesos.refused': { actions: 'reportRefusal' },
        'work.changed': { actions: offerWork },
        'work.launched': { actions: launchWork },
        'delivery.ready': { actions: offerWork },
        'call.failed': [
          { guard: 'isTakenOver', actions: 'tellConnection' },
          { actions: ['reportFailedCall', 'forward'] },
        ],
        'jarServer.failed': {
          target: 'stopping',
          actions: ['forward', 'keepJarServerFailure'],
        },
        'framework.stop': [
          { guard: 'isDetached', target: '#scheduler.stopping.leaving' },
          { target: 'stopping' },
        ],
      },
      states: {
        running: {
          description: 'Work is taken in and launched.',
          on: { 'framework.drain': 'draining' },
        },
        draining: {
          description: 'No new work is taken in. What was submitted is finished.',
          entry: ['reportDraining', checkWork],
          on: {
            'task.submit': { actions: refuseWhileDraining },
            'operation.submit': { actions: refuseWhileDraining },
            'work.changed': { actions: [offerWork, checkWork] },
            'work.over': '#scheduler.stopping',
          },
        },
      },
    },
    stopping: {
      description: 'The components finish, and new work is refused.',
      entry: abandonWork,
      initial: 'choosing',
      on: {
        'task.submit': { actions: refuseWhenStopped },
        'operation.submit': { actions: refuseWhenStopped },
        'library.*': { actions: 'refuseLibraryChange' },
        'sets.needed': { actions: 'forward' },
        'jarServer.*': { actions: 'forward' },
        // The connection ends because the framework does.
        'xstate.done.actor.connection': {},
      },
      states: {
        choosing: {
          description: 'Decides whether Mesos ends the framework.',
          always: [{ guard: 'mustTearDown', target: 'tearingDown' }, { target: 'leaving' }],
        },
        tearingDown: {
          description: 'TEARDOWN is sent: Mesos ends the tasks.',
          entry: tearDown,
          on: {
            'framework.closed': 'closingDelivery',
            'process.restarted': { target: 'returning', actions: 'forward' },
          },
        },
        leaving: {
          description: 'The connection closes without TEARDOWN.',
          entry: { type: 'fx.close', params: { call: undefined } },
          on: {
            'framework.closed': 'closingDelivery',
            // The connection stays closed: it is not subscribed again only to leave.
            'process.restarted': { target: 'leaving', reenter: true, actions: 'tellDelivery' },
          },
        },
        returning: {
          description: 'The process ended before TEARDOWN: it needs another subscription.',
          on: {
            'mesos.subscribed': { target: 'tearingDown', actions: 'tellConnection' },
            'connection.lost': { actions: 'tellConnection' },
            'mesos.error': { actions: 'tellConnection' },
            'process.restarted': { actions: 'forward' },
            'xstate.done.actor.connection': 'closingDelivery',
          },
        },
        closingDelivery: {
          description: 'The jar server closes.',
          entry: 'closeDelivery',
          on: {
            'process.restarted': { actions: 'tellDelivery' },
            'delivery.closed': [
              { guard: 'hasFailed', target: '#scheduler.failed' },
              { target: '#scheduler.stopped' },
            ],
          },
        },
      },
    },
    stopped: {
      type: 'final',
      entry: 'reportStopped',
      description: 'The framework has stopped as its user wanted.',
    },
    failed: {
      type: 'final',
      entry: 'reportFailed',
      description: 'The framework could not go on.',
    },
  },
})

export type SchedulerSnapshot = SnapshotFrom<typeof schedulerMachine>
export type SchedulerRef = ActorRefFrom<typeof schedulerMachine>
