/** Events, facts, context and guards of the waits machine. */
import { assertEvent, assign, emit, sendParent, setup } from 'xstate'
import { defined } from '../../../../defined.ts'
import { getFrom } from '../../../../domain/persistent-map.ts'
import type { Delivery } from '../../../../domain/tasks/executors.ts'
import type { WaitingReason } from '../../../../domain/tasks/waiting/waiting-reason.ts'
import type { Offer } from '../../../../mesos/types.generated.ts'
import type { TaskTable } from '../../tasks/table/task-table.ts'
import type { TasksWaiting } from '../matching/explain-waiting.ts'
import type { NeedWatches, WaitingNeed } from './needs.ts'

export type WaitsEvent =
  /** From the offers: which needs wait. */
  | { readonly type: 'needs.changed'; readonly needs: readonly WaitingNeed[] }
  /** From the offers: these offers were used for some of this work. */
  | {
      readonly type: 'round.over'
      readonly offers: readonly Offer[]
      readonly work: WaitingWork
      readonly launchedIds: readonly string[]
    }
  /** A timer: no agent had room for this need for as long as its tasks allow. */
  | { readonly type: 'need.overdue'; readonly order: number }
  /** From the offers: there is no subscription. */
  | { readonly type: 'offers.over' }

interface WaitingWork {
  readonly tasks: TaskTable
  readonly delivery: Delivery | undefined
}

/** Sent to the parent: the tasks of this need end. */
export interface NeedUnmet {
  readonly type: 'need.unmet'
  readonly order: number
  readonly limitMs: number
  /** Absent if no offers came. */
  readonly reason?: WaitingReason
}

export type WaitsFact = TasksWaiting | OffersMissing

/** Work waits, and for this long the master made no offer. */
export interface OffersMissing {
  readonly type: 'offers.missing'
  readonly silentMs: number
}

export interface WaitsInput {
  /** Time for which offers are held, ms: the master offers them again only after that. */
  readonly holdMs: number
}

export interface WaitsContext extends WaitsInput {
  readonly watches: NeedWatches
  /** Explanations since something changed. */
  readonly repeats: number
}

/** Between explanations, ms. */
const intervalMs = { first: 10_000, most: 600_000 }
export const waitsSetup = setup({
  types: {} as {
    context: WaitsContext
    events: WaitsEvent
    emitted: WaitsFact
    input: WaitsInput
  },
  actions: {
    reportSilence: emit(({ context }) => ({
      type: 'offers.missing' as const,
      silentMs: silenceOf(context),
    })),
    countSilence: assign({ repeats: ({ context }) => context.repeats + 1 }),
    tellUnmet: sendParent(({ context, event }: { context: WaitsContext; event: WaitsEvent }) => {
      assertEvent(event, 'need.overdue')
      const { limitMs = 0, reason } = getFrom(context.watches, String(event.order)) ?? {}
      return { type: 'need.unmet', order: event.order, limitMs, ...defined({ reason }) }
    }),
  },
  guards: {
    hasNone: ({ context }) => context.watches.size === 0,
    hasSome: ({ event }) => event.type === 'needs.changed' && event.needs.length > 0,
  },
  delays: {
    interval: ({ context }) => Math.min(intervalMs.most, intervalMs.first * 2 ** context.repeats),
    silence: ({ context }) => silenceOf(context),
  },
})

/** Masters make offers about once per second, and those that are held again after their time. */
function silenceOf({ holdMs }: WaitsInput): number {
  return 10_000 + holdMs
}
