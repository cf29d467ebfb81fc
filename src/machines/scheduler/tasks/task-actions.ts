/** What the scheduler does with the tasks of its user: takes them in, kills them, settles what became of lost calls. */
import { assertEvent } from 'xstate'
import {
  emptyOperationTable,
  findOperation,
  operationsOf,
  putOperation,
  removeOperation,
} from '../operations/operation-table.ts'
import { getFrom, setIn } from '../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../domain/persistent-map.ts'
import { launchIdOf, parseLaunchId } from '../../../domain/tasks/task-request.ts'
import type { TaskRequest } from '../../../domain/tasks/task-request.ts'
import {
  addTasks,
  emptyTaskTable,
  findTask,
  removeTask,
  returnTask,
  tasksOf,
  togetherWith,
  updateTask,
} from './table/task-table.ts'
import type { TaskState, TaskTable } from './table/task-table.ts'
import * as calls from '../../../mesos/scheduler-calls.ts'
import { isTerminal } from '../../../mesos/states.ts'
import type { TaskStatus } from '../../../mesos/types.generated.ts'
import {
  askedOf,
  awayOf,
  findDoubted,
  findLaunch,
  isGivenUp,
  killOf,
  killOfStatus,
} from './launches.ts'
import { advanceOperation } from '../operations/operation.ts'
import { endOfAnswered } from './answered-ends.ts'
import type { Asked } from '../reconciliation/reconciliation.ts'
import type { CallFailed, SchedulerFact } from '../events.ts'
import { schedulerSetup } from '../setup.ts'
import type { SchedulerContext } from '../setup.ts'
import type { SubscriptionFailure } from '../connection/subscription.ts'
import { advanceTask } from './task.ts'
import type { TaskFact } from './task-update.ts'

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
  enqueue.assign({ tasks: addTasks(tasks, [...accepted.values()], context.libraries.current) })
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
  let { tasks, outcomes, hasKills } = context
  for (const row of togetherWith(tasks, asked)) {
    const { id } = row.request
    if (row.state === 'pending') {
      const fact = { type: 'task.ended', taskId: id, attempt: row.attempt, ...killedEarly } as const
      tasks = removeTask(tasks, id)
      outcomes = outcomesWith({ ...context, outcomes }, fact)
      enqueue.emit(fact)
    } else {
      const { moves: _moves, ...kept } = row
      const state = advanceTask(row.state, 'task.killing')
      tasks = updateTask(tasks, { ...kept, state, isKilled: true })
      // Nothing is left to be killed of one that is over, but it is not launched again either.
      if (state === 'ending') continue
      hasKills = true
      enqueue.sendTo('kills', { type: 'kill.requested', kill: killOf(row, event.graceMs) })
    }
  }
  enqueue.assign({ tasks, outcomes, hasKills })
})

/** Tells the children what a status update means to them; the task table is not changed yet. */
const tellFollowers = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.update')
  const { status } = event
  const { taskId, state, reason } = status
  const launchId = taskId.value
  if (reason === 'REASON_RECONCILIATION')
    enqueue.sendTo('reconciliation', { type: 'reconciliation.answered', id: launchId })
  if (isTerminal(state) || state === 'TASK_UNKNOWN') {
    if (findDoubted(context.tasks, status) === undefined)
      enqueue.sendTo('kills', { type: 'kill.done', launchId })
    return
  }
  if (reason !== 'REASON_RECONCILIATION' || isKnown(context, status)) return
  const isKilled = context.policy.unknownTasks === 'kill'
  enqueue.emit({ type: 'task.unknown', taskId: launchId, status, isKilled })
  if (!isKilled) return
  enqueue.assign({ hasKills: true })
  enqueue.sendTo('kills', { type: 'kill.requested', kill: killOfStatus(status) })
})

/** Unless the ACCEPT was taken its offers are with this framework still, and nobody else is offered what they hold. */
const returnOffers = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'call.failed')
  const { code, offerIds = [] } = event
  // Offers end with their subscription.
  if (offerIds.length === 0 || code === 'NOT_SUBSCRIBED') return
  const decline = calls.decline(context.frameworkId, offerIds, { refuseSeconds: 0 })
  enqueue({ type: 'fx.call', params: decline })
})

const settleFailedCall = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'call.failed')
  const { call, message, outcome } = event
  enqueue.emit({ type: 'call.failed', call, message })
  if (call === 'REVIVE' || call === 'SUPPRESS') enqueue.sendTo('offerFlow', { type: 'flow.failed' })
  if (call === 'UPDATE_FRAMEWORK') {
    const isFinal = outcome === 'refused'
    enqueue.sendTo('frameworkUpdate', { type: 'update.failed', isFinal })
    if (isFinal)
      enqueue.emit({ type: 'framework.updateFailed', code: event.code ?? 'CALL_REJECTED', message })
  }
  const { tasks, facts, asked } = settleLaunches(context, event)
  const settled = settleOperations(context, event)
  enqueue.assign({ tasks, operations: settled.operations })
  // Nobody knows whether the master took it: it is asked, and answers what became of each.
  if (asked.length > 0) enqueue.sendTo('reconciliation', { type: 'reconciliation.ask', asked })
  if (settled.asked.length > 0)
    enqueue.sendTo('operationReconciliation', { type: 'reconciliation.ask', asked: settled.asked })
  for (const fact of [...facts, ...settled.facts]) enqueue.emit(fact)
})

