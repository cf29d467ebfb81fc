/**
 * The task table: a row per task that has not ended, and queues by need of the tasks that wait for
 * an offer.
 */
import { emptyMap, getFrom, setIn, valuesOf } from '../../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../../domain/persistent-map.ts'
import { noPendingRoles } from './pending-roles.ts'
import type { PendingRoles } from './pending-roles.ts'
import { noCounts } from './placement-counts.ts'
import type { PlacementCounts } from './placement-counts.ts'
import type { TaskRow } from './task-row.ts'

/** Tasks that start together and end together. */
export interface TaskGroup {
  /** Tasks that have not ended. */
  readonly taskIds: readonly string[]
  /** A task has ended: the others cannot be launched again. */
  readonly isBroken: boolean
}

export interface TaskTable {
  readonly rows: PersistentMap<TaskRow>
  readonly groups: PersistentMap<TaskGroup>
  readonly counts: PlacementCounts
  /** Number of tasks that need each library set, by id; never 0. */
  readonly setUses: PersistentMap<number>
  readonly queues: PersistentMap<Queue>
  /** Number of queues made so far. */
  readonly queueCount: number
  readonly pendingCount: number
  readonly pendingRoles: PendingRoles
}

/** Tasks or groups with equal needs, oldest first. */
export interface Queue {
  readonly need: string
  /** Number of queues made before this one. */
  readonly order: number
  readonly isOfGroups: boolean
  /** Ids of tasks, or of groups, by ticket. */
  readonly ids: PersistentMap<string>
  /** The oldest ticket. */
  readonly head: number
  /** The next ticket. */
  readonly tail: number
}

export const emptyTaskTable: TaskTable = {
  rows: emptyMap(),
  groups: emptyMap(),
  counts: noCounts,
  setUses: emptyMap(),
  queues: emptyMap(),
  queueCount: 0,
  pendingCount: 0,
  pendingRoles: noPendingRoles,
}

export function findTask(table: TaskTable, id: string): TaskRow | undefined {
  return getFrom(table.rows, id)
}

/** All tasks that have not ended, in an order that depends on the ids alone. */
export function tasksOf(table: TaskTable): Iterable<TaskRow> {
  return valuesOf(table.rows)
}

/** Changes the row of a task whose place in the queues stays the same. */
export function replaceTask(table: TaskTable, row: TaskRow): TaskTable {
  const { groups, counts, setUses, queues, queueCount, pendingCount, pendingRoles } = table
  const rows = setIn(table.rows, row.request.id, row)
  // Each status update comes here. To spread what a spread has made takes 0.2 µs more in Node 20.
  return { rows, groups, counts, setUses, queues, queueCount, pendingCount, pendingRoles }
}
