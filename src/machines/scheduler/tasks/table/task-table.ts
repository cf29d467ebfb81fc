/**
 * The task table: a row per task that is not over, and the tasks that wait for an offer in queues by what they
 * need, so that matching looks at each kind of need once and not at each task. The tasks of a group stand in a queue
 * as one.
 */
import type { CheckStatusInfo, TaskStatus } from '../../../../mesos/types.generated.ts'
import {
  emptyMap,
  getFrom,
  removeFrom,
  setIn,
  valuesOf,
} from '../../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../../domain/persistent-map.ts'
import { countPending, noPendingRoles } from './pending-roles.ts'
import type { PendingRoles } from './pending-roles.ts'
import { countTask, noCounts } from './placement-counts.ts'
import type { CountedAt, PlacementCounts } from './placement-counts.ts'
import { resourcesOf } from '../../../../domain/tasks/task-request.ts'
import type { TaskRequest } from '../../../../domain/tasks/task-request.ts'

/** Where a task stands; the states of the task machine. */
export type TaskState =
  | 'pending'
  | 'launching'
  | 'staging'
  | 'starting'
  | 'running'
  | 'killing'
  | 'dying'
  | 'unreachable'
  | 'ending'
  | 'finished'
  | 'failed'
  | 'killed'
  | 'lost'

export interface TaskRow {
  readonly request: TaskRequest
  readonly state: TaskState
  /** 1 for the first launch. */
  readonly attempt: number
  /** Attempts that ran to a failure. */
  readonly failures: number
  /** Its user asked for its end: it is never launched again. */
  readonly isKilled?: boolean
  /** It is killed only to be launched on another agent. */
  readonly moves?: boolean
  /** How often that has happened. */
  readonly moved?: number
  /** Place in the queue of its need; 0 when it stands in none. */
  readonly ticket: number
  /** While `ending`: what the master said of its end. Its agent's update has not come yet. */
  readonly answer?: TaskStatus
  readonly agentId?: string
  readonly hostname?: string
  /** Absent for a plain command: Mesos gives it an executor with the id of the task. */
  readonly executorId?: string
  /** What its health checks said last. */
  readonly healthy?: boolean
  /** What its check saw last. */
  readonly checkStatus?: CheckStatusInfo
  /** The library set that was current when it was submitted: every attempt runs with that one. */
  readonly librarySetId?: string
  /** Where it is counted while it is launched. */
  readonly counted?: readonly CountedAt[]
  /** Agent on which its executor ended before the task started, in the attempt before. */
  readonly failedOn?: string
  /** Which time of being unreachable this is. */
  readonly absence?: string
  /** The attempt before, given up as unreachable. It can come back until this one is launched. */
  readonly away?: Pick<TaskRow, 'attempt' | 'agentId' | 'hostname' | 'executorId' | 'counted'>
}

/** Tasks that start together and end together. */
export interface TaskGroup {
  /** Those that are not over. */
  readonly taskIds: readonly string[]
  /** One is over: what is left cannot be started again. */
  readonly isBroken: boolean
}

export interface TaskTable {
  readonly rows: PersistentMap<TaskRow>
  readonly groups: PersistentMap<TaskGroup>
  readonly counts: PlacementCounts
  /** How many tasks need each library set, by its id; none of them 0. */
  readonly setUses: PersistentMap<number>
  readonly queues: PersistentMap<Queue>
  /** How many queues there ever were. */
  readonly queueCount: number
  readonly pendingCount: number
  readonly pendingRoles: PendingRoles
}

