import { describe, expect, it } from 'vitest'
import { taskErrorOf } from '../../../src/framework/facts/task-error.ts'
import type { TaskFact } from '../../../src/machines/scheduler/tasks/task-fact.ts'
import { status } from '../../support/mesos/mesos-data.ts'

function errorOf(more: Partial<TaskFact>) {
  const fact: TaskFact = { type: 'task.ended', taskId: 'a', attempt: 1, hostname: 'h', ...more }
  return taskErrorOf(fact, undefined)
}

describe('taskErrorOf', () => {
  it('never reports a task as running when Mesos reported its end without a message', () => {
    const error = errorOf({
      status: status('a', 'TASK_FAILED', {
        reason: 'REASON_CONTAINER_LIMITATION_DISK',
        source: 'SOURCE_AGENT',
      }),
    })
    expect(error?.message).toBe(
      'task a TASK_FAILED: it used more disk than its limit (resources.diskMb, --disk)',
    )
    expect(error?.code).toBe('TASK_FAILED')
  })

  it('distinguishes a program that could not be checked from one with other bytes', () => {
    const end = status('a', 'TASK_FAILED', { reason: 'REASON_EXECUTOR_TERMINATED' })
    const fact = { type: 'task.ended', taskId: 'a', attempt: 1, status: end } as const
    const error = taskErrorOf(fact, undefined, 'unchecked')
    expect(error?.code).toBe('PROGRAM_REJECTED')
    expect(error?.message).toContain('none of sha256sum')
    const message = 'Command exited with status 92'
    const own = status('a', 'TASK_FAILED', { source: 'SOURCE_EXECUTOR', message })
    expect(errorOf({ status: own })?.message).toContain('none of sha256sum')
  })

  it('is none for a task that finished, unless its result is unknown', () => {
    const finished = status('a', 'TASK_FINISHED')
    expect(errorOf({ status: finished })).toBeUndefined()
    const unknown = { code: 'RESULT_UNKNOWN', message: 'its result never came' }
    expect(errorOf({ status: finished, ...unknown })?.message).toBe(
      'task a TASK_FINISHED: its result never came',
    )
  })

  it("prefers the scheduler's reason of an end to the status", () => {
    const message = 'it was not launched before the framework stopped'
    expect(errorOf({ code: 'FRAMEWORK_STOPPED', message })?.message).toBe(`task a: ${message}`)
  })
})
