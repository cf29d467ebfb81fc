import { describe, expect, it } from 'vitest'
import { lastFactOf } from '../../../src/framework/facts/known-task.ts'
import { createPublicFacts } from '../../../src/framework/facts/public-facts.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import type { TaskState } from '../../../src/mesos/types.generated.ts'
import { offer, status } from '../../support/mesos/mesos-data.ts'

/** A scheduler with task `a`; offers and updates are added by the test. */
function given(remembersOutcomes = true) {
  const runtime = createRuntime(schedulerMachine, {
    input: {
      framework: { user: 'u', name: 'n' },
      hasLibraries: false,
      timeoutMs: 60_000,
      remembersOutcomes,
    },
  })
  runtime.start()
  runtime.dispatch({ type: 'mesos.subscribed', frameworkId: 'f1' })
  const work = { kind: 'shell', command: 'x' } as const
  runtime.dispatch({ type: 'task.submit', requests: [{ id: 'a', work }] })
  return {
    launch: () => runtime.dispatch({ type: 'mesos.offers', offers: [offer('o1')] }),
    update: (state: TaskState) =>
      runtime.dispatch({ type: 'mesos.update', status: status('a', state) }),
    last: (taskId = 'a') => lastFactOf(runtime.snapshot, taskId, 9, createPublicFacts()),
  }
}

describe('lastFactOf', () => {
  it('follows a task from its launch to its outcome', () => {
    const { launch, update, last } = given()
    expect(last()).toBeUndefined()
    launch()
    expect(last()).toEqual({
      type: 'task.launched',
      taskId: 'a',
      attempt: 1,
      agentId: expect.any(String),
      hostname: expect.any(String),
      at: 9,
    })
    update('TASK_RUNNING')
    expect(last()).toMatchObject({ type: 'task.updated', state: 'TASK_RUNNING', attempt: 1 })
    update('TASK_UNREACHABLE')
    expect(last()).toMatchObject({ type: 'task.updated', state: 'TASK_UNREACHABLE' })
    update('TASK_FINISHED')
    expect(last()).toMatchObject({ type: 'task.ended', state: 'TASK_FINISHED', at: 9 })
  })

  it('has nothing about a task that is unknown, or over without a journal', () => {
    const { launch, update, last } = given(false)
    launch()
    update('TASK_FINISHED')
    expect([last(), last('b')]).toEqual([undefined, undefined])
  })
})
