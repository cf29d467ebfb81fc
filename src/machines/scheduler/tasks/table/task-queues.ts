/**
 * The tasks that wait for an offer, in a queue per need, so that matching looks once at each need
 * and not at each task. A group has one place in its queue.
 */
import {
  emptyMap,
  getFrom,
  removeFrom,
  setIn,
  valuesOf,
} from '../../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../../domain/persistent-map.ts'
import { resourcesOf } from '../../../../domain/tasks/task-request.ts'
import { countPending } from './pending-roles.ts'
import { togetherWith } from './task-groups.ts'
import type { TaskRow } from './task-row.ts'
import { findTask } from './task-table.ts'
import type { Queue, TaskTable } from './task-table.ts'

/** The queues, oldest first. */
export function queuesOf(table: TaskTable): readonly Queue[] {
  return [...valuesOf(table.queues)].toSorted((one, other) => one.order - other.order)
}

/** The tasks of a queue, oldest first. */
export function* pendingOf(table: TaskTable, queue: Queue): Generator<TaskRow> {
  for (const unit of unitsOf(table, queue)) yield* unit
}

/** The units of placement, oldest first: single tasks, or the tasks of a group. */
export function* unitsOf(table: TaskTable, queue: Queue): Generator<readonly TaskRow[]> {
  for (let ticket = queue.head; ticket < queue.tail; ticket++) {
    const id = getFrom(queue.ids, String(ticket))
    if (id === undefined) continue
    const ids = queue.isOfGroups ? (getFrom(table.groups, id)?.taskIds ?? []) : [id]
    yield ids.flatMap((taskId) => findTask(table, taskId) ?? [])
  }
}

/** Queues a pending task. A group is queued as one, with the last of its tasks. */
export function enqueue(table: TaskTable, id: string): TaskTable {
  const row = findTask(table, id)
  if (row === undefined) return table
  const unit = togetherWith(table, row)
  if (unit.some(({ state, ticket }) => state !== 'pending' || ticket > 0)) return table
  const need = needOf(unit)
  const known = getFrom(table.queues, need)
  const { group } = row.request
  const queue = known ?? {
    need,
    isOfGroups: group !== undefined,
    order: table.queueCount,
    ids: emptyMap<string>(),
    head: 1,
    tail: 1,
  }
  const ticket = queue.tail
  const ids = setIn(queue.ids, String(ticket), group ?? id)
  const rows = unit.reduce(
    (next, member) => setIn(next, member.request.id, { ...member, ticket }),
    table.rows,
  )
  return {
    ...table,
    rows,
    queues: setIn(table.queues, need, { ...queue, ids, tail: ticket + 1 }),
    queueCount: known === undefined ? table.queueCount + 1 : table.queueCount,
  }
}

/** Removes a pending task, or its whole group, which shares its ticket, from the queue. */
export function dequeue(table: TaskTable, row: TaskRow): TaskTable {
  const kept = countWaiting(table, row, -1)
  return row.ticket === 0 ? kept : voidTicket(kept, togetherWith(table, row), row.ticket)
}

/** Adds or removes one task that waits for an offer. */
export function countWaiting(
  table: TaskTable,
  { request: { role } }: TaskRow,
  by: 1 | -1,
): TaskTable {
  const pendingRoles = countPending(table.pendingRoles, role, by)
  return { ...table, pendingCount: table.pendingCount + by, pendingRoles }
}

/** The need of a task or group as text: equal for equal needs. */
function needOf(unit: readonly TaskRow[]): string {
  return JSON.stringify(
    unit.map(({ request }) => [
      sorted(resourcesOf(request)),
      sorted(request.constraints ?? {}),
      request.group !== undefined,
      request.role,
      request.waitTimeoutMs,
    ]),
  )
}

function voidTicket(table: TaskTable, unit: readonly TaskRow[], ticket: number): TaskTable {
  // The caller changes the row of a single task.
  const others = unit.length > 1 ? unit : []
  const rows = others.reduce(
    (next, member) => setIn(next, member.request.id, { ...member, ticket: 0 }),
    table.rows,
  )
  const need = needOf(unit)
  const queue = getFrom(table.queues, need)
  if (queue === undefined) return { ...table, rows }
  const ids = removeFrom(queue.ids, String(ticket))
  const queues =
    ids.size === 0
      ? removeFrom(table.queues, need)
      : setIn(table.queues, need, { ...queue, ids, head: headOf(ids, queue.head) })
  return { ...table, rows, queues }
}

/** The oldest remaining ticket. Most leave from the front, so this loop is short. */
function headOf(ids: PersistentMap<string>, from: number): number {
  let head = from
  while (getFrom(ids, String(head)) === undefined) head++
  return head
}

function sorted(record: object): readonly (readonly [string, unknown])[] {
  return Object.entries(record).toSorted(([one], [other]) => (one < other ? -1 : 1))
}