/** Tasks or groups of one need, oldest first. */
export interface Queue {
  readonly need: string
  /** Which one came before which: the number of this queue among all there ever were. */
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

/** Adds new tasks, each at the end of its queue; those with one group as one. */
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

/** Puts a task back in its queue that was killed to run elsewhere. */
export function moveTask(table: TaskTable, row: TaskRow): TaskTable {
  const { moves: _moves, ...kept } = row
  return requeueTask(table, { ...kept, moved: (row.moved ?? 0) + 1 }, row.failures)
}

/** Puts a task back in its queue whose launch never reached the master: the attempt does not count. */
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

/** A task that was placed leaves its queue, and is counted where it goes. */
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

/** Changes the row of a task that was launched, and stays so. */
export function replaceTask(table: TaskTable, row: TaskRow): TaskTable {
  return { ...table, rows: setIn(table.rows, row.request.id, row) }
}

/** Forgets a task that is over. */
export function removeTask(table: TaskTable, id: string): TaskTable {
  const row = findTask(table, id)
  if (row === undefined) return table
  const kept = row.state === 'pending' ? dequeue(table, row) : table
  const counts = countTask(kept.counts, row.counted, -1)
  const setUses = countUses(kept.setUses, row.librarySetId, -1)
  return leaveGroup({ ...kept, counts, setUses, rows: removeFrom(kept.rows, id) }, row)
}

/** The task and those of its group that are not over. */
export function togetherWith(table: TaskTable, row: TaskRow): readonly TaskRow[] {
  const { group } = row.request
  const taskIds = group === undefined ? undefined : getFrom(table.groups, group)?.taskIds
  return taskIds?.flatMap((id) => findTask(table, id) ?? []) ?? [row]
}

/** True for a task that can be launched again: not when others of its group are over. */
export function canLaunchAgain(table: TaskTable, { request: { group } }: TaskRow): boolean {
  return group === undefined || getFrom(table.groups, group)?.isBroken !== true
}

/** Every task that is not over, in an order that depends on the ids alone. */
export function tasksOf(table: TaskTable): Iterable<TaskRow> {
  return valuesOf(table.rows)
}

/** The queues, oldest first. */
export function queuesOf(table: TaskTable): readonly Queue[] {
  return [...valuesOf(table.queues)].toSorted((one, other) => one.order - other.order)
}

/** The tasks of a queue, oldest first. */
export function* pendingOf(table: TaskTable, queue: Queue): Generator<TaskRow> {
  for (const unit of unitsOf(table, queue)) yield* unit
}

/** What is placed as one, oldest first: single tasks, or the tasks of a group. */
export function* unitsOf(table: TaskTable, queue: Queue): Generator<readonly TaskRow[]> {
  for (let ticket = queue.head; ticket < queue.tail; ticket++) {
    const id = getFrom(queue.ids, String(ticket))
    if (id === undefined) continue
    const ids = queue.isOfGroups ? (getFrom(table.groups, id)?.taskIds ?? []) : [id]
    yield ids.flatMap((taskId) => findTask(table, taskId) ?? [])
  }
}

/** What a task, or a whole group, needs of an offer, as a text that is equal for equal needs. */
function needOf(unit: readonly TaskRow[]): string {
  return JSON.stringify(
    unit.map(({ request }) => [
      sorted(resourcesOf(request)),
      sorted(request.constraints ?? {}),
      request.group !== undefined,
      request.role,
    ]),
  )
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

/** Queues a pending task. One of a group waits for the last of them, and then all are queued as one. */
function enqueue(table: TaskTable, id: string): TaskTable {
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

/** A pending task counts no longer, and its ticket, which a group shares, is void. */
function dequeue(table: TaskTable, row: TaskRow): TaskTable {
  const kept = countWaiting(table, row, -1)
  return row.ticket === 0 ? kept : voidTicket(kept, togetherWith(table, row), row.ticket)
}

function countWaiting(table: TaskTable, { request: { role } }: TaskRow, by: 1 | -1): TaskTable {
  const pendingRoles = countPending(table.pendingRoles, role, by)
  return { ...table, pendingCount: table.pendingCount + by, pendingRoles }
}

function voidTicket(table: TaskTable, unit: readonly TaskRow[], ticket: number): TaskTable {
  // The row of a single task is changed by whoever takes it out of its queue.
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

function leaveGroup(table: TaskTable, { request: { id, group } }: TaskRow): TaskTable {
  const before = group === undefined ? undefined : getFrom(table.groups, group)
  if (group === undefined || before === undefined) return table
  const taskIds = before.taskIds.filter((other) => other !== id)
  const groups =
    taskIds.length === 0
      ? removeFrom(table.groups, group)
      : setIn(table.groups, group, { taskIds, isBroken: true })
  return { ...table, groups }
}

/** The oldest ticket still there: tickets leave nearly always from the front, those before it are skipped once. */
function headOf(ids: PersistentMap<string>, from: number): number {
  let head = from
  while (getFrom(ids, String(head)) === undefined) head++
  return head
}

function sorted(record: object): readonly (readonly [string, unknown])[] {
  return Object.entries(record).toSorted(([one], [other]) => (one < other ? -1 : 1))
}
