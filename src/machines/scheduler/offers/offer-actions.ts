/**
 * What the scheduler does with offers: operations and tasks that wait are put on them, what is left over is held for a
 * while, and then given back.
 * Source: apache/mesos docs/scheduler-http-api.md, "ACCEPT", "DECLINE"; docs/app-framework-development-guide.md.
 */
import { assertEvent } from 'xstate'
import { explainWaiting } from './matching/explain-waiting.ts'
import { launchOperations } from './launch.ts'
import { matchOffers } from './matching/offer-matching.ts'
import type { OfferPlan } from './matching/offer-matching.ts'
import { planOperations, putOperation } from '../operations/operation-table.ts'
import type { OperationPlan, OperationTable } from '../operations/operation-table.ts'
import { rolesWaitedFor } from '../tasks/table/pending-roles.ts'
import { emptyMap, getFrom, removeFrom, setIn, valuesOf } from '../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../domain/persistent-map.ts'
import { launchTask, pendingOf, queuesOf, unitsOf } from '../tasks/table/task-table.ts'
import type { TaskTable } from '../tasks/table/task-table.ts'
import * as calls from '../../../mesos/scheduler-calls.ts'
import type { Filters, Offer, SchedulerCall } from '../../../mesos/types.generated.ts'
import { advanceOperation } from '../operations/operation.ts'
import type { SchedulerFact, TasksWaiting } from '../events.ts'
import { holdMsOf, pendingIn, rolesOf, schedulerSetup } from '../setup.ts'
import type { HeldOffer, SchedulerContext } from '../setup.ts'
import { advanceTask } from '../tasks/task.ts'

/** So many waiting tasks are named to the user; the rest are counted. */
const maxNamedTasks = 3

/** Seconds for which a declined offer stays away: little while tasks wait, Mesos' own default when none do. */
const refuseSeconds = { whileWaiting: 1, whileIdle: 5 }

const useOffers = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.offers')
  const use = planUse(context, event.offers)
  const next = { ...context, tasks: use.tasks, operations: use.operations }
  const isHeld = holdMsOf(context) > 0
  enqueue.assign({
    tasks: use.tasks,
    operations: use.operations,
    seenPending: Math.min(context.seenPending, pendingIn(next)),
    held: isHeld ? holdAll(context.held, use.unused) : context.held,
  })
  for (const call of acceptCalls(next, use)) enqueue({ type: 'fx.call', params: call })
  if (!isHeld && use.unused.length > 0)
    enqueue({ type: 'fx.call', params: declineCall(next, use.unused) })
  const givenBack = isHeld ? use.used.map(({ plan }) => plan.offer) : event.offers
  if (givenBack.length > 0)
    enqueue.sendTo('offerFlow', { type: 'flow.declined', roles: rolesOfOffers(context, givenBack) })
  const launched = launchedFacts(use)
  enqueue.emit({ type: 'offers.received', count: event.offers.length, launched: launched.length })
  if (launched.length === 0 && event.offers.length > 0 && next.tasks.pendingCount > 0)
    enqueue.emit(waitingTasks(next, event.offers))
  for (const fact of launched) enqueue.emit(fact)
})

/** New work looks at the offers that are held first. */
const useHeldOffers = schedulerSetup.enqueueActions(({ context, enqueue }) => {
  if (pendingIn(context) <= context.seenPending) return
  const use = planUse(
    context,
    Array.from(valuesOf(context.held), ({ offer }) => offer),
  )
  const offers = use.used.map(({ plan }) => plan.offer)
  enqueue.assign({
    tasks: use.tasks,
    operations: use.operations,
    held: offers.reduce((held, { id }) => removeFrom(held, id.value), context.held),
  })
  const next = { ...context, tasks: use.tasks, operations: use.operations }
  for (const call of acceptCalls(next, use)) enqueue({ type: 'fx.call', params: call })
  if (offers.length > 0)
    enqueue.sendTo('offerFlow', { type: 'flow.declined', roles: rolesOfOffers(context, offers) })
  for (const fact of launchedFacts(use)) enqueue.emit(fact)
})

