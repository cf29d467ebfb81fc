/** Changes rows, and keeps queues, groups and counts up to date. */
import { getFrom, removeFrom, setIn } from '../../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../../domain/persistent-map.ts'
import type { TaskRequest } from '../../../../domain/tasks/task-request.ts'
import { countTask } from './placement-counts.ts'
import type { CountedAt } from './placement-counts.ts'
import { leaveGroup } from './task-groups.ts'
import { countWaiting, dequeue, enqueue } from './task-queues.ts'
import type { TaskRow } from './task-row.ts'
import { findTask, replaceTask } from './task-table.ts'
import type { TaskTable } from './task-table.ts'

/** Adds new tasks, each at the end of its queue; a group as one. */
export function addTasks(
  table: TaskTable,
  requests: readonly TaskRequest[],
  librarySetId?: string,
): TaskTable {
  const added = requests.reduce((next, request) => addRow(next, request, librarySetId), table)
  return requests.reduce((next, { id }) => enqueue(next, id), added)
}

export function addTask(table: TaskTable, request: TaskRequest): TaskTable {
  return addTasks(table, [request])
}

/** Puts a task back in its queue for another attempt. */
export function requeueTask(table: TaskTable, row: TaskRow, failures: number): TaskTable {
  return returnTask(table, { ...row, attempt: row.attempt + 1, failures })
}

/** Puts a task back in its queue that was killed to run on another agent. */
export function moveTask(table: TaskTable, row: TaskRow): TaskTable {
  const { moves: _moves, ...kept } = row
  return requeueTask(table, { ...kept, moved: (row.moved ?? 0) + 1 }, row.failures)
}

/** Puts a task back in its queue. Its attempt number stays: its launch did not reach the master. */
export function returnTask(table: TaskTable, row: TaskRow): TaskTable {
  const { agentId: _agent, hostname: _host, executorId: _executor, ...placed } = row
  const { answer: _answer, counted, ...launched } = placed
  const { healthy: _, checkStatus: __, absence: ___, away: ____, ...kept } = launched
  const id = row.request.id
  const rows = setIn(table.rows, id, { ...kept, state: 'pending' as const, ticket: 0 })
  const counts = countTask(table.counts, counted, -1)
  const waited = findTask(table, id)?.state === 'pending'
  const next = { ...table, rows, counts }
  return enqueue(waited ? next : countWaiting(next, row, 1), id)
}

/** Removes a placed task from its queue, and counts it at its place. */
export function launchTask(
  table: TaskTable,
  row: TaskRow,
  counted: readonly CountedAt[],
): TaskTable {
  const next = updateTask(table, counted.length === 0 ? row : { ...row, counted })
  return { ...next, counts: countTask(next.counts, counted, 1) }
}

/** Changes a row; a task that leaves `pending` leaves its queue. */
export function updateTask(table: TaskTable, row: TaskRow): TaskTable {
  const before = findTask(table, row.request.id)
  if (before?.state !== 'pending' || row.state === 'pending') return replaceTask(table, row)
  return replaceTask(dequeue(table, before), { ...row, ticket: 0 })
}

/** Removes an ended task. */
export function removeTask(table: TaskTable, id: string): TaskTable {
  const row = findTask(table, id)
  if (row === undefined) return table
  const kept = row.state === 'pending' ? dequeue(table, row) : table
  const counts = countTask(kept.counts, row.counted, -1)
  const setUses = countUses(kept.setUses, row.librarySetId, -1)
  return leaveGroup({ ...kept, counts, setUses, rows: removeFrom(kept.rows, id) }, row)
}

function addRow(
  table: TaskTable,
  request: TaskRequest,
  librarySetId: string | undefined,
): TaskTable {
  const { id, group } = request
  const row: TaskRow = {
    request,
    state: 'pending',
    attempt: 1,
    failures: 0,
    ticket: 0,
    ...(librarySetId === undefined ? {} : { librarySetId }),
  }
  const taskIds = group === undefined ? [] : (getFrom(table.groups, group)?.taskIds ?? [])
  return {
    ...countWaiting(table, row, 1),
    rows: setIn(table.rows, id, row),
    setUses: countUses(table.setUses, librarySetId, 1),
    ...(group !== undefined && {
      groups: setIn(table.groups, group, { taskIds: [...taskIds, id], isBroken: false }),
    }),
  }
}

function countUses(
  uses: PersistentMap<number>,
  setId: string | undefined,
  change: 1 | -1,
): PersistentMap<number> {
  if (setId === undefined) return uses
  const count = (getFrom(uses, setId) ?? 0) + change
  return count > 0 ? setIn(uses, setId, count) : removeFrom(uses, setId)
}
