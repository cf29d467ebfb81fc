/** The named actions of the scheduler machine: what each event makes of its context, and which effects it asks for. */
import { assertEvent } from 'xstate'
import { launchOperations } from '../domain/launch.ts'
import { matchOffers } from '../domain/offer-matching.ts'
import type { OfferPlan } from '../domain/offer-matching.ts'
import { getFrom, setIn } from '../domain/persistent-map.ts'
import type { PersistentMap } from '../domain/persistent-map.ts'
import { largestOf } from '../domain/resources.ts'
import { launchIdOf, parseLaunchId, resourcesOf } from '../domain/task-request.ts'
import type { TaskRequest } from '../domain/task-request.ts'
import {
  addTasks,
  emptyTaskTable,
  findTask,
  launchTask,
  pendingOf,
  queuesOf,
  removeTask,
  returnTask,
  tasksOf,
  togetherWith,
  updateTask,
} from '../domain/task-table.ts'
import type { TaskRow, TaskTable } from '../domain/task-table.ts'
import * as calls from '../mesos/scheduler-calls.ts'
import type { Filters, Offer, SchedulerCall, TaskStatus } from '../mesos/types.generated.ts'
import type { JarServerStarted } from './jar-server.ts'
import type { SchedulerFact, TasksWaiting } from './scheduler-events.ts'
import { mustTearDown, schedulerSetup } from './scheduler-setup.ts'
import type { SchedulerContext } from './scheduler-setup.ts'
import type { ConnectionLost, SubscriptionFailure } from './subscription.ts'
import { advanceTask } from './task.ts'
import { applyStatus } from './task-update.ts'
import type { TaskFact } from './task-update.ts'

/** So many waiting tasks are named to the user; the rest are counted. */
const maxNamedTasks = 3

/** Seconds for which a declined offer stays away: little while tasks wait, Mesos' own default when none do. */
const refuseSeconds = { whileWaiting: 1, whileIdle: 5 }

const keepFrameworkId = schedulerSetup.enqueueActions(({ enqueue, event }) => {
  assertEvent(event, 'mesos.subscribed')
  const { frameworkId, master } = event
  enqueue.assign({ frameworkId })
  enqueue.emit({
    type: 'framework.registered',
    frameworkId,
    ...(master === undefined ? {} : { master }),
  })
})

const keepDelivery = schedulerSetup.enqueueActions(({ enqueue, event }) => {
  assertEvent(event, 'jarServer.started')
  enqueue.assign({ delivery: event.delivery })
  enqueue.emit({ type: 'jarServer.started', url: event.url })
})

const keepJarServerFailure = schedulerSetup.assign(({ event }) => {
  assertEvent(event, 'jarServer.failed')
  return { failure: { code: event.code, message: event.message }, hasStartedJarServer: false }
})

const submitTasks = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'task.submit')
  const { outcomes, isDraining, remembersOutcomes } = context
  const { tasks } = context
  const accepted = new Map<string, TaskRequest>()
  for (const request of event.requests) {
    const outcome = getFrom(outcomes, request.id)
    const isKnown = findTask(tasks, request.id) !== undefined || accepted.has(request.id)
    if (outcome !== undefined) enqueue.emit(outcome)
    else if (isKnown && remembersOutcomes) continue
    else if (isDraining)
      enqueue.emit(
        rejection(request, stopping('the framework takes no more tasks: it is draining')),
      )
    else if (isKnown)
      enqueue.emit(
        rejection(request, {
          code: 'TASK_INVALID',
          message: `a task with id ${request.id} is not over yet`,
        }),
      )
    else accepted.set(request.id, request)
  }
  enqueue.assign({ tasks: addTasks(tasks, [...accepted.values()]) })
})

const rejectTasks = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'task.submit')
  const why = context.failure ?? stopping('the framework has stopped')
  for (const request of event.requests) {
    enqueue.emit(getFrom(context.outcomes, request.id) ?? rejection(request, why))
  }
})

const killedEarly = {
  code: 'TASK_FAILED',
  message: 'it was killed before it was launched',
} as const

