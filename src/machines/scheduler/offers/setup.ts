/** Events, facts, context and guards of the offers machine. */
import { assertEvent, assign, sendParent, sendTo, setup } from 'xstate'
import type { Offer, Request, SchedulerCall } from '../../../mesos/types.generated.ts'
import { emptyMap, getFrom, valuesOf } from '../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../domain/persistent-map.ts'
import type {
  CallFailed,
  ConnectionLost,
  MesosSubscribed,
  ProcessRestarted,
} from '../connection/events.ts'
import type { FrameworkUpdated } from '../connection/framework-update.ts'
import type { RoomFreed, TaskLaunch } from '../tasks/events.ts'
import { offerFlowMachine } from './offer-flow.ts'
import type { OfferFlowInput } from './offer-flow.ts'
import type { Work } from './accepts.ts'
import type { NeedUnmet } from './waits/setup.ts'
import { waitsMachine } from './waits/waits.ts'

export type OffersEvent =
  | { readonly type: 'mesos.offers'; readonly offers: readonly Offer[]; readonly work: Work }
  | { readonly type: 'mesos.rescind'; readonly offerId: string }
  /** From the scheduler: tasks can be launched. */
  | { readonly type: 'delivery.ready'; readonly work: Work }
  /** From the scheduler: more or less work waits. */
  | { readonly type: 'work.changed'; readonly work: Work }
  | { readonly type: 'offers.request'; readonly requests: readonly Request[] }
  /** Ask again for offers while work waits; nothing otherwise, since new work asks by itself. */
  | { readonly type: 'offers.revive' }
  | RoomFreed
  /** From the scheduler: the framework stops. */
  | { readonly type: 'offers.close' }
  /** From the waits: tasks waited too long. */
  | NeedUnmet
  | FrameworkUpdated
  | CallFailed
  | MesosSubscribed
  | ConnectionLost
  | ProcessRestarted

/** Sent to the scheduler: ACCEPT calls with this work are on their way. */
export interface WorkLaunched {
  readonly type: 'work.launched'
  readonly launches: readonly TaskLaunch[]
  readonly operationIds: readonly string[]
}

export type OffersFact =
  | { readonly type: 'offers.received'; readonly count: number; readonly launched: number }
  /** The master took back offers that were held. */
  | { readonly type: 'offers.rescinded'; readonly offerIds: readonly string[] }

export interface OffersInput {
  readonly roles: readonly string[]
  /** Maximum time that an unused offer is held, ms. Default 0: it is declined at once. */
  readonly holdMs?: number | undefined
  /** `unused`: no task is launched on an agent with announced maintenance. Default used. */
  readonly leavingAgents?: 'used' | 'unused'
  readonly revives?: OfferFlowInput | undefined
}

export interface OffersContext {
  readonly frameworkId: string
  readonly roles: readonly string[]
  readonly holdMs: number
  readonly leavingAgents: 'used' | 'unused'
  readonly revives: OfferFlowInput
  /** Held offers, by id. */
  readonly held: PersistentMap<HeldOffer>
  /** Number of tasks and operations that wait. */
  readonly waiting: number
  /** The roles that the offer flow was told to ask for. */
  readonly wanted: readonly string[]
  /** Number of needs that have ever waited: the waits are told of their needs when it grows. */
  readonly needCount: number
}

export interface HeldOffer {
  readonly offer: Offer
  /** Held for half of `holdMs`: it is declined when the other half is over. */
  readonly isOld: boolean
}

export const offersSetup = setup({
  types: {} as {
    context: OffersContext
    events: OffersEvent
    emitted: OffersFact
    input: OffersInput
  },
  actors: { offerFlow: offerFlowMachine, waits: waitsMachine },
  actions: {
    'fx.call': (_, _call: SchedulerCall) => undefined,
    keepFrameworkId: assign(({ event }) => {
      assertEvent(event, 'mesos.subscribed')
      return { frameworkId: event.frameworkId }
    }),
    keepRoles: assign(({ event }) => {
      assertEvent(event, 'framework.updated')
      return { roles: rolesOf(event.description.framework) }
    }),
    // Offers end with their subscription.
    forgetOffers: assign({ held: emptyMap(), waiting: 0, wanted: [], needCount: 0 }),
    endWaits: sendTo('waits', { type: 'offers.over' }),
    tellScheduler: sendParent(({ event }) => event),
    tellFlow: sendTo('offerFlow', ({ event }) => event),
    tellRoles: sendTo('offerFlow', ({ event }) => {
      assertEvent(event, 'framework.updated')
      return { type: 'roles.changed' as const, roles: rolesOf(event.description.framework) }
    }),
  },
  guards: {
    isHolding: ({ context }) => context.held.size > 0,
    isHoldingNone: ({ context }) => context.held.size === 0,
    isLastHalf: ({ context: { held, waiting } }) =>
      waiting === 0 && Array.from(valuesOf(held)).every(({ isOld }) => isOld),
    hasWork: ({ context }) => context.waiting > 0,
    hasNoWork: ({ context }) => context.waiting === 0,
    lingers: ({ context }) => context.holdMs > 0 && context.waiting === 0,
    isHeld: ({ context, event }) =>
      event.type === 'mesos.rescind' && getFrom(context.held, event.offerId) !== undefined,
    isOfFlow: ({ event }) =>
      event.type === 'call.failed' && (event.call === 'REVIVE' || event.call === 'SUPPRESS'),
    // The offers of another subscription are gone.
    hasOffers: ({ event }) =>
      event.type === 'call.failed' &&
      event.offerIds !== undefined &&
      event.code !== 'NOT_SUBSCRIBED',
  },
  delays: {
    halfHold: ({ context }) => context.holdMs / 2,
    linger: ({ context }) => context.holdMs,
  },
})

/** Roles of a framework, whether it names one or several. */
export function rolesOf(framework: {
  readonly roles?: readonly string[]
  readonly role?: string
}): readonly string[] {
  return framework.roles ?? [framework.role ?? '*']
}