/** Half of the time is over: what was held for the other half before goes back. */
const ageHeldOffers = schedulerSetup.enqueueActions(({ context, enqueue }) => {
  const held = [...valuesOf(context.held)]
  const due = held.filter(({ isOld }) => isOld).map(({ offer }) => offer)
  const kept = held.filter(({ isOld }) => !isOld)
  enqueue.assign({
    held: kept.reduce<PersistentMap<HeldOffer>>(
      (map, { offer }) => setIn(map, offer.id.value, { offer, isOld: true }),
      emptyMap(),
    ),
  })
  if (due.length === 0) return
  enqueue({ type: 'fx.call', params: declineCall(context, due) })
  enqueue.sendTo('offerFlow', { type: 'flow.declined', roles: rolesOfOffers(context, due) })
})

const declineOffers = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.offers')
  if (event.offers.length === 0) return
  enqueue({ type: 'fx.call', params: declineCall(context, event.offers) })
  enqueue.sendTo('offerFlow', {
    type: 'flow.declined',
    roles: rolesOfOffers(context, event.offers),
  })
})

const dropRescinded = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.rescind')
  if (getFrom(context.held, event.offerId) === undefined) return
  enqueue.assign({ held: removeFrom(context.held, event.offerId) })
  enqueue.emit({ type: 'offers.rescinded', offerIds: [event.offerId] })
})

/** Offers end with the subscription that they came with. */
const forgetOffers = schedulerSetup.assign({
  held: emptyMap(),
  inverseOffers: emptyMap(),
  seenPending: 0,
})

/** More work waits, or less. */
const askForOffers = schedulerSetup.enqueueActions(({ context, enqueue }) => {
  const pending = pendingIn(context)
  enqueue.assign({ seenPending: pending })
  if (pending === 0) return
  const roles = rolesOf(context)
  const isNew = pending > context.seenPending
  enqueue.sendTo('offerFlow', { type: 'flow.wanted', wanted: wantedOf(context), roles, isNew })
})

const stopOffers = schedulerSetup.enqueueActions(({ context, enqueue }) => {
  enqueue.assign({ seenPending: 0 })
  const roles = rolesOf(context)
  enqueue.sendTo('offerFlow', { type: 'flow.wanted', wanted: [], roles, isNew: false })
})

/** Operations take offers of any role. */
function wantedOf(context: SchedulerContext): readonly string[] {
  const { tasks, operations } = context
  const roles = rolesOf(context)
  if (operations.pendingCount > 0) return roles
  return rolesWaitedFor(tasks.pendingRoles, tasks.pendingCount, roles)
}

/** By the names that the machine knows them under. */
export const offerActions = {
  useOffers,
  useHeldOffers,
  ageHeldOffers,
  declineOffers,
  dropRescinded,
  forgetOffers,
  askForOffers,
  stopOffers,
}

interface UsedOffer {
  readonly plan: OfferPlan
  readonly operations: OperationPlan
}

interface OfferUse {
  readonly used: readonly UsedOffer[]
  readonly unused: readonly Offer[]
  readonly tasks: TaskTable
  readonly operations: OperationTable
}

/** What is put on which offer, and the tables after it. */
function planUse(context: SchedulerContext, offers: readonly Offer[]): OfferUse {
  let { tasks, operations } = context
  const given: OperationPlan[] = []
  for (const offer of offers) {
    const plan = planOperations(operations, offer)
    given.push(plan)
    for (const row of plan.rows) {
      const state = advanceOperation(row.state, 'operation.accepted')
      operations = putOperation(operations, { ...row, state })
    }
  }
  const open = offers.map((offer, index) => openTo(context, offer, given[index]))
  const plans = matchOffers(open, tasks, context.delivery)
  const used: UsedOffer[] = []
  const unused: Offer[] = []
  for (const [index, plan] of plans.entries()) {
    const operationPlan = given[index]
    if (plan.placements.length === 0 && !operationPlan?.rows.length) unused.push(plan.offer)
    else used.push({ plan, operations: operationPlan ?? noOperations })
    tasks = markLaunched(tasks, plan)
  }
  return { used, unused, tasks, operations }
}

