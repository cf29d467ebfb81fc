/** Finds the row of a task from a launch id, the task id that Mesos knows. */
import { defined } from '../../../defined.ts'
import { getFrom } from '../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../domain/persistent-map.ts'
import { launchIdOf, parseLaunchId } from '../../../domain/tasks/task-request.ts'
import { findTask } from './table/task-table.ts'
import type { TaskRow } from './table/task-row.ts'
import type { TaskTable } from './table/task-table.ts'
import type { TaskStatus } from '../../../mesos/types.generated.ts'
import type { Kill } from './kills.ts'
import type { Asked } from '../reconciliation/reconciliation.ts'
import type { TaskFact } from './task-fact.ts'

/** The task in an explicit reconciliation. */
export function askedOf({ request, attempt, agentId }: TaskRow): Asked {
  return { id: launchIdOf(request.id, attempt), ...defined({ agentId }) }
}

/** Its attempt that was given up as unreachable: the agent may be back. */
export function awayOf({ request, away }: TaskRow): readonly Asked[] {
  if (away === undefined) return []
  const { attempt, agentId } = away
  return [{ id: launchIdOf(request.id, attempt), ...defined({ agentId }) }]
}

/** The kill of a task; `graceMs` as in `Kill`. */
export function killOf(row: TaskRow, graceMs?: number): Kill {
  const { id: launchId, ...agent } = askedOf(row)
  return { launchId, ...agent, ...defined({ graceMs }) }
}

/** The kill of a task without a row. */
export function killOfStatus({ taskId, agentId }: TaskStatus): Kill {
  return { launchId: taskId.value, ...defined({ agentId: agentId?.value }) }
}

/**
 * The row of this attempt, current or given up but able to return (`TaskRow.away`); undefined for
 * an attempt that ended or is unknown.
 */
export function findAttempt(tasks: TaskTable, launchId: string): TaskRow | undefined {
  const { id, attempt } = parseLaunchId(launchId)
  const row = findTask(tasks, id)
  // Tasks of a group do not return one by one.
  const canReturn = row?.state === 'pending' && row.request.group === undefined
  if (canReturn && row.away?.attempt === attempt) return row
  return row?.attempt === attempt ? row : undefined
}

/** The row of a launch without any update yet. */
export function findLaunch(tasks: TaskTable, launchId: string): TaskRow | undefined {
  const row = findAttempt(tasks, launchId)
  return row?.state === 'launching' ? row : undefined
}

/**
 * The row of a launched task whose offers are invalid according to the master. A proxy may have
 * sent the ACCEPT twice, and the first one was taken: reconcile, don't retry.
 */
export function findDoubted(tasks: TaskTable, { reason, taskId }: TaskStatus): TaskRow | undefined {
  if (reason !== 'REASON_INVALID_OFFERS') return undefined
  const row = findAttempt(tasks, taskId.value)
  return row?.state === 'pending' ? undefined : row
}

interface KnownTasks {
  readonly table: TaskTable
  /** How tasks ended, by id; undefined if that is not remembered. */
  readonly outcomes: PersistentMap<TaskFact> | undefined
}

/** True for a running attempt that was given up: a later attempt replaced it. */
export function isGivenUp({ table, outcomes }: KnownTasks, { state, taskId }: TaskStatus): boolean {
  if (!['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING'].includes(state)) return false
  if (findAttempt(table, taskId.value) !== undefined) return false
  const { id, attempt } = parseLaunchId(taskId.value)
  const current = findTask(table, id) ?? (outcomes && getFrom(outcomes, id))
  return current !== undefined && attempt < current.attempt
}
