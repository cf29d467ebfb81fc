import { describe, expect, it } from 'vitest'
import { ActiveTasks } from '../../../../src/cli/report/live/active-tasks.ts'
import type { ReportedEvent } from '../../../../src/cli/report/record/reported-event.ts'

const launch = (taskId: string, at: number, hostname = 'east'): ReportedEvent => ({
  event: 'task.launched',
  at,
  payload: { taskId, attempt: 1, agentId: 'S1', hostname, at },
})

const update = (taskId: string, at: number): ReportedEvent => ({
  event: 'task.updated',
  at,
  payload: { taskId, attempt: 1, state: 'TASK_RUNNING', at } as never,
})

const end = (taskId: string, at: number): ReportedEvent => ({
  event: 'task.ended',
  at,
  payload: { taskId, attempt: 1, at },
})

function tasksAfter(...events: readonly ReportedEvent[]): ActiveTasks {
  const tasks = new ActiveTasks()
  for (const event of events) tasks.record(event)
  return tasks
}

const words = (line = '') => line.trim().split(/\s{2,}| (?=running|starting)/)

describe('ActiveTasks', () => {
  it('has a line for each task on an agent, with the time since its launch', () => {
    const tasks = tasksAfter(launch('a', 0), update('a', 900), launch('b', 1000))
    const lines = tasks.lines(5, 80, 65_000)
    expect(lines.map(words)).toEqual([
      ['a', 'east', 'running 1 min 5 s'],
      ['b', 'east', 'starting 1 min 4 s'],
    ])
  })

  it('begins again with a further attempt, and ends with the task', () => {
    const tasks = tasksAfter(launch('a', 0), launch('b', 0), end('b', 5), launch('a', 9000))
    expect(tasks.lines(5, 80, 10_000).map(words)).toEqual([['a', 'east', 'starting 1 s']])
    expect(tasks.count).toBe(1)
  })

  it('counts those that have no line', () => {
    const ids = Array.from({ length: 2000 }, (_, index) => `task-${index}`)
    const lines = tasksAfter(...ids.map((id) => launch(id, 0))).lines(3, 80, 0)
    expect(lines).toHaveLength(3)
    expect(lines.at(-1)).toBe(' … and 1998 more on agents')
  })

  it.each([60, 100, 200])('fits %i columns', (columns) => {
    const tasks = tasksAfter(launch('t'.repeat(99), 0, 'h'.repeat(99)), update('t', 0))
    const [line = ''] = tasks.lines(5, columns, 3_599_000)
    expect(line.length).toBeLessThanOrEqual(columns)
    expect(line).toContain('59 min 59 s')
  })
})
