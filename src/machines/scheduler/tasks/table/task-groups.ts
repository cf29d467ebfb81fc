/** Tasks that start together and end together. */
import { getFrom, removeFrom, setIn } from '../../../../domain/persistent-map.ts'
import type { TaskRow } from './task-row.ts'
import { findTask } from './task-table.ts'
import type { TaskTable } from './task-table.ts'

/** The task and those of its group that have not ended. */
export function togetherWith(table: TaskTable, row: TaskRow): readonly TaskRow[] {
  const { group } = row.request
  const taskIds = group === undefined ? undefined : getFrom(table.groups, group)?.taskIds
  return taskIds?.flatMap((id) => findTask(table, id) ?? []) ?? [row]
}

/** True if the task can be launched again: no other task of its group has ended. */
export function canLaunchAgain(table: TaskTable, { request: { group } }: TaskRow): boolean {
  return group === undefined || getFrom(table.groups, group)?.isBroken !== true
}

/** Removes the task from its group, which cannot be launched again. */
export function leaveGroup(table: TaskTable, { request: { id, group } }: TaskRow): TaskTable {
  const before = group === undefined ? undefined : getFrom(table.groups, group)
  if (group === undefined || before === undefined) return table
  const taskIds = before.taskIds.filter((other) => other !== id)
  const groups =
    taskIds.length === 0
      ? removeFrom(table.groups, group)
      : setIn(table.groups, group, { taskIds, isBroken: true })
  return { ...table, groups }
}
