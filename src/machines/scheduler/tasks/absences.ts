/**
 * Tasks on unreachable agents. After its `unreachableMs`, a task is given up and launched
 * elsewhere. If its agent returns before the next attempt is launched, the old attempt continues.
 * Source: apache/mesos docs/high-availability-framework-guide.md, "Dealing with Partitioned or
 * Failed Agents".
 */
import { defined } from '../../../defined.ts'
import { parseLaunchId } from '../../../domain/tasks/task-request.ts'
import { launchTask } from './table/task-changes.ts'
import { findTask, replaceTask } from './table/task-table.ts'
import type { TaskRow } from './table/task-row.ts'
import type { TaskTable } from './table/task-table.ts'
import type { TaskState, TaskStatus } from '../../../mesos/types.generated.ts'
import { findAttempt } from './launches.ts'
import { settleEnd } from './apply-update.ts'
import type { TaskUpdate } from './apply-update.ts'
import type { TaskFact } from './task-fact.ts'

/** A timer: tasks of this absence that are not back are given up. */
export interface AbsenceOver {
  readonly type: 'absence.over'
  readonly absence: string
}

/** One agent that became unreachable at one time, and the tasks there with one `unreachableMs`. */
export interface Absence {
  readonly id: string
  readonly limitMs: number
}

interface NotedAbsence {
  readonly tasks: TaskTable
  /** Absent for a task that waits without limit, or is not unreachable. */
  readonly absence?: Absence
}

/** After an update: marks a task that is unreachable with its absence. */
export function noteAbsence(tasks: TaskTable, status: TaskStatus): NotedAbsence {
  if (status.state !== 'TASK_UNREACHABLE') return { tasks }
  const row = findAttempt(tasks, status.taskId.value)
  const limitMs = row?.request.unreachableMs
  if (row?.state !== 'unreachable' || limitMs === undefined) return { tasks }
  const since = status.unreachableTime?.nanoseconds ?? 0
  const id = `${row.agentId} ${since} ${limitMs}`
  if (row.absence === id) return { tasks }
  const next = replaceTask(tasks, { ...row, absence: id })
  return { tasks: next, absence: { id, limitMs } }
}

/** True if the task is still unreachable when the timer fires. */
export function isStillAway({ state, absence }: TaskRow, { absence: over }: AbsenceOver): boolean {
  return state === 'unreachable' && absence === over
}

/** Gives the attempt up: the task is launched elsewhere, or ends if its policy forbids that. */
export function giveUp(tasks: TaskTable, row: TaskRow): TaskUpdate {
  const { request, attempt, agentId, hostname, executorId, counted } = row
  const { unreachableMs = 0 } = request
  const wait =
    unreachableMs === 0 ? 'is unreachable' : `was unreachable for ${unreachableMs / 1000} s`
  const fact = (type: TaskFact['type']): TaskFact => ({
    type,
    taskId: request.id,
    attempt,
    ...defined({ hostname, code: type === 'task.ended' ? 'TASK_FAILED' : undefined }),
    message: `its agent ${wait}`,
  })
  const { table, facts } = settleEnd(tasks, row, { fault: 'cluster', fact })
  const next = findTask(table, request.id)
  if (next?.state !== 'pending') return { table, facts }
  const away = { attempt, ...defined({ agentId, hostname, executorId, counted }) }
  return { table: replaceTask(table, { ...next, away }), facts }
}

/** Before an update: takes back the attempt that it is about, if no later one was launched. */
export function takeBack(tasks: TaskTable, { taskId, state }: TaskStatus): TaskTable {
  if (!statesOfReturned.has(state)) return tasks
  const row = findAttempt(tasks, taskId.value)
  const { attempt } = parseLaunchId(taskId.value)
  if (row?.away === undefined || row.attempt === attempt) return tasks
  const { away, ...kept } = row
  return launchTask(tasks, { ...kept, ...away, state: 'unreachable' }, away.counted ?? [])
}

/** States that a returned agent reports for a task that it has. */
const statesOfReturned: ReadonlySet<TaskState> = new Set([
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
] as const)
