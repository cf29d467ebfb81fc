/**
 * Answers inverse offers: an agent will leave for maintenance, and the master asks for the
 * resources that the framework uses there.
 * Source: apache/mesos docs/maintenance.md, "Inverse Offers".
 */
import { assertEvent, assign, setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { defined } from '../../../defined.ts'
import { emptyMap, getFrom, removeFrom, setIn } from '../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../domain/persistent-map.ts'
import * as calls from '../../../mesos/scheduler-calls.ts'
import type { InverseOffer, SchedulerCall } from '../../../mesos/types.generated.ts'
import type { ConnectionLost, MesosSubscribed, ProcessRestarted } from '../connection/events.ts'

/**
 * `accept` lets the agent take its tasks down, `move` kills them and launches them elsewhere,
 * `ask` leaves the answer to the user.
 */
export type InverseOfferPolicy = 'accept' | 'decline' | 'move' | 'ask'

export type MaintenanceEvent =
  | { readonly type: 'mesos.inverseOffers'; readonly inverseOffers: readonly InverseOffer[] }
  | { readonly type: 'mesos.rescindInverseOffer'; readonly inverseOfferId: string }
  /** The user's answer, for the policy `ask`. */
  | {
      readonly type: 'inverseOffer.answer'
      readonly inverseOfferId: string
      readonly accept: boolean
    }
  /** From the scheduler: the framework stops. */
  | { readonly type: 'maintenance.close' }
  | MesosSubscribed
  | ConnectionLost
  | ProcessRestarted

/** Sent to the scheduler: tasks on these agents must move. */
export interface AgentsLeaving {
  readonly type: 'task.move'
  readonly agentIds: readonly string[]
}

export type MaintenanceFact =
  InverseOffered | { readonly type: 'inverseOffer.rescinded'; readonly inverseOfferId: string }

/** An agent will leave for maintenance. */
export interface InverseOffered {
  readonly type: 'inverseOffer.received'
  readonly inverseOfferId: string
  readonly agentId?: string
  /** Ms since the epoch. */
  readonly startsAt: number
  /** Absent if the end is not known. */
  readonly durationMs?: number
  /** `asked`: the user must answer. `moved`: accepted, and the tasks there move. */
  readonly answer: 'accepted' | 'declined' | 'moved' | 'asked'
}

export interface MaintenanceContext {
  readonly frameworkId: string
  readonly policy: InverseOfferPolicy
  /** Inverse offers that the user has not answered, by id. */
  readonly asked: PersistentMap<InverseOffer>
}

const answers = { accept: 'accepted', decline: 'declined', move: 'moved', ask: 'asked' } as const

const maintenance = setup({
  types: {} as {
    context: MaintenanceContext
    events: MaintenanceEvent
    emitted: MaintenanceFact
    input: { readonly policy?: InverseOfferPolicy | undefined }
  },
  actions: {
    'fx.call': (_, _call: SchedulerCall) => undefined,
    keepFrameworkId: assign(({ event }) => {
      assertEvent(event, 'mesos.subscribed')
      return { frameworkId: event.frameworkId }
    }),
    // Inverse offers end with their subscription.
    forgetAsked: assign({ asked: emptyMap() }),
  },
})

const answerAll = maintenance.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.inverseOffers')
  const { inverseOffers } = event
  const { policy } = context
  const ids = inverseOffers.map(({ id }) => id.value)
  if (policy === 'ask')
    enqueue.assign({
      asked: inverseOffers.reduce((map, one) => setIn(map, one.id.value, one), context.asked),
    })
  else if (ids.length > 0)
    enqueue({ type: 'fx.call', params: answerCall(context, ids, policy !== 'decline') })
  for (const inverseOffer of inverseOffers) enqueue.emit(offeredFact(inverseOffer, policy))
  if (policy !== 'move') return
  const agentIds = inverseOffers.flatMap(({ agentId }) => agentId?.value ?? [])
  enqueue.sendParent({ type: 'task.move', agentIds } satisfies AgentsLeaving)
})

const answerAsked = maintenance.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'inverseOffer.answer')
  const { inverseOfferId, accept } = event
  if (getFrom(context.asked, inverseOfferId) === undefined) return
  enqueue.assign({ asked: removeFrom(context.asked, inverseOfferId) })
  enqueue({ type: 'fx.call', params: answerCall(context, [inverseOfferId], accept) })
})

const dropRescinded = maintenance.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.rescindInverseOffer')
  const { inverseOfferId } = event
  enqueue.assign({ asked: removeFrom(context.asked, inverseOfferId) })
  enqueue.emit({ type: 'inverseOffer.rescinded', inverseOfferId })
})

export const maintenanceMachine = maintenance.createMachine({
  id: 'maintenance',
  context: ({ input }) => ({
    frameworkId: '',
    policy: input.policy ?? 'accept',
    asked: emptyMap(),
  }),
  initial: 'away',
  on: { 'maintenance.close': '.away', 'process.restarted': '.away' },
  states: {
    away: {
      description: 'There is no subscription.',
      entry: 'forgetAsked',
      on: { 'mesos.subscribed': { target: 'subscribed', actions: 'keepFrameworkId' } },
    },
    subscribed: {
      description: 'Inverse offers are answered by policy, or by the user.',
      on: {
        'connection.lost': 'away',
        'mesos.inverseOffers': { actions: answerAll },
        'mesos.rescindInverseOffer': { actions: dropRescinded },
        'inverseOffer.answer': { actions: answerAsked },
      },
    },
  },
})

export type MaintenanceSnapshot = SnapshotFrom<typeof maintenanceMachine>
export type MaintenanceRef = ActorRefFrom<typeof maintenanceMachine>

function answerCall(
  { frameworkId }: MaintenanceContext,
  ids: readonly string[],
  isAccepted: boolean,
): SchedulerCall {
  return isAccepted
    ? calls.acceptInverseOffers(frameworkId, ids)
    : calls.declineInverseOffers(frameworkId, ids)
}

function offeredFact(
  { id, agentId, unavailability: { start, duration } }: InverseOffer,
  policy: InverseOfferPolicy,
): InverseOffered {
  return {
    type: 'inverseOffer.received',
    inverseOfferId: id.value,
    startsAt: Math.round(Number(start.nanoseconds) / 1e6),
    ...defined({
      agentId: agentId?.value,
      durationMs: duration && Math.round(Number(duration.nanoseconds) / 1e6),
    }),
    answer: answers[policy],
  }
}
