/**
 * The delivery of libraries: starts the jar server once the framework is registered, and closes it
 * when the framework stops. Notifies the scheduler after each subscription that launches can start.
 */
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { deliverySetup } from './setup.ts'
import { giveUpRuntime, keepRuntime, shipRuntime } from './ship-runtimes.ts'

export const deliveryMachine = deliverySetup.createMachine({
  id: 'delivery',
  context: ({ input }) => ({ ships: input.ships, url: undefined, delivery: undefined }),
  initial: 'choosing',
  on: {
    'mesos.failure': [
      { guard: 'asksForRuntime', actions: shipRuntime },
      { guard: 'isOfExecutor', actions: 'reportExecutor' },
    ],
  },
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
        'runtime.prepared': { target: 'serving', reenter: true, actions: keepRuntime },
        // Tasks are launched there once more, and end with the reason.
        'runtime.failed': { target: 'serving', reenter: true, actions: giveUpRuntime },
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
