/**
 * Offers: asks for them while work waits, launches operations and tasks with them, holds unused
 * ones for a while, and declines them.
 * Source: apache/mesos docs/scheduler-http-api.md, "ACCEPT", "DECLINE";
 * docs/app-framework-development-guide.md.
 */
import { assertEvent } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { removeFrom, emptyMap } from '../../../domain/persistent-map.ts'
import * as calls from '../../../mesos/scheduler-calls.ts'
import { offersSetup } from './setup.ts'
import {
  ageHeldOffers,
  declineOffers,
  returnOffers,
  stopAsking,
  takeWork,
  useOffers,
} from './use-offers.ts'
import { nameActions } from '../../actions/name-actions.ts'

const requestOffers = offersSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'offers.request')
  enqueue({ type: 'fx.call', params: calls.request(context.frameworkId, event.requests) })
})

const dropRescinded = offersSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.rescind')
  enqueue.assign({ held: removeFrom(context.held, event.offerId) })
  enqueue.emit({ type: 'offers.rescinded', offerIds: [event.offerId] })
})

export const offersMachine = offersSetup.createMachine({
  id: 'offers',
  context: ({ input }) => ({
    frameworkId: '',
    roles: input.roles,
    holdMs: input.holdMs ?? 0,
    leavingAgents: input.leavingAgents ?? 'used',
    revives: input.revives ?? {},
    held: emptyMap(),
    waiting: 0,
    wanted: [],
    needCount: 0,
  }),
  invoke: [
    { id: 'offerFlow', src: 'offerFlow', input: ({ context }) => context.revives },
    { id: 'waits', src: 'waits', input: ({ context: { holdMs } }) => ({ holdMs }) },
  ],
  initial: 'away',
  on: {
    'framework.updated': { actions: ['keepRoles', 'tellRoles'] },
    'offers.request': { actions: requestOffers },
    'offers.close': '.closed',
  },
  states: {
    away: {
      description: 'There is no subscription.',
      on: {
        'mesos.subscribed': { target: 'subscribed', actions: ['keepFrameworkId', 'tellFlow'] },
        'process.restarted': { actions: 'tellFlow' },
      },
    },
    subscribed: {
      description: 'The master sends offers.',
      initial: 'waitingForDelivery',
      exit: ['forgetOffers', 'tellFlow', 'endWaits'],
      on: {
        'connection.lost': 'away',
        'process.restarted': 'away',
        'mesos.offers': { actions: declineOffers },
        'mesos.rescind': { guard: 'isHeld', actions: dropRescinded },
        'offers.revive': { actions: 'tellFlow' },
        'room.freed': { actions: 'tellFlow' },
        'call.failed': [
          { guard: 'isOfFlow', actions: 'tellFlow' },
          { guard: 'hasOffers', actions: returnOffers },
        ],
      },
      states: {
        waitingForDelivery: {
          description: 'Offers are declined until the jar server has started.',
          on: { 'delivery.ready': { target: 'open', actions: takeWork } },
        },
        open: {
          description: 'Offers are used, held or declined.',
          initial: 'asking',
          on: {
            'mesos.offers': { actions: useOffers },
            'work.changed': { actions: takeWork },
            'need.unmet': { actions: 'tellScheduler' },
            // Tasks can be launched on more agents than before.
            'delivery.ready': { actions: takeWork },
          },
          states: {
            asking: {
              description: 'Work waits: offers are asked for, used, and else declined.',
              always: [
                { guard: 'isHolding', target: 'holding' },
                { guard: 'lingers', target: 'idle' },
                { guard: 'hasNoWork', target: 'suppressed' },
              ],
            },
            holding: {
              description: 'Unused offers are held for work to come.',
              always: { guard: 'isHoldingNone', target: 'asking' },
              after: {
                halfHold: [
                  { guard: 'isLastHalf', target: 'suppressed', actions: ageHeldOffers },
                  { target: 'holding', reenter: true, actions: ageHeldOffers },
                ],
              },
            },
            idle: {
              description: 'No work waits. Offers still flow for a while.',
              always: [
                { guard: 'isHolding', target: 'holding' },
                { guard: 'hasWork', target: 'asking' },
              ],
              after: { linger: 'suppressed' },
            },
            suppressed: {
              description: 'No work waits. The master sends no offers.',
              entry: stopAsking,
              always: { guard: 'hasWork', target: 'asking' },
              on: { 'mesos.offers': { actions: declineOffers } },
            },
          },
        },
      },
    },
    closed: { description: 'The framework stops: offers are ignored.' },
  },
})

export type OffersSnapshot = SnapshotFrom<typeof offersMachine>
export type OffersRef = ActorRefFrom<typeof offersMachine>

nameActions({ requestOffers, dropRescinded })
