/** The last fact about a task that follows from the state of the run. */
import { defined } from '../../defined.ts'
import { findTask } from '../../machines/scheduler/tasks/table/task-table.ts'
import type { TaskRow } from '../../machines/scheduler/tasks/table/task-row.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import type { TaskState } from '../../mesos/types.generated.ts'
import { outcomeOf, tasksOf } from '../state/selectors.ts'
import type { TaskFact } from './events.ts'
import type { ToPublicFact } from './public-facts.ts'

/**
 * `task.ended` for a task whose outcome is remembered; `task.launched` or `task.updated` for one
 * that is with Mesos. Undefined for others. The time of the fact is `at`: the state has no other.
 */
export function lastFactOf(
  snapshot: SchedulerSnapshot,
  taskId: string,
  at: number,
  toPublic: ToPublicFact,
): TaskFact | undefined {
  const outcome = outcomeOf(snapshot, taskId)
  if (outcome !== undefined) return toPublic(outcome, at) as TaskFact
  const row = findTask(tasksOf(snapshot), taskId)
  return row === undefined ? undefined : factOfRow(row, at)
}

function factOfRow({ request, state, attempt, agentId, hostname, answer }: TaskRow, at: number) {
  const taskId = request.id
  const isHeardOf = state !== 'launching' && state !== 'killing'
  if (!isHeardOf && agentId !== undefined && hostname !== undefined)
    return { type: 'task.launched', taskId, attempt, agentId, hostname, at } as const
  const known = answer?.state ?? mesosStates[state]
  if (known === undefined) return undefined
  return {
    type: 'task.updated',
    taskId,
    attempt,
    ...defined({ hostname, status: answer }),
    state: known,
    at,
  } as const
}

const mesosStates: Readonly<Partial<Record<TaskRow['state'], TaskState>>> = {
  staging: 'TASK_STAGING',
  starting: 'TASK_STARTING',
  running: 'TASK_RUNNING',
  dying: 'TASK_KILLING',
  unreachable: 'TASK_UNREACHABLE',
}
