/**
 * Actions that settle tasks without a status update: launched, call failed, late, lost, stopped.
 */
import { assertEvent } from 'xstate'
import { defined } from '../../../defined.ts'
import { removeFrom } from '../../../domain/persistent-map.ts'
import { runtimeAwaited } from '../../../domain/runtimes/platforms.ts'
import { describeWaitingReason } from '../../../domain/tasks/waiting/describe-waiting.ts'
import { stopped } from '../connection/events.ts'
import type { CallFailed } from '../connection/events.ts'
import type { Asked } from '../reconciliation/reconciliation.ts'
import { giveUp, isStillAway } from './absences.ts'
import { settleAnswer, settleEnd } from './apply-update.ts'
import type { TasksFact } from './events.ts'
import { askedOf, awayOf, findAttempt, findLaunch, killOf } from './launches.ts'
import { keepTable, tasksSetup } from './setup.ts'
import type { TableChange } from './setup.ts'
import { launchTask, removeTask, returnTask } from './table/task-changes.ts'
import { pendingOf, queuesOf } from './table/task-queues.ts'
import { emptyTaskTable, findTask, tasksOf } from './table/task-table.ts'
import type { TaskRow, TaskState } from './table/task-row.ts'
import type { TaskTable } from './table/task-table.ts'
import type { TaskFact } from './task-fact.ts'
import { advanceTask } from './task.ts'
import { endOfAnswered } from './unexplained-ends.ts'
import { unreachableFacts } from './unreachable-tasks.ts'
import { nameActions } from '../../actions/name-actions.ts'

/** Marks tasks as launched, when their ACCEPT is on its way. */
export const launchTasks = tasksSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'task.launched')
  let { table } = context
  const facts: TasksFact[] = []
  for (const { taskId, counted, ...place } of event.launches) {
    const row = findTask(table, taskId)
    if (row === undefined) continue
    const state = advanceTask(row.state, 'task.launched')
    table = launchTask(table, { ...row, ...place, state }, counted)
    const { agentId, hostname } = place
    facts.push({ type: 'task.launched', taskId, attempt: row.attempt, agentId, hostname })
  }
  keepTable(context, enqueue, { table, facts: [] })
  for (const fact of facts) enqueue.emit(fact)
})

/** Settles the tasks of an ACCEPT that failed. */
export const settleAccept = tasksSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'call.failed')
  const rows = event.launchIds.flatMap((launchId) => findLaunch(context.table, launchId) ?? [])
  // The ACCEPT may have been taken: reconcile, don't retry.
  if (event.outcome === 'unknown') {
    if (rows.length > 0)
      enqueue.sendTo('reconciliation', { type: 'reconciliation.ask', asked: rows.map(askedOf) })
    return
  }
  keepTable(context, enqueue, changeByCall(context.table, rows, event))
})

/** Reconciles the launched tasks after the first subscription of a framework. */
export const reconcileFirst = reconcileAll(false)
/** Reconciles after a later subscription: Mesos may run tasks that this process does not know. */
export const reconcileAgain = reconcileAll(true)

function reconcileAll(isReturning: boolean) {
  return tasksSetup.enqueueActions(({ context, enqueue, event }) => {
    assertEvent(event, 'mesos.subscribed')
    const { frameworkId } = event
    const asked: readonly Asked[] = Array.from(tasksOf(context.table)).flatMap((row) => [
      ...(row.state === 'pending' ? [] : [askedOf(row)]),
      ...awayOf(row),
    ])
    const begin = { type: 'reconciliation.begin', frameworkId, asked, isReturning } as const
    enqueue.sendTo('reconciliation', begin)
    // FAILURE events are lost without a subscription.
    for (const fact of unreachableFacts(context.table)) enqueue.emit(fact)
  })
}

/** Ends tasks whose agents did not send their last update in time. */
export const settleOverdue = tasksSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'updates.overdue')
  let { table } = context
  const facts: TaskFact[] = []
  for (const launchId of event.launchIds) {
    const row = findAttempt(table, launchId)
    if (row?.state !== 'ending') continue
    const change = settleAnswer(table, row, 'late')
    table = change.table
    facts.push(...change.facts)
  }
  keepTable(context, enqueue, { table, facts })
})

