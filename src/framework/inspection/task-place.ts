/** Where a task runs or ran, as the scheduler knows it. */
import { getFrom } from '../../domain/persistent-map.ts'
import { outcomesOf, taskTableOf } from '../../machines/scheduler/components.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import { findTask } from '../../machines/scheduler/tasks/table/task-table.ts'
import { frameworkIdOf } from '../state/selectors.ts'
import type { TaskPlace } from './sandbox.ts'

/** Undefined for a task that never was on an agent. A plain command is its own executor. */
export function placeOfTask(snapshot: SchedulerSnapshot, taskId: string): TaskPlace | undefined {
  const frameworkId = frameworkIdOf(snapshot)
  if (frameworkId === undefined) return undefined
  const row = findTask(taskTableOf(snapshot), taskId)
  if (row?.agentId !== undefined) {
    const { agentId, executorId = taskId } = row
    return { frameworkId, agentId, executorId, isOver: false }
  }
  const status = getFrom(outcomesOf(snapshot), taskId)?.status
  const agentId = status?.agentId?.value
  const executorId = status?.executorId?.value ?? taskId
  return agentId === undefined ? undefined : { frameworkId, agentId, executorId, isOver: true }
}
