import { describe, expect, it } from 'vitest'
import {
  addTasks,
  launchTask,
} from '../../../../src/machines/scheduler/tasks/table/task-changes.ts'
import {
  emptyTaskTable,
  findTask,
  replaceTask,
} from '../../../../src/machines/scheduler/tasks/table/task-table.ts'
import type { TaskTable } from '../../../../src/machines/scheduler/tasks/table/task-table.ts'
import type { TaskRequest } from '../../../../src/domain/tasks/task-request.ts'
import { applyUpdate } from '../../../../src/machines/scheduler/tasks/apply-update.ts'
import type { TaskStatus } from '../../../../src/mesos/types.generated.ts'
import { status } from '../../../support/mesos/mesos-data.ts'

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

/** The table with the task launched again, if it waits. */
function relaunched(table: TaskTable, id: string): TaskTable {
  const row = findTask(table, id)
  return row === undefined ? table : launchTask(table, { ...row, state: 'launching' }, [])
}

/** Applies updates; the types of the facts of each, and the table after the last. */
function update(before: TaskTable, ...statuses: readonly TaskStatus[]) {
  let table = before
  const facts = statuses.map((one) => {
    const next = applyUpdate(table, one)
    ;({ table } = next)
    return next.facts.map(({ type, taskId }) => `${taskId} ${type}`)
  })
  return { table, facts }
}

describe('applyUpdate', () => {
  it('reports a new result of a check once, for a task that stays in its state', () => {
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

  it('counts an attempt of a task that its health checks killed', () => {
    const table = launched({ id: 'a', retry: { maxAttempts: 2 } })
    const after = update(table, status('a', 'TASK_KILLED', { healthy: false }))
    expect(after.facts).toEqual([['a task.retried']])
    expect(findTask(after.table, 'a')).toMatchObject({ failures: 1 })
    expect(findTask(after.table, 'a')).not.toHaveProperty('healthy')
    const again = update(
      relaunched(after.table, 'a'),
      status('a~2', 'TASK_KILLED', { healthy: false }),
    )
    expect(again.facts).toEqual([['a task.ended']])
  })

  it.each([
    ['task', 'TASK_FAILED', {}, 0],
    ['cluster', 'TASK_FAILED', { reason: 'REASON_EXECUTOR_TERMINATED' }, 5],
    ['cluster', 'TASK_KILLED', {}, 5],
    ['cluster', 'TASK_GONE', {}, 5],
    ['moved', 'TASK_KILLED', { reason: 'REASON_AGENT_DRAINING' }, 12],
    ['moved', 'TASK_GONE_BY_OPERATOR', {}, 12],
  ] as const)('launches a task without retries again after %s: %s %j', (_, state, why, times) => {
    let table = launched({ id: 'a' })
    const facts: string[] = []
    for (let attempt = 1; attempt <= 12; attempt++) {
      const id = attempt === 1 ? 'a' : `a~${attempt}`
      const next = update(table, status(id, 'TASK_RUNNING'), status(id, state, why))
      facts.push(...(next.facts[1] ?? []))
      table = relaunched(next.table, 'a')
    }
    const retried = Array.from({ length: times }, () => 'a task.retried')
    expect(facts).toEqual(times === 12 ? retried : [...retried, 'a task.ended'])
  })

  it('fails a task whose executor ends twice on one agent before the task started', () => {
    const ended = (id: string) =>
      status(id, 'TASK_FAILED', { reason: 'REASON_EXECUTOR_TERMINATED', source: 'SOURCE_AGENT' })
    const on = (table: TaskTable, agentId: string) => {
      const row = findTask(table, 'a')
      return row === undefined
        ? table
        : launchTask(table, { ...row, state: 'launching', agentId }, [])
    }
    const first = update(on(launched({ id: 'a' }), 'one'), ended('a'))
    expect(first.facts).toEqual([['a task.retried']])
    expect(update(on(first.table, 'one'), ended('a~2')).facts).toEqual([['a task.ended']])
    const second = update(on(first.table, 'two'), ended('a~2'))
    expect(second.facts).toEqual([['a task.retried']])
    const started = update(on(second.table, 'two'), status('a~3', 'TASK_RUNNING'), ended('a~3'))
    expect(started.facts).toEqual([['a task.updated'], ['a task.retried']])
  })

  it('launches a task again that was killed by another, after TASK_KILLING', () => {
    const table = launched({ id: 'a' })
    const dying = status('a', 'TASK_KILLING', { reason: 'REASON_AGENT_DRAINING' })
    const { facts } = update(table, status('a', 'TASK_RUNNING'), dying, status('a', 'TASK_KILLED'))
    expect(facts).toEqual([['a task.updated'], ['a task.updated'], ['a task.retried']])
  })

  it.each(['TASK_KILLED', 'TASK_FAILED', 'TASK_GONE', 'TASK_GONE_BY_OPERATOR'] as const)(
    'ends a task that its user killed with %s, also after it was unreachable',
    (state) => {
      const table = launched({ id: 'a', retry: { maxAttempts: 3 } })
      const row = findTask(table, 'a')
      if (row === undefined) throw new Error('no row')
      const killed = replaceTask(table, { ...row, state: 'killing', isKilled: true })
      const { facts } = update(killed, status('a', 'TASK_UNREACHABLE'), status('a', state))
      expect(facts).toEqual([['a task.updated'], ['a task.ended']])
    },
  )

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
