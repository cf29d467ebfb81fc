import picocolors from 'picocolors'
import { describe, expect, it } from 'vitest'
import { taskTable } from '../../../src/cli/steer/task-table.ts'
import type { TaskView } from '../../../src/framework/control/run-views.ts'

const colours = picocolors.createColors(false)

function task(id: string, state: string, more: Partial<TaskView> = {}): TaskView {
  const isOver = ['TASK_FINISHED', 'TASK_FAILED'].includes(state)
  return { id, state, isOver, isFailure: state === 'TASK_FAILED', attempt: 1, ...more }
}

function linesAt(columns: number, tasks: readonly TaskView[], isAll = false): readonly string[] {
  return taskTable(tasks, 100_000, { isInteractive: false, colours, columns }, isAll).split('\n')
}

const error = { code: 'TASK_FAILED', message: 'task b TASK_FAILED: Command exited with status 3' }

describe('taskTable', () => {
  it('lists failures first, then what runs, waits and finished', () => {
    const tasks = [
      task('w', 'waiting'),
      task('f', 'TASK_FINISHED', { startedAt: 1000, endedAt: 4000, result: { sum: 3 } }),
      task('r', 'TASK_RUNNING', { startedAt: 90_000, hostname: 'agent-1', attempt: 2 }),
      task('b', 'TASK_FAILED', { error }),
    ]
    expect(linesAt(200, tasks)).toEqual([
      'task           state     time  host     result',
      'b              failed          –        Command exited with status 3',
      'r (attempt 2)  running   10 s  agent-1',
      'w              waiting         –',
      'f              finished   3 s  –        {"sum":3}',
      '4 tasks: 1 failed, 1 running, 1 waiting, 1 finished',
    ])
  })

  it('says of tasks of a prefetch what they are', () => {
    const [, line] = linesAt(120, [task('prefetch-0a1b2c3d-db1.example.com', 'TASK_RUNNING')])
    expect(line).toMatch(/^prefetch on db1\.example\.com +running/)
  })

  it.each([60, 80, 200])('fits %d columns', (columns) => {
    const tasks = Array.from({ length: 5 }, (_, index) =>
      task(`a-task-with-a-rather-long-name-${index}`, 'TASK_FAILED', {
        hostname: 'agent-in-a-far-away-region.example.com',
        error: { code: 'TASK_FAILED', message: 'x'.repeat(500) },
      }),
    )
    const lines = linesAt(columns, tasks)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns)
    expect(lines[1]).toContain('…')
  })

  it('sums up many finished tasks, and lists the others', () => {
    const many = Array.from({ length: 2000 }, (_, index) => task(`t${index}`, 'TASK_FINISHED'))
    const tasks = [...many, task('b', 'TASK_FAILED', { error })]
    const lines = linesAt(80, tasks)
    expect(lines).toHaveLength(4)
    expect(lines[1]).toMatch(/^b /)
    expect(lines[2]).toContain('2000 more tasks')
    expect(lines[3]).toBe('2001 tasks: 1 failed, 2000 finished')
    expect(linesAt(80, tasks, true)).toHaveLength(2003)
  })

  it('shows the download that a task waits for, without what could steer a terminal', () => {
    const download = { library: 'big\u001b[2J.jar', bytes: 5e6, totalBytes: 2e7 }
    const [, line] = linesAt(120, [task('s', 'TASK_STAGING', { download })])
    expect(line).toContain('fetching big.jar: 5.0 MB of 20.0 MB')
  })
})
