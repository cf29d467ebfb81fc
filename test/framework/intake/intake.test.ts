import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createIntake } from '../../../src/framework/intake/intake.ts'
import type { Sender } from '../../../src/framework/intake/sender-limits.ts'
import { createMemoryJournal, isEntry } from '../../../src/journal/journal.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import type { TaskState, TaskStatus } from '../../../src/mesos/types.generated.ts'
import { createManualClock } from '../../../src/testing/manual-clock.ts'
import { offer, status } from '../../support/mesos/mesos-data.ts'

// Rates go by the clock.
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const from = { agentId: { value: 'a1' }, executorId: { value: 'e' } }

/** A scheduler with a launched task `a`, behind an intake whose journal can be looked at. */
function given() {
  const clock = createManualClock(0)
  const journal = createMemoryJournal<SchedulerInboxEvent>(0)
  const runtime = createRuntime(schedulerMachine, {
    input: { framework: { user: 'u', name: 'n' }, hasLibraries: false, timeoutMs: 60_000 },
    journal,
    clock,
  })
  runtime.start()
  runtime.dispatch({ type: 'mesos.subscribed', frameworkId: 'f1' })
  runtime.dispatch({
    type: 'task.submit',
    requests: [{ id: 'a', work: { kind: 'shell', command: 'x' } }],
  })
  runtime.dispatch({ type: 'mesos.offers', offers: [offer('o1')] })
  const acknowledged: string[] = []
  const limited: Sender[] = []
  const intake = createIntake({
    snapshot: () => runtime.snapshot,
    readWindow: { after: (tell) => tell(), readOn: () => undefined },
    dispatch: (event) => runtime.dispatch(event),
    acknowledge: ({ uuid }) => acknowledged.push(uuid),
    onMessage: () => undefined,
    reports: { add: (sender) => limited.push(sender) },
  })
  let count = 0
  const update = (taskId: string, state: TaskState, more: Partial<TaskStatus> = {}) => {
    const about = { ...from, uuid: `${count++}`, ...more }
    intake.take({ type: 'UPDATE', update: { status: status(taskId, state, about) } }, undefined)
  }
  return {
    intake,
    runtime,
    acknowledged,
    limited,
    update,
    /** States of the updates that are entries, as `task STATE`. */
    entries: () =>
      [...journal.read(1)].flatMap((record) => {
        const event = isEntry(record) ? record.event : undefined
        return event?.type === 'mesos.update'
          ? `${event.status.taskId.value} ${event.status.state}`
          : []
      }),
  }
}

describe('createIntake', () => {
  it('makes one entry of an update that is repeated, and acknowledges the others', () => {
    const { update, entries, acknowledged } = given()
    for (let times = 0; times < 3; times++) update('a', 'TASK_RUNNING')
    update('a', 'TASK_RUNNING', { healthy: true })
    expect(entries()).toEqual(['a TASK_RUNNING', 'a TASK_RUNNING'])
    expect(acknowledged).toEqual(['1', '2'])
  })

  it('takes an update as news again after the master said something else', () => {
    const { update, entries, acknowledged } = given()
    update('a', 'TASK_RUNNING')
    update('a', 'TASK_UNREACHABLE', { uuid: undefined } as never)
    update('a', 'TASK_RUNNING')
    expect(entries()).toEqual(['a TASK_RUNNING', 'a TASK_UNREACHABLE', 'a TASK_RUNNING'])
    expect(acknowledged).toEqual([])
  })

  it('makes entries of answers to a reconciliation, however often', () => {
    const { update, entries } = given()
    const answer = { uuid: undefined, reason: 'REASON_RECONCILIATION' } as never
    update('a', 'TASK_RUNNING', answer)
    update('a', 'TASK_RUNNING', answer)
    expect(entries()).toHaveLength(2)
  })

  it('makes the end of a task an entry, and acknowledges what comes after it', () => {
    const { update, entries, acknowledged } = given()
    update('a', 'TASK_FINISHED')
    update('a', 'TASK_FINISHED')
    update('stranger', 'TASK_RUNNING')
    expect(entries()).toEqual(['a TASK_FINISHED'])
    expect(acknowledged).toEqual(['1', '2'])
  })

  it('makes no entry of the end of a task that is unknown and not being killed', () => {
    const { runtime, update, entries } = given()
    runtime.dispatch({ type: 'task.kill', taskId: 'a' })
    update('stranger', 'TASK_KILLED')
    expect(entries()).toEqual([])
  })

  it('enters the last update above the rate at the end of the period, and the end of a task at once', () => {
    const { intake, update, entries, limited } = given()
    const flap = (times: number) => {
      for (let index = 0; index < times; index++)
        update('a', index % 2 === 0 ? 'TASK_STARTING' : 'TASK_RUNNING')
    }
    flap(3001)
    const { length } = entries()
    expect(length).toBe(1000)
    expect(limited[0]).toEqual({ what: 'updates', taskId: 'a' })
    intake.enterLate()
    expect(entries().slice(length)).toEqual(['a TASK_STARTING'])
    intake.enterLate()
    update('a', 'TASK_FINISHED')
    expect(entries().slice(length)).toEqual(['a TASK_STARTING', 'a TASK_FINISHED'])
  })

  it('keeps small statuses unchanged, and finds the whole of the others', () => {
    const { intake } = given()
    const small = status('a', 'TASK_RUNNING', from)
    expect(intake.wholeOf(small)).toBe(small)
  })
})
