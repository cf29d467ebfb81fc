/**
 * The task table after a status update. The decision has two parts: where the update comes from
 * (`applyUpdate`), and whether the end of an attempt leads to another one (`settleEnd`, by the
 * table of ends in domain/tasks/ends/task-ends.ts).
 * Source: apache/mesos docs/task-state-reasons.md, docs/reconciliation.md; src/master/master.cpp
 * (reconcile, ___reregisterSlave).
 */
import { defined } from '../../../defined.ts'
import { isTerminal } from '../../../mesos/states.ts'
import type { TaskState, TaskStatus } from '../../../mesos/types.generated.ts'
import { findTaskEnd } from '../../../domain/tasks/ends/task-ends.ts'
import type { EndFault } from '../../../domain/tasks/ends/task-end.ts'
import { maxLosses } from '../../../domain/tasks/task-request.ts'
import { moveTask, removeTask, requeueTask } from './table/task-changes.ts'
import { canLaunchAgain, togetherWith } from './table/task-groups.ts'
import { replaceTask } from './table/task-table.ts'
import type { TaskRow } from './table/task-row.ts'
import type { TaskTable } from './table/task-table.ts'
import { findAttempt } from './launches.ts'
import { advanceTask } from './task.ts'
import type { TaskEvent } from './task.ts'
import { unexplained } from './unexplained-ends.ts'
import type { TaskFact } from './task-fact.ts'

/** The table after an update, and the facts; none for an update without news. */
export interface TaskUpdate {
  readonly table: TaskTable
  readonly facts: readonly TaskFact[]
}

/**
 * The table after an update from the master or an agent. `agentUpdate` tells whether the agent's
 * own update of an ended task is awaited.
 */
export interface AppliedUpdate extends TaskUpdate {
  readonly agentUpdate?: 'awaited' | 'settled'
}

/**
 * Applies an update of any origin. If the master says that a task is over (in a reconciliation, or
 * when its agent is back), it has neither the result nor the reason: the task is `ending` until
 * its agent's own update comes, which the agent sends until it is acknowledged.
 */
export function applyUpdate(
  table: TaskTable,
  status: TaskStatus,
  row = findAttempt(table, status.taskId.value),
): AppliedUpdate {
  if (row === undefined || row.state === 'pending') return { table, facts: [] }
  if (isMastersEnd(status)) return keepAnswer(table, row, status)
  if (row.state !== 'ending') return applyStatus(table, row, status)
  if (isLoss(status)) return { ...settleAnswer(table, row, 'lost'), agentUpdate: 'settled' }
  if (isTerminal(status.state))
    return { ...applyStatus(table, row, status), agentUpdate: 'settled' }
  // Its agent may come back with the update. Other updates were overtaken by the end.
  return status.state === 'TASK_UNREACHABLE'
    ? { table, facts: [], agentUpdate: 'awaited' }
    : { table, facts: [] }
}

/**
 * Ends an `ending` task by the master's answer: the agent's update is lost, or late. The facts
 * say that the result or the reason is not known.
 */
export function settleAnswer(table: TaskTable, row: TaskRow, why: 'lost' | 'late'): TaskUpdate {
  if (row.answer === undefined) return { table, facts: [] }
  const next = applyStatus(table, row, row.answer)
  return { ...next, facts: next.facts.map((fact) => unexplained(fact, row, why)) }
}

/** States that agents report with a reason and a result, and the master repeats without them. */
const endsOfAgents: ReadonlySet<TaskState> = new Set([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
] as const)

function isMastersEnd({ uuid, reason, state }: TaskStatus): boolean {
  const isAnswer = reason === 'REASON_RECONCILIATION' || reason === 'REASON_AGENT_REREGISTERED'
  return uuid === undefined && isAnswer && endsOfAgents.has(state)
}

/** True when no agent has the task, so that no update of it can come. */
function isLoss({ state }: TaskStatus): boolean {
  return state === 'TASK_UNKNOWN' || (isTerminal(state) && !endsOfAgents.has(state))
}

function keepAnswer(table: TaskTable, row: TaskRow, status: TaskStatus): AppliedUpdate {
  const { containerStatus: _container, checkStatus: _check, ...answer } = status
  const state = advanceTask(row.state, 'task.ending')
  return {
    table: replaceTask(table, { ...row, state, answer }),
    facts: row.state === state ? [] : [factOf(row, status, 'task.updated')],
    agentUpdate: 'awaited',
  }
}