/** A task, and with it those of its group. */
const killTask = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'task.kill')
  const asked = findTask(context.tasks, event.taskId)
  if (asked === undefined) return
  let { tasks, outcomes } = context
  for (const row of togetherWith(tasks, asked)) {
    const { id } = row.request
    if (row.state === 'pending') {
      const fact = { type: 'task.ended', taskId: id, attempt: row.attempt, ...killedEarly } as const
      tasks = removeTask(tasks, id)
      outcomes = outcomesWith({ ...context, outcomes }, fact)
      enqueue.emit(fact)
    } else {
      tasks = updateTask(tasks, { ...row, state: advanceTask(row.state, 'task.killing') })
      enqueue({ type: 'fx.call', params: killCall(context, row) })
    }
  }
  enqueue.assign({ tasks, outcomes })
})

const reviveOffers = schedulerSetup.enqueueActions(({ context, enqueue }) => {
  if (!context.isHeldBack) return
  enqueue.assign({ isHeldBack: false })
  enqueue({ type: 'fx.call', params: calls.revive(context.frameworkId) })
})

const suppressOffers = schedulerSetup.enqueueActions(({ context, enqueue }) => {
  enqueue.assign({ isHeldBack: true })
  enqueue({ type: 'fx.call', params: calls.suppress(context.frameworkId) })
})

const declineOffers = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.offers')
  if (event.offers.length === 0) return
  enqueue.assign({ isHeldBack: true })
  enqueue({ type: 'fx.call', params: declineCall(context, event.offers) })
})

const launchOnOffers = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.offers')
  const { frameworkId, delivery } = context
  const plans = matchOffers(event.offers, context.tasks, delivery)
  const used = plans.filter(({ placements }) => placements.length > 0)
  const unused = plans.filter(({ placements }) => placements.length === 0)
  let tasks = context.tasks
  for (const plan of used) tasks = markLaunched(tasks, plan)
  enqueue.assign({ tasks, isHeldBack: true })
  const next = { ...context, tasks }
  for (const plan of used) {
    const operations = launchOperations(plan, frameworkId, delivery)
    const accept = calls.accept(frameworkId, [plan.offer.id.value], operations, filtersOf(next))
    enqueue({ type: 'fx.call', params: accept })
  }
  if (unused.length > 0) {
    const offers = unused.map(({ offer }) => offer)
    enqueue({ type: 'fx.call', params: declineCall(next, offers) })
  }
  const launched = used.flatMap(({ offer, placements }) =>
    placements.map(({ row }) => ({ offer, row })),
  )
  enqueue.emit({
    type: 'offers.received',
    count: event.offers.length,
    launched: launched.length,
  })
  if (launched.length === 0 && event.offers.length > 0)
    enqueue.emit(waitingTasks(next, event.offers))
  for (const { offer, row } of launched) {
    enqueue.emit({
      type: 'task.launched',
      taskId: row.request.id,
      attempt: row.attempt,
      agentId: offer.agentId.value,
      hostname: offer.hostname,
    })
  }
})

/** Acknowledged only with a uuid (updates made by the master have none) and, by the gateway, only once journalled. */
const takeUpdate = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.update')
  const { status } = event
  const doubted = findDoubted(context.tasks, status)
  if (doubted !== undefined) {
    enqueue({ type: 'fx.call', params: reconcileCall(context, [doubted]) })
    return
  }
  const { table, facts } = applyStatus(context.tasks, status)
  const outcomes = facts.reduce(
    (before, fact) => outcomesWith({ ...context, outcomes: before }, fact),
    context.outcomes,
  )
  enqueue.assign({ tasks: table, outcomes })
  if (status.uuid !== undefined && status.agentId !== undefined) {
    const acknowledge = calls.acknowledge(
      context.frameworkId,
      status.agentId.value,
      status.taskId.value,
      status.uuid,
    )
    enqueue({ type: 'fx.call', params: acknowledge })
  }
  if (isGivenUp(context, status)) {
    const kill = calls.kill(context.frameworkId, status.taskId.value, status.agentId?.value)
    enqueue({ type: 'fx.call', params: kill })
  }
  for (const fact of facts) enqueue.emit(fact)
})