/** After a subscription: what became of everything that was launched? */
const askForAll = schedulerSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.subscribed')
  const { tasks, operations } = context
  const { frameworkId } = event
  const asked = Array.from(tasksOf(tasks)).flatMap((row) => [
    ...(row.state === 'pending' ? [] : [askedOf(row)]),
    ...awayOf(row),
  ])
  const sent = Array.from(operationsOf(operations)).filter(({ state }) => state !== 'pending')
  const isReturning = context.frameworkId !== ''
  const begin = { type: 'reconciliation.begin', frameworkId, isReturning } as const
  enqueue.sendTo('reconciliation', { ...begin, asked })
  enqueue.sendTo('operationReconciliation', {
    ...begin,
    asked: sent.map(({ request, attempt }) => ({
      id: launchIdOf(request.id, attempt),
      agentId: request.agentId,
    })),
  })
})

/** Where the framework's stop leaves a task that is not over. */
const lastSeen: Partial<Record<TaskState, string>> = {
  pending: 'it was not launched before the framework stopped',
  launching: 'Mesos had not reported it when the framework stopped',
  staging: 'it had not started when the framework stopped',
  starting: 'it was starting when the framework stopped',
  running: 'it was still running when the framework stopped',
  killing: 'its kill was not confirmed when the framework stopped',
  dying: 'its executor was killing it when the framework stopped',
  unreachable: 'its agent was unreachable when the framework stopped',
}

const endAllWork = schedulerSetup.enqueueActions(({ context, enqueue }) => {
  for (const row of tasksOf(context.tasks)) {
    const { request, attempt, hostname } = row
    const where = hostname === undefined ? {} : { hostname }
    const why =
      context.failure ??
      stopping(lastSeen[row.state] ?? 'it was not over when the framework stopped')
    const end = { type: 'task.ended', taskId: request.id, attempt, ...where, ...why } as const
    enqueue.emit(endOfAnswered(row) ?? end)
  }
  const why = context.failure ?? stopping('the framework has stopped')
  for (const { request, attempt } of operationsOf(context.operations)) {
    const { id: operationId, agentId } = request
    enqueue.emit({ type: 'operation.ended', operationId, agentId, attempt, ...why })
  }
  enqueue.assign({ tasks: emptyTaskTable, operations: emptyOperationTable })
})

/** By the names that the machine knows them under. */
export const taskActions = {
  submitTasks,
  rejectTasks,
  killTask,
  tellFollowers,
  returnOffers,
  settleFailedCall,
  askForAll,
  endAllWork,
}

/** The outcomes with one more, where they are remembered. */
export function outcomesWith(
  { outcomes, remembersOutcomes }: SchedulerContext,
  fact: TaskFact,
): PersistentMap<TaskFact> {
  return remembersOutcomes && fact.type === 'task.ended'
    ? setIn(outcomes, fact.taskId, fact)
    : outcomes
}

export function stopping(message: string): SubscriptionFailure {
  return { code: 'FRAMEWORK_STOPPED', message }
}

function rejection({ id }: TaskRequest, why: SubscriptionFailure): SchedulerFact {
  return { type: 'task.rejected', taskId: id, ...why }
}

/** True for a launch that the table has, and for one that is killed anyway. */
function isKnown(context: SchedulerContext, status: TaskStatus): boolean {
  const { id, attempt } = parseLaunchId(status.taskId.value)
  const row = findTask(context.tasks, id)
  const isLaunched = row?.attempt === attempt && row.state !== 'pending'
  return isLaunched || row?.away?.attempt === attempt || isGivenUp(context, status)
}

function settleLaunches(
  { tasks }: SchedulerContext,
  { launchIds, outcome, message }: CallFailed,
): {
  readonly tasks: TaskTable
  readonly facts: readonly SchedulerFact[]
  readonly asked: readonly Asked[]
} {
  const rows = launchIds.flatMap((launchId) => findLaunch(tasks, launchId) ?? [])
  if (outcome === 'unknown') return { tasks, facts: [], asked: rows.map(askedOf) }
  if (outcome === 'unsent') return { tasks: rows.reduce(returnTask, tasks), facts: [], asked: [] }
  const why = { code: 'CALL_REJECTED', message }
  return {
    tasks: rows.reduce((table, row) => removeTask(table, row.request.id), tasks),
    facts: rows.map(({ request, attempt }) => ({
      type: 'task.ended',
      taskId: request.id,
      attempt,
      ...why,
    })),
    asked: [],
  }
}

function settleOperations(
  { operations }: SchedulerContext,
  { operationIds = [], outcome, message }: CallFailed,
) {
  const rows = operationIds
    .flatMap((id) => findOperation(operations, parseLaunchId(id).id) ?? [])
    .filter(({ state }) => state === 'accepted')
  const asked = rows.map(({ request, attempt }) => ({
    id: launchIdOf(request.id, attempt),
    agentId: request.agentId,
  }))
  if (outcome === 'unknown') return { operations, facts: [], asked }
  if (outcome === 'unsent') {
    const returned = rows.map((row) => ({
      ...row,
      state: advanceOperation(row.state, 'operation.returned'),
    }))
    return { operations: returned.reduce(putOperation, operations), facts: [], asked: [] }
  }
  const why = { code: 'CALL_REJECTED', message }
  const facts = rows.map(({ request, attempt }) => ({
    type: 'operation.ended' as const,
    operationId: request.id,
    agentId: request.agentId,
    attempt,
    ...why,
  }))
  const left = rows.reduce((table, row) => removeOperation(table, row.request.id), operations)
  return { operations: left, facts, asked: [] }
}