/** Gives up tasks whose agents were unreachable for the time that the tasks allow. */
export const giveUpAbsent = tasksSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'absence.over')
  let { table } = context
  const facts: TaskFact[] = []
  for (const row of tasksOf(context.table)) {
    if (!isStillAway(row, event)) continue
    const change = giveUp(table, row)
    table = change.table
    facts.push(...change.facts)
    // No other attempt replaces it: KILL ends it when its agent is back.
    if (findTask(table, row.request.id) === undefined)
      enqueue.sendTo('kills', { type: 'kill.requested', kill: killOf(row) })
  }
  keepTable(context, enqueue, { table, facts })
  enqueue.assign({ absences: removeFrom(context.absences, event.absence) })
})

/** Ends the tasks of a need that fitted no agent for as long as they allow. */
export const endUnmet = tasksSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'need.unmet')
  const { order, limitMs, reason } = event
  const queue = queuesOf(context.table).find((one) => one.order === order)
  if (queue === undefined) return
  const rows = Array.from(pendingOf(context.table, queue))
  const why = reason === undefined ? '' : `: it ${describeWaitingReason(reason)}`
  const message =
    `no offer had room for it for ${limitMs / 1000} s${why}; ` +
    'ask for less, add agents, or raise waitTimeoutMs (--wait-timeout)'
  const facts = rows.map(({ request: { id: taskId }, attempt }): TaskFact => {
    return { type: 'task.ended', taskId, attempt, code: 'PLACEMENT_TIMEOUT', message }
  })
  const table = rows.reduce((left, { request }) => removeTask(left, request.id), context.table)
  keepTable(context, enqueue, { table, facts })
})

/** Returns the tasks of an executor that found no Node.js: none of them has started. */
export const returnUnstarted = tasksSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'runtime.awaited')
  let { table } = context
  const facts: TaskFact[] = []
  for (const row of tasksOf(context.table)) {
    if (row.agentId !== event.agentId || row.executorId !== event.executorId) continue
    if (row.state !== 'launching' && row.state !== 'staging') continue
    const change = settleEnd(table, row, {
      fault: 'moved',
      fact: (type) => ({
        type,
        taskId: row.request.id,
        attempt: row.attempt,
        message: runtimeAwaited,
        ...defined({ hostname: row.hostname }),
      }),
    })
    table = change.table
    facts.push(...change.facts)
  }
  keepTable(context, enqueue, { table, facts })
})

/** Reports an agent that was removed, and the tasks that wait for it. */
export const reportAgent = tasksSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.failure')
  const agentId = event.agentId?.value
  if (agentId === undefined) return
  enqueue.emit({ type: 'agent.failed', agentId })
  for (const fact of unreachableFacts(context.table, agentId)) enqueue.emit(fact)
})

/** Ends all tasks: the framework stops. */
export const abandonTasks = tasksSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'task.abandon')
  const facts = Array.from(tasksOf(context.table), (row): TaskFact => {
    const { request, attempt, hostname } = row
    const message = lastSeen[row.state] ?? 'it had not ended when the framework stopped'
    const why = event.why ?? stopped(message)
    const end = {
      type: 'task.ended',
      taskId: request.id,
      attempt,
      ...defined({ hostname }),
    } as const
    return endOfAnswered(row) ?? { ...end, ...why }
  })
  // The outcomes do not change: a later run of this framework may learn the real end.
  enqueue.assign({ table: emptyTaskTable })
  enqueue.sendParent({ type: 'sets.needed', setIds: [] })
  for (const fact of facts) enqueue.emit(fact)
})

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

function changeByCall(
  table: TaskTable,
  rows: readonly TaskRow[],
  { outcome, message }: CallFailed,
): TableChange {
  if (outcome === 'unsent') return { table: rows.reduce(returnTask, table), facts: [] }
  const facts = rows.map(({ request: { id: taskId }, attempt }): TaskFact => {
    return { type: 'task.ended', taskId, attempt, code: 'CALL_REJECTED', message }
  })
  return { table: rows.reduce((left, { request }) => removeTask(left, request.id), table), facts }
}

nameActions({
  launchTasks,
  settleAccept,
  settleOverdue,
  giveUpAbsent,
  endUnmet,
  returnUnstarted,
  reportAgent,
  abandonTasks,
})