const settleFailedCall = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'call.failed')
  const { call, message, outcome, launchIds, offerIds = [] } = event
  enqueue.emit({ type: 'call.failed', call, message })
  // Unless it was taken they are with this framework still, and nobody else is offered what they hold.
  if (offerIds.length > 0) {
    const decline = calls.decline(context.frameworkId, offerIds, { refuseSeconds: 0 })
    enqueue({ type: 'fx.call', params: decline })
  }
  const rows = launchIds.flatMap((launchId) => findLaunch(context.tasks, launchId) ?? [])
  if (rows.length === 0) return
  // Nobody knows whether the master took it: it is asked, and answers what became of each task.
  if (outcome === 'unknown') enqueue({ type: 'fx.call', params: reconcileCall(context, rows) })
  else if (outcome === 'refused') {
    enqueue.assign({
      tasks: rows.reduce((table, row) => removeTask(table, row.request.id), context.tasks),
    })
    for (const { request, attempt } of rows) {
      const why = { code: 'CALL_REJECTED', message }
      enqueue.emit({ type: 'task.ended', taskId: request.id, attempt, ...why })
    }
  } else enqueue.assign({ tasks: rows.reduce(returnTask, context.tasks) })
})

/** After an absence: ask what became of every task that was launched, and kill again what should be dead. */
const reconcileTasks = schedulerSetup.enqueueActions(({ context, enqueue }) => {
  const launched = [...tasksOf(context.tasks)].filter(({ state }) => state !== 'pending')
  if (launched.length > 0) enqueue({ type: 'fx.call', params: reconcileCall(context, launched) })
  for (const row of launched) {
    if (row.state === 'killing') enqueue({ type: 'fx.call', params: killCall(context, row) })
  }
  // The master starts a new subscription with no filters and nothing suppressed.
  enqueue.assign({ isHeldBack: false })
})

const endAllTasks = schedulerSetup.enqueueActions(({ context, enqueue }) => {
  for (const { request, attempt, hostname } of tasksOf(context.tasks)) {
    const where = hostname === undefined ? {} : { hostname }
    enqueue.emit({ type: 'task.ended', taskId: request.id, attempt, ...where, ...context.failure })
  }
  enqueue.assign({ tasks: emptyTaskTable })
})

const closeFramework = schedulerSetup.enqueueActions(({ context, enqueue }) => {
  const call = mustTearDown(context) ? calls.teardown(context.frameworkId) : undefined
  enqueue({ type: 'fx.close', params: { call } })
})

/** Connections and servers went with the process; they are asked for again where they still matter. */
const forgetProcess = schedulerSetup.enqueueActions(({ enqueue }) => {
  enqueue.assign({ delivery: undefined, hasStartedJarServer: false })
  enqueue.sendTo('subscription', { type: 'process.restarted' })
  enqueue.sendTo('jarServer', { type: 'process.restarted' })
})

const passMessageOn = schedulerSetup.enqueueActions(({ enqueue, event }) => {
  assertEvent(event, 'mesos.message')
  enqueue.emit({ ...event, type: 'executor.message' })
})

const passFailureOn = schedulerSetup.enqueueActions(({ enqueue, event }) => {
  assertEvent(event, 'mesos.failure')
  enqueue.emit({ ...event, type: 'executor.failed' })
})

const reportLoss = schedulerSetup.enqueueActions(({ enqueue, event }) => {
  assertEvent(event, 'connection.lost')
  const { code, message, retryable } = event
  enqueue.emit({ type: 'framework.disconnected', code, message, retryable })
})

/** By the names that the machine knows them under. */
export const schedulerActions = {
  keepFrameworkId,
  keepDelivery,
  keepJarServerFailure,
  submitTasks,
  rejectTasks,
  killTask,
  reviveOffers,
  suppressOffers,
  declineOffers,
  launchOnOffers,
  takeUpdate,
  settleFailedCall,
  reconcileTasks,
  endAllTasks,
  closeFramework,
  forgetProcess,
  passMessageOn,
  passFailureOn,
  reportLoss,
  reportDraining: schedulerSetup.emit({ type: 'framework.draining' }),
  reportStopped: schedulerSetup.emit({ type: 'framework.stopped' }),
  reportFailed: schedulerSetup.emit(({ context }) => ({
    type: 'framework.failed',
    ...(context.failure ?? { code: 'FRAMEWORK_FAILED', message: 'the framework failed' }),
  })),
  startDraining: schedulerSetup.assign({ isDraining: true }),
  keepDetach: schedulerSetup.assign(({ event }) => ({
    isDetached: event.type === 'framework.stop' && event.detach,
  })),
  tellSubscription: schedulerSetup.sendTo('subscription', ({ event }) => event as ConnectionLost),
  tellJarServer: schedulerSetup.sendTo('jarServer', ({ event }) => event as JarServerStarted),
  startJarServer: schedulerSetup.sendTo('jarServer', { type: 'jarServer.start' }),
  keepJarServerStart: schedulerSetup.assign({ hasStartedJarServer: true }),
  stopJarServer: schedulerSetup.sendTo('jarServer', { type: 'jarServer.stop' }),
}