const noOperations: OperationPlan = { rows: [], operations: [], rest: [] }

/** The offer as tasks may use it: an agent about to go away gets none where tasks are moved off such agents. */
function openTo(
  { policy }: Pick<SchedulerContext, 'policy'>,
  offer: Offer,
  plan: OperationPlan | undefined,
): Offer {
  const isLeaving = offer.unavailability !== undefined && policy.inverseOffers === 'move'
  if (isLeaving) return { ...offer, resources: [] }
  return plan === undefined || plan.rows.length === 0 ? offer : { ...offer, resources: plan.rest }
}

function acceptCalls(context: SchedulerContext, { used }: OfferUse): readonly SchedulerCall[] {
  const { frameworkId, delivery } = context
  return used.map(({ plan, operations }) => {
    const launches =
      plan.placements.length === 0 ? [] : launchOperations(plan, frameworkId, delivery)
    return calls.accept(
      frameworkId,
      [plan.offer.id.value],
      [...operations.operations, ...launches],
      filtersOf(context),
    )
  })
}

function launchedFacts({ used }: OfferUse): readonly SchedulerFact[] {
  return used.flatMap(({ plan: { offer, placements } }) =>
    placements.map(({ row }) => ({
      type: 'task.launched' as const,
      taskId: row.request.id,
      attempt: row.attempt,
      agentId: offer.agentId.value,
      hostname: offer.hostname,
    })),
  )
}

function waitingTasks(
  context: Pick<SchedulerContext, 'tasks' | 'policy' | 'delivery'>,
  offers: readonly Offer[],
): TasksWaiting {
  const { tasks, delivery } = context
  const queues = queuesOf(tasks)
  const rows = queues.flatMap((queue) => [...take(pendingOf(tasks, queue), maxNamedTasks)])
  const [first = []] = queues[0] === undefined ? [] : unitsOf(tasks, queues[0])
  const { constraints, role } = first[0]?.request ?? {}
  const open = offers.map((offer) => openTo(context, offer, undefined))
  return {
    type: 'task.waiting',
    count: tasks.pendingCount,
    taskIds: rows.slice(0, maxNamedTasks).map(({ request }) => request.id),
    ...(constraints && { constraints }),
    ...(role === undefined ? {} : { role }),
    ...explainWaiting(first, open, tasks, delivery),
  }
}

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  let taken = 0
  for (const item of items) {
    if (taken++ === count) return
    yield item
  }
}

function markLaunched(tasks: TaskTable, { offer, placements }: OfferPlan): TaskTable {
  const where = { agentId: offer.agentId.value, hostname: offer.hostname }
  return placements.reduce((table, { row, counted }) => {
    const state = advanceTask(row.state, 'task.launched')
    return launchTask(table, { ...row, ...where, state }, counted)
  }, tasks)
}

function holdAll(
  held: PersistentMap<HeldOffer>,
  offers: readonly Offer[],
): PersistentMap<HeldOffer> {
  return offers.reduce((map, offer) => setIn(map, offer.id.value, { offer, isOld: false }), held)
}

function filtersOf(context: SchedulerContext): Filters {
  const { whileWaiting, whileIdle } = refuseSeconds
  return { refuseSeconds: pendingIn(context) > 0 ? whileWaiting : whileIdle }
}

function declineCall(context: SchedulerContext, offers: readonly Offer[]): SchedulerCall {
  const offerIds = offers.map(({ id }) => id.value)
  return calls.decline(context.frameworkId, offerIds, filtersOf(context))
}

function rolesOfOffers(context: SchedulerContext, offers: readonly Offer[]): readonly string[] {
  const roles = offers.map(({ allocationInfo }) => allocationInfo?.role)
  const known = roles.filter((role) => role !== undefined)
  return known.length === roles.length ? [...new Set(known)] : rolesOf(context)
}
