/**
 * The task table: a row per task that is not over, and the tasks that wait for an offer in queues by what they
 * need, so that matching looks at each kind of need once and not at each task.
 */
import { emptyMap, getFrom, removeFrom, setIn, valuesOf } from './persistent-map.ts'
import type { PersistentMap } from './persistent-map.ts'
import { resourcesOf } from './task-request.ts'
import type { TaskRequest } from './task-request.ts'

/** Where a task stands; the states of the task machine. */
export type TaskState =
  | 'pending'
  | 'launching'
  | 'staging'
  | 'starting'
  | 'running'
  | 'killing'
  | 'unreachable'
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
  /** Place in the queue of its need, while pending. */
  readonly ticket: number
  readonly agentId?: string
  readonly hostname?: string
}

export interface TaskTable {
  readonly rows: PersistentMap<TaskRow>
  readonly queues: PersistentMap<Queue>
  /** How many queues there ever were. */
  readonly queueCount: number
  readonly pendingCount: number
}

/** Tasks of one need, oldest first. */
export interface Queue {
  readonly need: string
  /** Which one came before which: the number of this queue among all there ever were. */
  readonly order: number
  /** By ticket. */
  readonly taskIds: PersistentMap<string>
  /** Ticket of the oldest task. */
  readonly head: number
  /** The next ticket. */
  readonly tail: number
}

export const emptyTaskTable: TaskTable = {
  rows: emptyMap(),
  queues: emptyMap(),
  queueCount: 0,
  pendingCount: 0,
}

export function findTask(table: TaskTable, id: string): TaskRow | undefined {
  return getFrom(table.rows, id)
}

/** Adds a new task at the end of its queue. */
export function addTask(table: TaskTable, request: TaskRequest): TaskTable {
  return enqueue(table, { request, state: 'pending', attempt: 1, failures: 0, ticket: 0 })
}

/** Puts a task back in its queue for another attempt. */
export function requeueTask(table: TaskTable, row: TaskRow, failures: number): TaskTable {
  return returnTask(table, { ...row, attempt: row.attempt + 1, failures })
}

/** Puts a task back in its queue whose launch never reached the master: the attempt does not count. */
export function returnTask(table: TaskTable, row: TaskRow): TaskTable {
  const { agentId: _agent, hostname: _host, ...kept } = row
  return enqueue(table, { ...kept, state: 'pending' })
}

/** Changes a row; a task that leaves `pending` leaves its queue. */
export function updateTask(table: TaskTable, row: TaskRow): TaskTable {
  const before = findTask(table, row.request.id)
  const kept =
    before?.state === 'pending' && row.state !== 'pending' ? dequeue(table, before) : table
  return { ...kept, rows: setIn(kept.rows, row.request.id, row) }
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
  return { ...kept, rows: removeFrom(kept.rows, id) }
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
  for (let ticket = queue.head; ticket < queue.tail; ticket++) {
    const id = getFrom(queue.taskIds, String(ticket))
    const row = id === undefined ? undefined : findTask(table, id)
    if (row !== undefined) yield row
  }
}

/** What a task needs of an offer, as a text that is equal for equal needs. */
function needOf(request: TaskRequest): string {
  const { constraints = {} } = request
  return JSON.stringify([
    sorted(resourcesOf(request)),
    constraints.hostname,
    sorted(constraints.attributes ?? {}),
  ])
}

function enqueue(table: TaskTable, row: TaskRow): TaskTable {
  const need = needOf(row.request)
  const known = getFrom(table.queues, need)
  const queue = known ?? {
    need,
    order: table.queueCount,
    taskIds: emptyMap<string>(),
    head: 0,
    tail: 0,
  }
  const ticket = queue.tail
  const taskIds = setIn(queue.taskIds, String(ticket), row.request.id)
  return {
    rows: setIn(table.rows, row.request.id, { ...row, ticket }),
    queues: setIn(table.queues, need, { ...queue, taskIds, tail: ticket + 1 }),
    queueCount: known === undefined ? table.queueCount + 1 : table.queueCount,
    pendingCount: table.pendingCount + 1,
  }
}

function dequeue(table: TaskTable, row: TaskRow): TaskTable {
  const need = needOf(row.request)
  const queue = getFrom(table.queues, need)
  if (queue === undefined) return table
  const taskIds = removeFrom(queue.taskIds, String(row.ticket))
  const queues =
    taskIds.size === 0
      ? removeFrom(table.queues, need)
      : setIn(table.queues, need, { ...queue, taskIds, head: headOf(taskIds, queue.head) })
  return { ...table, queues, pendingCount: table.pendingCount - 1 }
}

/** The oldest ticket still there: tickets leave nearly always from the front, those before it are skipped once. */
function headOf(taskIds: PersistentMap<string>, from: number): number {
  let head = from
  while (getFrom(taskIds, String(head)) === undefined) head++
  return head
}

function sorted(record: object): readonly (readonly [string, unknown])[] {
  return Object.entries(record).toSorted(([one], [other]) => (one < other ? -1 : 1))
}
