/** What a status update makes of the task table. Pure; the scheduler machine's half of the task's life. */
import type { TaskStatus } from '../../../mesos/types.generated.ts'
import { findTaskEnd } from '../../../domain/tasks/task-ends.ts'
import type { EndFault } from '../../../domain/tasks/task-ends.ts'
import { maxLosses, parseLaunchId } from '../../../domain/tasks/task-request.ts'
import {
  canLaunchAgain,
  findTask,
  moveTask,
  removeTask,
  replaceTask,
  requeueTask,
  togetherWith,
} from './table/task-table.ts'
import type { TaskRow, TaskTable } from './table/task-table.ts'
import { advanceTask } from './task.ts'
import type { TaskEvent } from './task.ts'

/** A status update about a task of this framework, as its user hears of it. */
export interface TaskFact {
  readonly type: 'task.updated' | 'task.retried' | 'task.ended'
  readonly taskId: string
  /** 1 for the first launch. */
  readonly attempt: number
  /** Absent for a task that ended before it was launched. */
  readonly status?: TaskStatus
  /** Of the status' data, where that is kept beside the journal. */
  readonly dataSha256?: string
  readonly hostname?: string
  /** Why, when Mesos did not say it in a status: an error code of ours, and a message. */
  readonly code?: string
  readonly message?: string
}

/** Table and facts after an update; no fact when it says nothing new or is about a task that is over. */
export interface TaskUpdate {
  readonly table: TaskTable
  readonly facts: readonly TaskFact[]
}

/** Moves the task that the status is about; a failed or lost one back into its queue where its policy says so. */
export function applyStatus(table: TaskTable, status: TaskStatus): TaskUpdate {
  const { id, attempt } = parseLaunchId(status.taskId.value)
  const row = findTask(table, id)
  if (row === undefined || row.attempt !== attempt || row.state === 'pending')
    return { table, facts: [] }
  const event = taskEventOf(status)
  if (event === undefined) return { table, facts: [] }
  const state = advanceTask(row.state, event)
  const fact = (type: TaskFact['type']): TaskFact => ({
    type,
    taskId: id,
    attempt,
    status,
    ...(row.hostname === undefined ? {} : { hostname: row.hostname }),
  })
  if (!isOver(state)) {
    if (state === row.state && !hasNews(row, status)) return { table, facts: [] }
    const next = replaceTask(table, { ...row, state, ...checksOf(status) })
    return { table: next, facts: [fact('task.updated')] }
  }
  if (!endsUnstarted(row, status)) return settleEnd(table, row, { fault: faultOf(status), fact })
  // It may start on another agent. Twice on one is enough: its program is missing there, or is not what was shipped.
  const { failedOn: _, ...kept } = row
  const isAgain = row.failedOn !== undefined && row.failedOn === row.agentId
  const failedOn = row.agentId === undefined ? {} : { failedOn: row.agentId }
  return settleEnd(table, { ...kept, ...failedOn }, { fault: isAgain ? 'task' : 'cluster', fact })
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

/** Puts the task back in its queue, as far as the fault and its policy allow; else it is over. */
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

/** Checks tell of a task that stays in its state. */
function hasNews(row: TaskRow, status: TaskStatus): boolean {
  const before = JSON.stringify(checksOf(row))
  const now = checksOf(status)
  return Object.keys(now).length > 0 && JSON.stringify({ ...checksOf(row), ...now }) !== before
}

function checksOf({
  healthy,
  checkStatus,
}: Pick<TaskRow, 'healthy' | 'checkStatus'>): Pick<TaskRow, 'healthy' | 'checkStatus'> {
  return {
    ...(healthy === undefined ? {} : { healthy }),
    ...(checkStatus === undefined ? {} : { checkStatus }),
  }
}

/** Of its group, those that were to be launched again end with it: they cannot start without it. */
function endTask(table: TaskTable, row: TaskRow, fact: TaskFact): TaskUpdate {
  const next = removeTask(table, row.request.id)
  const stranded = togetherWith(next, row).filter(({ state }) => state === 'pending')
  return {
    table: stranded.reduce((left, { request }) => removeTask(left, request.id), next),
    facts: [fact, ...stranded.map(strandedFact)],
  }
}

function strandedFact({ request, attempt }: TaskRow): TaskFact {
  const message = `its group ${request.group} cannot be launched again: another of its tasks is over`
  return { type: 'task.ended', taskId: request.id, attempt, code: 'TASK_FAILED', message }
}

/** The machine event behind a Mesos state; undefined for a state that this version does not know. */
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

/** `none` for a state that is no end, too. */
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
