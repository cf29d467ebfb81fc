/**
 * Asks the master for offers, role by role: SUPPRESS while no work waits for a role; REVIVE when
 * work waits and the role is suppressed, or filters hold its offers back. A REVIVE makes the
 * master allocate again, so a token bucket limits the rate.
 * Source: apache/mesos docs/scheduler-http-api.md, "REVIVE", "SUPPRESS";
 * docs/app-framework-development-guide.md.
 */
import { assertEvent, assign, setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import * as calls from '../../../mesos/scheduler-calls.ts'
import type { SchedulerCall } from '../../../mesos/types.generated.ts'
import type {
  CallFailed,
  ConnectionLost,
  MesosSubscribed,
  ProcessRestarted,
} from '../connection/events.ts'
import type { RoomFreed } from '../tasks/events.ts'

export type OfferFlowEvent =
  /** The roles, of those of the framework, for whose offers work waits. */
  | {
      readonly type: 'roles.wanted'
      readonly wanted: readonly string[]
      readonly roles: readonly string[]
      /** True for more work than before: it may fit offers that were declined. */
      readonly isNew: boolean
    }
  /** A DECLINE or ACCEPT set filters: the master holds back offers of these roles for a while. */
  | { readonly type: 'roles.filtered'; readonly roles: readonly string[] }
  /** From the user: ask again for offers that the filters of a DECLINE or ACCEPT hold back. */
  | { readonly type: 'offers.revive' }
  /** From the tasks: the next allocation would offer the resources of ended tasks. */
  | RoomFreed
  /** The master took a new description of the framework: no role is suppressed. */
  | { readonly type: 'roles.changed'; readonly roles: readonly string[] }
  /** REVIVE or SUPPRESS failed. */
  | CallFailed
  /** The framework stops. */
  | { readonly type: 'offers.close' }
  | MesosSubscribed
  | ConnectionLost
  | ProcessRestarted

export interface OfferFlowInput {
  /** Size of the bucket: REVIVE calls in a row. Default 60. */
  readonly burst?: number
  /** The bucket gets one token in this time, ms. Default 200. */
  readonly refillMs?: number
}

export interface OfferFlowContext extends Required<OfferFlowInput> {
  readonly frameworkId: string
  /** All lists of roles are sorted by name. */
  readonly roles: readonly string[]
  readonly wanted: readonly string[]
  /** Roles whose offers filters may hold back. */
  readonly filtered: readonly string[]
  readonly suppressed: readonly string[]
  /** Filtered roles for which new work waits. */
  readonly missed: readonly string[]
  readonly tokens: number
}

const offerFlow = setup({
  types: {} as { context: OfferFlowContext; events: OfferFlowEvent; input: OfferFlowInput },
  actions: {
    'fx.call': (_, _call: SchedulerCall) => undefined,
    // A new subscription has no filters, and no role is suppressed.
    startAnew: assign(({ event }) => {
      assertEvent(event, 'mesos.subscribed')
      return { frameworkId: event.frameworkId, filtered: [], suppressed: [], missed: [] }
    }),
    keepWanted: assign(({ context, event }) => {
      assertEvent(event, 'roles.wanted')
      const { wanted, roles, isNew } = event
      const missed = isNew ? context.filtered.filter((role) => wanted.includes(role)) : []
      return {
        wanted: inOrder(wanted),
        roles: inOrder(roles),
        missed: inOrder([...context.missed, ...missed]),
      }
    }),
    keepFiltered: assign(({ context, event }) => {
      assertEvent(event, 'roles.filtered')
      return { filtered: inOrder([...context.filtered, ...event.roles]) }
    }),
    missWanted: assign(({ context }) => ({ missed: context.wanted })),
    // The master may have taken the call: send all of them again.
    forgetAnswers: assign(({ context }) => ({ missed: context.wanted, suppressed: [] })),
    reset: assign(({ context, event }) => {
      assertEvent(event, 'roles.changed')
      const wanted = context.wanted.length === 0 ? [] : event.roles
      return { roles: inOrder(event.roles), wanted: inOrder(wanted), suppressed: [] }
    }),
    takeToken: assign({ tokens: ({ context }) => context.tokens - 1 }),
    addToken: assign({ tokens: ({ context }) => context.tokens + 1 }),
  },
  guards: {
    canSuppress: ({ context }) => suppressible(context).length > 0,
    mustRevive: ({ context }) => revivable(context).length > 0,
    canRevive: ({ context }) => revivable(context).length > 0 && context.tokens > 0,
    isFull: ({ context }) => context.tokens >= context.burst,
    isUsed: ({ context }) => context.tokens < context.burst,
    isSettled: ({ context }) => context.tokens > 0 || revivable(context).length === 0,
  },
  delays: { refill: ({ context }) => context.refillMs },
})

const suppressOffers = offerFlow.enqueueActions(({ context, enqueue }) => {
  const roles = suppressible(context)
  enqueue.assign({
    suppressed: inOrder([...context.suppressed, ...roles]),
    missed: context.missed.filter((role) => !roles.includes(role)),
  })
  enqueue({
    type: 'fx.call',
    params: calls.suppress(context.frameworkId, named(context, roles)),
  })
})

const reviveOffers = offerFlow.enqueueActions(({ context, enqueue }) => {
  const roles = revivable(context)
  const without = (list: readonly string[]) => list.filter((role) => !roles.includes(role))
  enqueue.assign({
    suppressed: without(context.suppressed),
    filtered: without(context.filtered),
    missed: without(context.missed),
  })
  enqueue({ type: 'fx.call', params: calls.revive(context.frameworkId, named(context, roles)) })
})

export const offerFlowMachine = offerFlow.createMachine({
  id: 'offerFlow',
  context: ({ input }) => {
    const burst = input.burst ?? 60
    return {
      burst,
      refillMs: input.refillMs ?? 200,
      frameworkId: '',
      roles: [],
      wanted: [],
      filtered: [],
      suppressed: [],
      missed: [],
      tokens: burst,
    }
  },
  type: 'parallel',
  on: {
    'roles.wanted': { actions: 'keepWanted' },
    'roles.filtered': { actions: 'keepFiltered' },
    'roles.changed': { actions: 'reset' },
    'offers.revive': { actions: 'missWanted' },
    'room.freed': { actions: 'missWanted' },
  },
  states: {
    offers: {
      description: 'Which calls the roles need.',
      initial: 'away',
      on: {
        'mesos.subscribed': { target: '.settled', actions: 'startAnew' },
        'connection.lost': '.away',
        'process.restarted': '.away',
        'offers.close': '.away',
      },
      states: {
        away: { description: 'There is no subscription.' },
        settled: {
          description: 'The master knows which roles need offers.',
          always: [
            { guard: 'canSuppress', actions: suppressOffers },
            { guard: 'canRevive', actions: [reviveOffers, 'takeToken'] },
            { guard: 'mustRevive', target: 'waitingForToken' },
          ],
          on: { 'call.failed': { target: 'retrying', actions: 'forgetAnswers' } },
        },
        waitingForToken: {
          description: 'REVIVE waits for a token.',
          always: [
            { guard: 'canSuppress', actions: suppressOffers },
            { guard: 'isSettled', target: 'settled' },
          ],
          on: { 'call.failed': { target: 'retrying', actions: 'forgetAnswers' } },
        },
        retrying: {
          description: 'REVIVE or SUPPRESS failed: it is sent again.',
          after: { refill: 'settled' },
        },
      },
    },
    bucket: {
      description: 'Tokens limit how often REVIVE is sent.',
      initial: 'full',
      states: {
        full: {
          description: 'All tokens are there.',
          always: { guard: 'isUsed', target: 'filling' },
        },
        filling: {
          description: 'One token comes back at a time.',
          always: { guard: 'isFull', target: 'full' },
          after: { refill: { target: 'filling', reenter: true, actions: 'addToken' } },
        },
      },
    },
  },
})

export type OfferFlowSnapshot = SnapshotFrom<typeof offerFlowMachine>
export type OfferFlowRef = ActorRefFrom<typeof offerFlowMachine>

function suppressible({ roles, wanted, suppressed }: OfferFlowContext): readonly string[] {
  return roles.filter((role) => !wanted.includes(role) && !suppressed.includes(role))
}

function revivable({ wanted, missed, suppressed }: OfferFlowContext): readonly string[] {
  return wanted.filter((role) => missed.includes(role) || suppressed.includes(role))
}

/** A call without roles means all of them. */
function named({ roles }: OfferFlowContext, some: readonly string[]): readonly string[] {
  return some.length === roles.length ? [] : some
}

function inOrder(roles: readonly string[]): readonly string[] {
  return [...new Set(roles)].toSorted()
}
