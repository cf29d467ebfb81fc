/** Where a task runs or ran, as the scheduler knows it. */
import { getFrom } from '../../domain/persistent-map.ts'
import { launchIdOf } from '../../domain/tasks/task-request.ts'
import { outcomesOf, taskTableOf } from '../../machines/scheduler/components.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import type { TaskFact } from '../../machines/scheduler/tasks/task-fact.ts'
import { findTask } from '../../machines/scheduler/tasks/table/task-table.ts'
import { frameworkIdOf } from '../state/selectors.ts'

export interface TaskPlace {
  readonly frameworkId: string
  readonly agentId: string
  readonly executorId: string
  /** The id for Mesos, which differs between attempts. */
  readonly launchId: string
  /** False for an attempt that is given up, too: another may follow. */
  readonly isOver: boolean
}

/** Undefined for a task that never was on an agent. A plain command is its own executor. */
export function placeOfTask(snapshot: SchedulerSnapshot, taskId: string): TaskPlace | undefined {
  const frameworkId = frameworkIdOf(snapshot)
  if (frameworkId === undefined) return undefined
  const row = findTask(taskTableOf(snapshot), taskId)
  if (row?.agentId !== undefined) {
    const { agentId, attempt } = row
    const launchId = launchIdOf(taskId, attempt)
    return { frameworkId, agentId, executorId: row.executorId ?? launchId, launchId, isOver: false }
  }
  const outcome = getFrom(outcomesOf(snapshot), taskId)
  return outcome && placeOfEnd(frameworkId, outcome)
}

/** Where a task ended; undefined if it never was on an agent. */
export function placeOfEnd(
  frameworkId: string,
  { taskId, attempt, status }: Pick<TaskFact, 'taskId' | 'attempt' | 'status'>,
): TaskPlace | undefined {
  const agentId = status?.agentId?.value
  if (agentId === undefined) return undefined
  const launchId = status?.taskId.value ?? launchIdOf(taskId, attempt)
  const executorId = status?.executorId?.value ?? launchId
  return { frameworkId, agentId, executorId, launchId, isOver: true }
}