function applyStatus(table: TaskTable, row: TaskRow, status: TaskStatus): TaskUpdate {
  const event = taskEventOf(status)
  if (event === undefined) return { table, facts: [] }
  const state = advanceTask(row.state, event)
  if (!isOver(state)) {
    if (state === row.state && !hasNews(row, status)) return { table, facts: [] }
    // No spread, for the reason in replaceTask: 0.1 µs.
    const next = replaceTask(table, Object.assign({}, row, { state }, checksOf(status)))
    return { table: next, facts: [factOf(row, status, 'task.updated')] }
  }
  const fact = (type: TaskFact['type']) => factOf(row, status, type)
  if (!endsUnstarted(row, status)) return settleEnd(table, row, { fault: faultOf(status), fact })
  // It may start on another agent. A second failure on one agent is the task's own: its program is
  // missing there, or is not the shipped one.
  const { failedOn: _, ...kept } = row
  const isAgain = row.failedOn !== undefined && row.failedOn === row.agentId
  const next = { ...kept, ...defined({ failedOn: row.agentId }) }
  return settleEnd(table, next, { fault: isAgain ? 'task' : 'cluster', fact })
}

function factOf(
  { request, attempt, hostname }: TaskRow,
  status: TaskStatus,
  type: TaskFact['type'],
): TaskFact {
  const { id: taskId } = request
  return hostname === undefined
    ? { type, taskId, attempt, status }
    : { type, taskId, attempt, status, hostname }
}

/** True when the executor ended, and the task had not started. */
function endsUnstarted({ state }: TaskRow, { state: end, reason, source }: TaskStatus): boolean {
  return (
    (state === 'launching' || state === 'staging') &&
    end === 'TASK_FAILED' &&
    reason === 'REASON_EXECUTOR_TERMINATED' &&
    source !== 'SOURCE_EXECUTOR'
  )
}

export interface EndedTask {
  readonly fault: EndFault
  readonly fact: (type: TaskFact['type']) => TaskFact
}

/** Puts the task back in its queue if the fault and its retry policy allow it; else ends it. */
export function settleEnd(table: TaskTable, row: TaskRow, { fault, fact }: EndedTask): TaskUpdate {
  const failures = row.failures + (fault === 'task' ? 1 : 0)
  if (fault === 'none' || !canLaunchAgain(table, row) || !mayRetry(row, fault, failures))
    return endTask(table, row, fact('task.ended'))
  const isMoved = row.moves === true || fault === 'moved'
  return {
    table: isMoved ? moveTask(table, row) : requeueTask(table, row, failures),
    facts: [fact('task.retried')],
  }
}

const noChecks = {}

/** True for a new result of a health check or check: the task stays in its state. */
function hasNews(row: TaskRow, status: TaskStatus): boolean {
  if (status.healthy === undefined && status.checkStatus === undefined) return false
  const before = JSON.stringify(checksOf(row))
  const now = checksOf(status)
  return Object.keys(now).length > 0 && JSON.stringify({ ...checksOf(row), ...now }) !== before
}

function checksOf({
  healthy,
  checkStatus,
}: Pick<TaskRow, 'healthy' | 'checkStatus'>): Pick<TaskRow, 'healthy' | 'checkStatus'> {
  return healthy === undefined && checkStatus === undefined
    ? noChecks
    : defined({ healthy, checkStatus })
}

/** Also ends tasks of its group that wait for another attempt: they cannot start without it. */
function endTask(table: TaskTable, row: TaskRow, fact: TaskFact): TaskUpdate {
  const next = removeTask(table, row.request.id)
  const stranded = togetherWith(next, row).filter(({ state }) => state === 'pending')
  return {
    table: stranded.reduce((left, { request }) => removeTask(left, request.id), next),
    facts: [fact, ...stranded.map(strandedFact)],
  }
}

function strandedFact({ request, attempt }: TaskRow): TaskFact {
  const message = `its group ${request.group} cannot be launched again: another of its tasks has ended`
  return { type: 'task.ended', taskId: request.id, attempt, code: 'TASK_FAILED', message }
}

/** The task machine's event for a Mesos state; undefined for an unknown state. */
function taskEventOf(status: TaskStatus): TaskEvent['type'] | undefined {
  switch (status.state) {
    case 'TASK_STAGING':
      return 'task.staging'
    case 'TASK_STARTING':
      return 'task.starting'
    case 'TASK_RUNNING':
      return 'task.running'
    case 'TASK_KILLING':
      return 'task.dying'
    case 'TASK_UNREACHABLE':
      return 'task.unreachable'
    case 'TASK_FINISHED':
      return 'task.finished'
    case 'TASK_KILLED':
      return 'task.killed'
    default:
      return endEvents[faultOf(status)]
  }
}

const endEvents = {
  none: undefined,
  task: 'task.failed',
  cluster: 'task.lost',
  moved: 'task.lost',
} as const

/** `none` also for a state that is no end. */
function faultOf(status: TaskStatus): EndFault {
  return findTaskEnd(status)?.fault ?? 'none'
}

function isOver(state: TaskRow['state']): boolean {
  return state === 'finished' || state === 'failed' || state === 'killed' || state === 'lost'
}

function mayRetry(row: TaskRow, fault: EndFault, failures: number): boolean {
  if (row.isKilled === true) return false
  if (row.moves === true) return true
  if (fault === 'task') return failures < (row.request.retry?.maxAttempts ?? 1)
  const losses = row.attempt - row.failures - (row.moved ?? 0)
  return fault === 'moved' || losses <= maxLosses
}
