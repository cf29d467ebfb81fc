import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addTask,
  removeTask,
  requeueTask,
  updateTask,
} from '../../../../../src/machines/scheduler/tasks/table/task-changes.ts'
import {
  pendingOf,
  queuesOf,
} from '../../../../../src/machines/scheduler/tasks/table/task-queues.ts'
import {
  emptyTaskTable,
  findTask,
  tasksOf,
} from '../../../../../src/machines/scheduler/tasks/table/task-table.ts'
import type { TaskTable } from '../../../../../src/machines/scheduler/tasks/table/task-table.ts'

const change = fc.record({
  kind: fc.constantFrom('add', 'launch', 'requeue', 'remove'),
  id: fc.integer({ min: 0, max: 15 }).map((number) => `t${number}`),
  cpus: fc.constantFrom(1, 2),
})

function apply(table: TaskTable, { kind, id, cpus }: { kind: string; id: string; cpus: number }) {
  const row = findTask(table, id)
  if (kind === 'add' && row === undefined) {
    return addTask(table, { id, work: { kind: 'shell', command: 'true' }, resources: { cpus } })
  }
  if (row === undefined) return table
  if (kind === 'launch') return updateTask(table, { ...row, state: 'launching' })
  if (kind === 'requeue' && row.state !== 'pending') return requeueTask(table, row, 0)
  return kind === 'remove' ? removeTask(table, id) : table
}

describe('changes of the task table', () => {
  it('queues exactly the pending tasks, each once', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 120 }), (changes) => {
        const table = changes.reduce(apply, emptyTaskTable)
        const queued = queuesOf(table).flatMap((queue) =>
          [...pendingOf(table, queue)].map(({ request }) => request.id),
        )
        const pending = [...tasksOf(table)].filter(({ state }) => state === 'pending')
        expect(queued.toSorted()).toEqual(pending.map(({ request }) => request.id).toSorted())
        expect(table.pendingCount).toBe(pending.length)
      }),
    )
  })

  it('gives a task that is tried again another attempt, behind the others', () => {
    const work = { kind: 'shell', command: 'true' } as const
    let table = addTask(addTask(emptyTaskTable, { id: 'a', work }), { id: 'b', work })
    const row = findTask(table, 'a')
    if (row === undefined) throw new Error('a is not in the table')
    table = updateTask(table, { ...row, state: 'running', agentId: 'a1' })
    table = requeueTask(table, row, 1)
    const [queue] = queuesOf(table)
    expect(queue && [...pendingOf(table, queue)].map(({ request }) => request.id)).toEqual([
      'b',
      'a',
    ])
    expect(findTask(table, 'a')).toMatchObject({ attempt: 2, failures: 1, state: 'pending' })
    expect(findTask(table, 'a')).not.toHaveProperty('agentId')
  })
})
