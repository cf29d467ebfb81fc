/** What a status update makes of the task table. Pure; the scheduler machine's half of the task's life. */
import type { TaskStatus } from '../mesos/types.generated.ts'
import { maxLosses, parseLaunchId } from '../domain/task-request.ts'
import {
  canLaunchAgain,
  findTask,
  moveTask,
  removeTask,
  replaceTask,
  requeueTask,
  togetherWith,
} from '../domain/task-table.ts'
import type { TaskRow, TaskTable } from '../domain/task-table.ts'
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
  if (row.moves === true && state !== 'finished' && canLaunchAgain(table, row))
    return { table: moveTask(table, row), facts: [fact('task.retried')] }
  const failures = row.failures + (state === 'failed' ? 1 : 0)
  return canLaunchAgain(table, row) && mayRetry(row, state, failures)
    ? { table: requeueTask(table, row, failures), facts: [fact('task.retried')] }
    : endTask(table, row, fact('task.ended'))
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
  const message = `it was lost, and its group ${request.group} cannot be launched again: another of its tasks is over`
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
      return 'task.killing'
    case 'TASK_UNREACHABLE':
      return 'task.unreachable'
    case 'TASK_FINISHED':
      return 'task.finished'
    case 'TASK_FAILED':
      return neverRan(status) ? 'task.lost' : 'task.failed'
    case 'TASK_ERROR':
      return 'task.failed'
    case 'TASK_KILLED':
      // By its executor, since its health checks failed: nobody asked for it.
      return status.healthy === false ? 'task.failed' : 'task.killed'
    case 'TASK_LOST':
    case 'TASK_DROPPED':
    case 'TASK_GONE':
    case 'TASK_GONE_BY_OPERATOR':
    case 'TASK_UNKNOWN':
      return 'task.lost'
    default:
      return undefined
  }
}

/**
 * True when the task failed before it began: what it needed could not be fetched, or its executor never came up.
 * That is no attempt of the task's own.
 */
function neverRan({ reason }: TaskStatus): boolean {
  return (
    reason === 'REASON_CONTAINER_LAUNCH_FAILED' || reason === 'REASON_EXECUTOR_REGISTRATION_TIMEOUT'
  )
}

function isOver(state: TaskRow['state']): boolean {
  return state === 'finished' || state === 'failed' || state === 'killed' || state === 'lost'
}

function mayRetry(row: TaskRow, state: TaskRow['state'], failures: number): boolean {
  if (row.isKilled === true) return false
  const maxAttempts = row.request.retry?.maxAttempts ?? 1
  if (state === 'failed') return failures < maxAttempts
  const losses = row.attempt - row.failures - (row.moved ?? 0)
  return state === 'lost' && losses <= maxLosses
}
