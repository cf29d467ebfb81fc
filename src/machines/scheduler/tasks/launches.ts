/** From what Mesos says of a launch to the row of its task, and what to make of it when the two do not fit. */
import { getFrom } from '../../../domain/persistent-map.ts'
import { launchIdOf, parseLaunchId } from '../../../domain/tasks/task-request.ts'
import { findTask } from './table/task-table.ts'
import type { TaskRow, TaskTable } from './table/task-table.ts'
import { isTerminal } from '../../../mesos/states.ts'
import type { TaskStatus } from '../../../mesos/types.generated.ts'
import type { Kill } from './kills.ts'
import type { Asked } from '../reconciliation/reconciliation.ts'
import type { SchedulerContext } from '../setup.ts'

/** As it is asked for in a reconciliation. */
export function askedOf({ request, attempt, agentId }: TaskRow): Asked {
  return { id: launchIdOf(request.id, attempt), ...(agentId === undefined ? {} : { agentId }) }
}

/** The attempt that was given up as unreachable, whose agent may be back: also asked for. */
export function awayOf({ request, away }: TaskRow): readonly Asked[] {
  if (away === undefined) return []
  const { attempt, agentId } = away
  return [{ id: launchIdOf(request.id, attempt), ...(agentId === undefined ? {} : { agentId }) }]
}

/** As it is killed; `graceMs` as in `Kill`. */
export function killOf(row: TaskRow, graceMs?: number): Kill {
  const { id: launchId, ...agent } = askedOf(row)
  return { launchId, ...agent, ...(graceMs === undefined ? {} : { graceMs }) }
}

/** The same for a task that has no row. */
export function killOfStatus({ taskId, agentId }: TaskStatus): Kill {
  return { launchId: taskId.value, ...(agentId === undefined ? {} : { agentId: agentId.value }) }
}

/**
 * The row whose attempt this is, or was and may be again (`TaskRow.away`); undefined for one that is over or was never made.
 */
export function findAttempt(tasks: TaskTable, launchId: string): TaskRow | undefined {
  const { id, attempt } = parseLaunchId(launchId)
  const row = findTask(tasks, id)
  // A group comes back as a whole, or not at all.
  const canReturn = row?.state === 'pending' && row.request.group === undefined
  if (canReturn && row.away?.attempt === attempt) return row
  return row?.attempt === attempt ? row : undefined
}

/** The row of a launch that nothing was heard of yet. */
export function findLaunch(tasks: TaskTable, launchId: string): TaskRow | undefined {
  const row = findAttempt(tasks, launchId)
  return row?.state === 'launching' ? row : undefined
}

/**
 * The row of a task whose offer is used up, says the master: by another ACCEPT, or by this one if something between has
 * sent it twice. Then the task may well run, so this is no loss but a question.
 */
export function findDoubted(tasks: TaskTable, { reason, taskId }: TaskStatus): TaskRow | undefined {
  if (reason !== 'REASON_INVALID_OFFERS') return undefined
  const row = findAttempt(tasks, taskId.value)
  return row?.state === 'pending' ? undefined : row
}

/** True for a task that runs although it was taken for lost: another attempt has its place, or had it. */
export function isGivenUp(
  { tasks, outcomes }: Pick<SchedulerContext, 'tasks' | 'outcomes'>,
  { state, taskId }: TaskStatus,
): boolean {
  if (!['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING'].includes(state)) return false
  if (findAttempt(tasks, taskId.value) !== undefined) return false
  const { id, attempt } = parseLaunchId(taskId.value)
  const current = findTask(tasks, id) ?? getFrom(outcomes, id)
  return current !== undefined && attempt < current.attempt
}

/**
 * True for an update about a task that is over, was never submitted, or has another attempt by now, from which no decision
 * follows: nobody asked for it, and nothing that runs has to be killed for it.
 */
export function changesNothing(context: SchedulerContext, status: TaskStatus): boolean {
  const { taskId, state, reason } = status
  if (findAttempt(context.tasks, taskId.value) !== undefined) return false
  if (reason === 'REASON_RECONCILIATION') return false
  const isEnd = isTerminal(state) || state === 'TASK_UNKNOWN'
  return !(context.hasKills && isEnd) && !isGivenUp(context, status)
}