function rejection({ id }: TaskRequest, why: SubscriptionFailure): SchedulerFact {
  return { type: 'task.rejected', taskId: id, ...why }
}

function stopping(message: string): SubscriptionFailure {
  return { code: 'FRAMEWORK_STOPPED', message }
}

function waitingTasks(
  { tasks }: Pick<SchedulerContext, 'tasks'>,
  offers: readonly Offer[],
): TasksWaiting {
  const rows = queuesOf(tasks).flatMap((queue) => [...take(pendingOf(tasks, queue), maxNamedTasks)])
  return {
    type: 'task.waiting',
    count: tasks.pendingCount,
    taskIds: rows.slice(0, maxNamedTasks).map(({ request }) => request.id),
    need: rows[0] === undefined ? {} : resourcesOf(rows[0].request),
    ...(rows[0]?.request.constraints && { constraints: rows[0].request.constraints }),
    largest: largestOf(offers.map(({ resources = [] }) => resources)),
  }
}

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  let taken = 0
  for (const item of items) {
    if (taken++ === count) return
    yield item
  }
}

function outcomesWith(
  { outcomes, remembersOutcomes }: SchedulerContext,
  fact: TaskFact,
): PersistentMap<TaskFact> {
  return remembersOutcomes && fact.type === 'task.ended'
    ? setIn(outcomes, fact.taskId, fact)
    : outcomes
}

function markLaunched(tasks: TaskTable, { offer, placements }: OfferPlan): TaskTable {
  const where = { agentId: offer.agentId.value, hostname: offer.hostname }
  return placements.reduce((table, { row, counted }) => {
    const state = advanceTask(row.state, 'task.launched')
    return launchTask(table, { ...row, ...where, state }, counted)
  }, tasks)
}

/** The row of a launch that nothing was heard of yet. */
function findLaunch(tasks: TaskTable, launchId: string): TaskRow | undefined {
  const row = findAttempt(tasks, launchId)
  return row?.state === 'launching' ? row : undefined
}

function findAttempt(tasks: TaskTable, launchId: string): TaskRow | undefined {
  const { id, attempt } = parseLaunchId(launchId)
  const row = findTask(tasks, id)
  return row?.attempt === attempt ? row : undefined
}

/**
 * The row of a task whose offer is used up, says the master: by another ACCEPT, or by this one if something between has
 * sent it twice. Then the task may well run, so this is no loss but a question.
 */
function findDoubted(tasks: TaskTable, { reason, taskId }: TaskStatus): TaskRow | undefined {
  if (reason !== 'REASON_INVALID_OFFERS') return undefined
  const row = findAttempt(tasks, taskId.value)
  return row?.state === 'pending' ? undefined : row
}

/** True for a task that runs although it was taken for lost: another attempt has its place, or had it. */
function isGivenUp({ tasks, outcomes }: SchedulerContext, { state, taskId }: TaskStatus): boolean {
  if (!['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING'].includes(state)) return false
  const { id, attempt } = parseLaunchId(taskId.value)
  const current = findTask(tasks, id) ?? getFrom(outcomes, id)
  return current !== undefined && attempt < current.attempt
}

function filtersOf({ tasks }: Pick<SchedulerContext, 'tasks'>): Filters {
  const { whileWaiting, whileIdle } = refuseSeconds
  return { refuseSeconds: tasks.pendingCount > 0 ? whileWaiting : whileIdle }
}

function declineCall(context: SchedulerContext, offers: readonly Offer[]): SchedulerCall {
  const offerIds = offers.map(({ id }) => id.value)
  return calls.decline(context.frameworkId, offerIds, filtersOf(context))
}

function killCall({ frameworkId }: SchedulerContext, row: TaskRow): SchedulerCall {
  return calls.kill(frameworkId, launchIdOf(row.request.id, row.attempt), row.agentId)
}

function reconcileCall({ frameworkId }: SchedulerContext, rows: readonly TaskRow[]): SchedulerCall {
  const tasks = rows.map((row) => ({
    taskId: launchIdOf(row.request.id, row.attempt),
    ...(row.agentId === undefined ? {} : { agentId: row.agentId }),
  }))
  return calls.reconcile(frameworkId, tasks)
}
