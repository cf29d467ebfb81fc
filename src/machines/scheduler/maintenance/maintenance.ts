/**
 * What the scheduler answers when an agent is to go away: inverse offers ask for the resources in use there.
 * Source: apache/mesos docs/maintenance.md, "Inverse Offers".
 */
import { assertEvent } from 'xstate'
import { getFrom, removeFrom, setIn } from '../../../domain/persistent-map.ts'
import { tasksOf, updateTask } from '../tasks/table/task-table.ts'
import * as calls from '../../../mesos/scheduler-calls.ts'
import type { InverseOffer, SchedulerCall } from '../../../mesos/types.generated.ts'
import { killOf } from '../tasks/launches.ts'
import type { InverseOffered } from '../events.ts'
import { schedulerSetup } from '../setup.ts'
import type { SchedulerContext, SchedulerPolicy } from '../setup.ts'
import { advanceTask } from '../tasks/task.ts'

const answers = { accept: 'accepted', decline: 'declined', move: 'moved', ask: 'asked' } as const

const answerInverseOffers = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.inverseOffers')
  const { inverseOffers } = event
  const policy = context.policy.inverseOffers ?? 'accept'
  const ids = inverseOffers.map(({ id }) => id.value)
  if (ids.length > 0 && policy !== 'ask')
    enqueue({ type: 'fx.call', params: answerCall(context, ids, policy !== 'decline') })
  if (policy === 'ask') {
    enqueue.assign({
      inverseOffers: inverseOffers.reduce(
        (map, inverseOffer) => setIn(map, inverseOffer.id.value, inverseOffer),
        context.inverseOffers,
      ),
    })
  }
  for (const inverseOffer of inverseOffers) enqueue.emit(offeredFact(inverseOffer, policy))
})

/** Kills what runs on the agents that go away, so that it is launched elsewhere; that is no attempt of the tasks' own. */
const moveTasks = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.inverseOffers')
  if (context.policy.inverseOffers !== 'move') return
  const leaving = new Set(event.inverseOffers.map(({ agentId }) => agentId?.value))
  const rows = Array.from(tasksOf(context.tasks)).filter(
    ({ agentId = '', state, isKilled }) =>
      leaving.has(agentId) && isKilled !== true && !['killing', 'ending'].includes(state),
  )
  if (rows.length === 0) return
  let { tasks } = context
  for (const row of rows) {
    const state = advanceTask(row.state, 'task.killing')
    tasks = updateTask(tasks, { ...row, state, moves: true })
    enqueue.sendTo('kills', { type: 'kill.requested', kill: killOf(row) })
  }
  enqueue.assign({ tasks, hasKills: true })
})

const takeInverseAnswer = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'inverseOffer.answer')
  const { inverseOfferId, accept } = event
  if (getFrom(context.inverseOffers, inverseOfferId) === undefined) return
  enqueue.assign({ inverseOffers: removeFrom(context.inverseOffers, inverseOfferId) })
  enqueue({ type: 'fx.call', params: answerCall(context, [inverseOfferId], accept) })
})

const dropInverseOffer = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.rescindInverseOffer')
  const { inverseOfferId } = event
  enqueue.assign({ inverseOffers: removeFrom(context.inverseOffers, inverseOfferId) })
  enqueue.emit({ type: 'inverseOffer.rescinded', inverseOfferId })
})

/** By the names that the machine knows them under. */
export const maintenanceActions = {
  answerInverseOffers,
  moveTasks,
  takeInverseAnswer,
  dropInverseOffer,
}

function answerCall(
  { frameworkId }: SchedulerContext,
  ids: readonly string[],
  isAccepted: boolean,
): SchedulerCall {
  return isAccepted
    ? calls.acceptInverseOffers(frameworkId, ids)
    : calls.declineInverseOffers(frameworkId, ids)
}

function offeredFact(
  { id, agentId, unavailability }: InverseOffer,
  policy: NonNullable<SchedulerPolicy['inverseOffers']>,
): InverseOffered {
  const { start, duration } = unavailability
  return {
    type: 'inverseOffer.received',
    inverseOfferId: id.value,
    ...(agentId === undefined ? {} : { agentId: agentId.value }),
    startsAt: Math.round(Number(start.nanoseconds) / 1e6),
    ...(duration === undefined
      ? {}
      : { durationMs: Math.round(Number(duration.nanoseconds) / 1e6) }),
    answer: answers[policy],
  }
}
