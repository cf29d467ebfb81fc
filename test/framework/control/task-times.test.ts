import { describe, expect, it } from 'vitest'
import { noteEntry } from '../../../src/framework/control/task-times.ts'
import type { TaskTimes } from '../../../src/framework/control/task-times.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import { status } from '../../support/mesos/mesos-data.ts'

function update(id: string, state: 'TASK_RUNNING' | 'TASK_FAILED'): SchedulerInboxEvent {
  return { type: 'mesos.update', status: status(id, state) }
}

function timesOf(
  ...updates: readonly (readonly [string, 'TASK_RUNNING' | 'TASK_FAILED', number])[]
) {
  const times: TaskTimes = new Map()
  for (const [index, [id, state, now]] of updates.entries())
    noteEntry(times, { seq: index + 1, now, event: update(id, state) })
  return times
}

describe('noteEntry', () => {
  it('takes the first time of each state, though updates are repeated', () => {
    const times = timesOf(
      ['t', 'TASK_RUNNING', 10],
      ['t', 'TASK_RUNNING', 20],
      ['t', 'TASK_FAILED', 30],
      ['t', 'TASK_FAILED', 40],
    )
    expect(times.get('t')).toEqual({ attempt: 1, startedAt: 10, endedAt: 30 })
  })

  it('takes those of the last attempt', () => {
    const times = timesOf(
      ['t', 'TASK_RUNNING', 10],
      ['t', 'TASK_FAILED', 20],
      ['t~2', 'TASK_RUNNING', 30],
      ['t', 'TASK_FAILED', 40],
    )
    expect(times.get('t')).toEqual({ attempt: 2, startedAt: 30 })
  })
})
