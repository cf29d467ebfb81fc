import { describe, expect, it } from 'vitest'
import { addTasks, emptyTaskTable, findTask, launchTask } from '../../src/domain/task-table.ts'
import type { TaskTable } from '../../src/domain/task-table.ts'
import type { TaskRequest } from '../../src/domain/task-request.ts'
import { applyStatus } from '../../src/machines/task-update.ts'
import type { TaskStatus } from '../../src/mesos/types.generated.ts'
import { status } from '../support/mesos-data.ts'

const work = { kind: 'shell', command: 'true' } as const

/** A table with these tasks, all launched. */
function launched(...requests: readonly Omit<TaskRequest, 'work'>[]): TaskTable {
  const table = addTasks(
    emptyTaskTable,
    requests.map((request) => ({ ...request, work })),
  )
  return requests.reduce((next, { id }) => {
    const row = findTask(next, id)
    return row === undefined ? next : launchTask(next, { ...row, state: 'launching' }, [])
  }, table)
}

/** Applies updates; the types of the facts of each, and the table after the last. */
function update(before: TaskTable, ...statuses: readonly TaskStatus[]) {
  let table = before
  const facts = statuses.map((one) => {
    const next = applyStatus(table, one)
    ;({ table } = next)
    return next.facts.map(({ type, taskId }) => `${taskId} ${type}`)
  })
  return { table, facts }
}

describe('applyStatus', () => {
  it('tells what checks say of a task that stays as it is, once', () => {
    const good = status('a', 'TASK_RUNNING', { healthy: true })
    const seen = { type: 'TCP', tcp: { succeeded: true } } as const
    const checked = status('a', 'TASK_RUNNING', { healthy: true, checkStatus: seen })
    const bad = status('a', 'TASK_RUNNING', { healthy: false, checkStatus: seen })
    const plain = status('a', 'TASK_RUNNING')
    const updates = [plain, plain, good, good, checked, bad, bad, plain]
    const { facts, table } = update(launched({ id: 'a' }), ...updates)
    const news = ['a task.updated']
    expect(facts).toEqual([news, [], news, [], news, news, [], []])
    expect(findTask(table, 'a')).toMatchObject({ healthy: false, checkStatus: seen })
  })

  it('tries a task again that its health checks killed, and no other that was killed', () => {
    const retry = { maxAttempts: 2 }
    const table = launched({ id: 'a', retry }, { id: 'b', retry })
    const unhealthy = status('a', 'TASK_KILLED', { healthy: false })
    const after = update(table, unhealthy, status('b', 'TASK_KILLED'))
    expect(after.facts).toEqual([['a task.retried'], ['b task.ended']])
    expect(findTask(after.table, 'a')).not.toHaveProperty('healthy')
  })

  it('launches a group again when all of it was lost', () => {
    const table = launched({ id: 'a', group: 'g' }, { id: 'b', group: 'g' })
    const dropped = [status('a', 'TASK_DROPPED'), status('b', 'TASK_DROPPED')]
    const after = update(table, ...dropped)
    expect(after.facts).toEqual([['a task.retried'], ['b task.retried']])
    expect(after.table.queues.size).toBe(1)
  })

  it('ends what is left of a group when one is over', () => {
    const table = launched(
      { id: 'a', group: 'g' },
      { id: 'b', group: 'g' },
      { id: 'c', group: 'g' },
    )
    const { facts, table: left } = update(
      table,
      status('a', 'TASK_DROPPED'),
      status('b', 'TASK_FAILED'),
      status('c', 'TASK_DROPPED'),
    )
    expect(facts).toEqual([['a task.retried'], ['b task.ended', 'a task.ended'], ['c task.ended']])
    expect([left.rows.size, left.groups.size, left.pendingCount]).toEqual([0, 0, 0])
  })
})
