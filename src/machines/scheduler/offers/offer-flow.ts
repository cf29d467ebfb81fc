/**
 * Whether the master sends offers, role by role: suppressed while nothing needs them, revived when something does and
 * they were suppressed, or declined and so held back. A REVIVE makes the master look at all its agents again, so each
 * takes a token from a bucket that fills up slowly.
 * Source: apache/mesos docs/scheduler-http-api.md, "REVIVE", "SUPPRESS"; docs/app-framework-development-guide.md.
 */
import { assertEvent, assign, setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import * as calls from '../../../mesos/scheduler-calls.ts'
import type { SchedulerCall } from '../../../mesos/types.generated.ts'
import type {
  ConnectionLost,
  MesosSubscribed,
  ProcessRestarted,
} from '../connection/subscription.ts'

export type OfferFlowEvent =
  /** Roles for whose offers there is work; of all the roles that the framework has. */
  | {
      readonly type: 'flow.wanted'
      readonly wanted: readonly string[]
      readonly roles: readonly string[]
      /** True when more work came in, which offers that were declined may do for. */
      readonly isNew: boolean
    }
  /** Offers of these roles were given back: the master keeps them away for a while. */
  | { readonly type: 'flow.declined'; readonly roles: readonly string[] }
  /** The framework's description was replaced, and nothing is suppressed any more. */
  | { readonly type: 'flow.reset'; readonly roles: readonly string[] }
  /** A REVIVE or SUPPRESS did not get through. */
  | { readonly type: 'flow.failed' }
  | MesosSubscribed
  | ConnectionLost
  | ProcessRestarted

export interface OfferFlowInput {
  /** Revives in a row before they have to wait. Default 60. */
  readonly burst?: number
  /** One token comes back in this time, ms. Default 1000. */
  readonly refillMs?: number
}

export interface OfferFlowContext extends Required<OfferFlowInput> {
  readonly frameworkId: string
  /** In order of name, as are the others. */
  readonly roles: readonly string[]
  readonly wanted: readonly string[]
  /** Offers of these may be held back by filters. */
  readonly declined: readonly string[]
  readonly suppressed: readonly string[]
  /** Declined, and wanted since. */
  readonly missed: readonly string[]
  readonly tokens: number
}

const offerFlow = setup({
  types: {} as { context: OfferFlowContext; events: OfferFlowEvent; input: OfferFlowInput },
  actions: {
    'fx.call': (_, _call: SchedulerCall) => undefined,
    // The master begins a subscription with no filters and nothing suppressed.
    startAnew: assign(({ event }) => {
      assertEvent(event, 'mesos.subscribed')
      return { frameworkId: event.frameworkId, declined: [], suppressed: [], missed: [] }
    }),
    keepWanted: assign(({ context, event }) => {
      assertEvent(event, 'flow.wanted')
      const { wanted, roles, isNew } = event
      const missed = isNew ? context.declined.filter((role) => wanted.includes(role)) : []
      return {
        wanted: inOrder(wanted),
        roles: inOrder(roles),
        missed: inOrder([...context.missed, ...missed]),
      }
    }),
    keepDeclined: assign(({ context, event }) => {
      assertEvent(event, 'flow.declined')
      return { declined: inOrder([...context.declined, ...event.roles]) }
    }),
    // What the master made of it is not known: everything is said again.
    forgetAnswers: assign(({ context }) => ({ missed: context.wanted, suppressed: [] })),
    reset: assign(({ context, event }) => {
      assertEvent(event, 'flow.reset')
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
    declined: without(context.declined),
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
      refillMs: input.refillMs ?? 1000,
      frameworkId: '',
      roles: [],
      wanted: [],
      declined: [],
      suppressed: [],
      missed: [],
      tokens: burst,
    }
  },
  type: 'parallel',
  on: {
    'flow.wanted': { actions: 'keepWanted' },
    'flow.declined': { actions: 'keepDeclined' },
    'flow.reset': { actions: 'reset' },
  },
  states: {
    offers: {
      initial: 'away',
      on: {
        'mesos.subscribed': { target: '.settled', actions: 'startAnew' },
        'connection.lost': '.away',
        'process.restarted': '.away',
      },
      states: {
        away: {},
        settled: {
          always: [
            { guard: 'canSuppress', actions: suppressOffers },
            { guard: 'canRevive', actions: [reviveOffers, 'takeToken'] },
            { guard: 'mustRevive', target: 'waitingForToken' },
          ],
          on: { 'flow.failed': { target: 'retrying', actions: 'forgetAnswers' } },
        },
        waitingForToken: {
          always: [
            { guard: 'canSuppress', actions: suppressOffers },
            { guard: 'isSettled', target: 'settled' },
          ],
          on: { 'flow.failed': { target: 'retrying', actions: 'forgetAnswers' } },
        },
        retrying: { after: { refill: 'settled' } },
      },
    },
    bucket: {
      initial: 'full',
      states: {
        full: { always: { guard: 'isUsed', target: 'filling' } },
        filling: {
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

/** A call that names no roles is about all of them. */
function named({ roles }: OfferFlowContext, some: readonly string[]): readonly string[] {
  return some.length === roles.length ? [] : some
}

function inOrder(roles: readonly string[]): readonly string[] {
  return [...new Set(roles)].toSorted()
}
