/** Actions on requests of the user: submit, kill, and messages to executors. */
import { assertEvent } from 'xstate'
import { getFrom } from '../../../domain/persistent-map.ts'
import { launchIdOf } from '../../../domain/tasks/task-request.ts'
import type { TaskRequest } from '../../../domain/tasks/task-request.ts'
import * as calls from '../../../mesos/scheduler-calls.ts'
import type { Failure } from '../connection/events.ts'
import type { TasksFact } from './events.ts'
import { killOf } from './launches.ts'
import { keepTable, tasksSetup } from './setup.ts'
import type { TasksContext } from './setup.ts'
import { addTasks, removeTask, updateTask } from './table/task-changes.ts'
import { togetherWith } from './table/task-groups.ts'
import { findTask, replaceTask, tasksOf } from './table/task-table.ts'
import type { TaskRow } from './table/task-row.ts'
import type { TaskFact } from './task-fact.ts'
import { advanceTask } from './task.ts'
import { nameActions } from '../../actions/name-actions.ts'

/** Adds tasks. A task whose outcome is remembered is not run again: its outcome is reported. */
export const submitTasks = tasksSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'task.submit')
  const { table, librarySetId } = context
  const accepted = new Map<string, TaskRequest>()
  for (const request of event.requests) {
    const outcome = outcomeOf(context, request)
    const isKnown = findTask(table, request.id) !== undefined || accepted.has(request.id)
    if (outcome !== undefined) enqueue.emit(outcome)
    else if (!isKnown) accepted.set(request.id, request)
    else if (context.outcomes === undefined)
      enqueue.emit(
        rejection(request, {
          code: 'TASK_INVALID',
          message: `a task with id ${request.id} has not ended yet`,
        }),
      )
  }
  keepTable(context, enqueue, {
    table: addTasks(table, [...accepted.values()], librarySetId),
    facts: [],
  })
})

/** Rejects tasks, except those that the framework has or remembers. */
export const refuseTasks = tasksSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'task.refuse')
  for (const request of event.requests) {
    const outcome = outcomeOf(context, request)
    const isKnown = findTask(context.table, request.id) !== undefined
    if (outcome !== undefined) enqueue.emit(outcome)
    else if (!isKnown || context.outcomes === undefined) enqueue.emit(rejection(request, event.why))
  }
})

const killedEarly = {
  code: 'TASK_FAILED',
  message: 'it was killed before it was launched',
} as const

/** Kills a task with all tasks of its group. */
export const killTask = tasksSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'task.kill')
  const asked = findTask(context.table, event.taskId)
  if (asked === undefined) return
  let { table } = context
  const facts: TaskFact[] = []
  for (const row of togetherWith(table, asked)) {
    const { id } = row.request
    if (row.state === 'pending') {
      table = removeTask(table, id)
      facts.push({ type: 'task.ended', taskId: id, attempt: row.attempt, ...killedEarly })
      continue
    }
    const { moves: _moves, ...kept } = row
    const state = advanceTask(row.state, 'task.killing')
    table = updateTask(table, { ...kept, state, isKilled: true })
    // An `ending` task needs no KILL; it must not be launched again.
    if (state !== 'ending')
      enqueue.sendTo('kills', { type: 'kill.requested', kill: killOf(row, event.graceMs) })
  }
  keepTable(context, enqueue, { table, facts })
})

/** Kills the tasks of these agents, to launch them elsewhere. This does not count as an attempt. */
export const moveTasks = tasksSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'task.move')
  const agentIds = new Set(event.agentIds)
  const rows = Array.from(tasksOf(context.table)).filter(
    ({ agentId = '', state, isKilled }) =>
      agentIds.has(agentId) && isKilled !== true && !['killing', 'ending'].includes(state),
  )
  let { table } = context
  for (const row of rows) {
    const state = advanceTask(row.state, 'task.killing')
    table = updateTask(table, { ...row, state, moves: true })
    enqueue.sendTo('kills', { type: 'kill.requested', kill: killOf(row) })
  }
  keepTable(context, enqueue, { table, facts: [] })
})

export const tellExecutor = tasksSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'executor.tell')
  const { agentId, executorId, data } = event
  const call = calls.message(context.frameworkId, agentId, executorId, data)
  enqueue({ type: 'fx.call', params: call })
})

/** Shuts an executor down. Its tasks count as killed by the user. */
export const shutDownExecutor = tasksSetup.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'executor.shutdown')
  const { agentId, executorId, ifIdle } = event
  const rows = Array.from(tasksOf(context.table)).filter(
    (row) => row.agentId === agentId && executorIdOf(row) === executorId,
  )
  if (ifIdle === true && rows.length > 0) return
  const call = calls.shutdown(context.frameworkId, executorId, agentId)
  enqueue({ type: 'fx.call', params: call })
  const table = rows.reduce(
    (next, row) => replaceTask(next, { ...row, isKilled: true }),
    context.table,
  )
  keepTable(context, enqueue, { table, facts: [] })
})

/** Mesos gives a plain command an executor with the id of the task. */
function executorIdOf({ request, attempt, executorId }: TaskRow): string {
  return executorId ?? launchIdOf(request.id, attempt)
}

function outcomeOf({ outcomes }: TasksContext, { id }: TaskRequest): TaskFact | undefined {
  return outcomes && getFrom(outcomes, id)
}

function rejection({ id }: TaskRequest, why: Failure): TasksFact {
  return { type: 'task.rejected', taskId: id, ...why }
}

nameActions({ submitTasks, refuseTasks, killTask, moveTasks, tellExecutor, shutDownExecutor })
