import { describe, expect, it } from 'vitest'
import { taskTableOf } from '../../../../src/machines/scheduler/components.ts'
import type { TaskRequest } from '../../../../src/domain/tasks/task-request.ts'
import { createMemoryJournal } from '../../../../src/journal/journal.ts'
import { replay } from '../../../../src/journal/replay/replay.ts'
import { createRuntime } from '../../../../src/journal/runtime/runtime.ts'
import type {
  SchedulerFact,
  SchedulerInboxEvent,
} from '../../../../src/machines/scheduler/events.ts'
import { schedulerMachine } from '../../../../src/machines/scheduler/scheduler.ts'
import { createManualClock } from '../../../../src/testing/manual-clock.ts'
import { lost, offers, registered, submit } from '../../../support/machines/run-scheduler.ts'
import { offer } from '../../../support/mesos/mesos-data.ts'

const input = { framework: { user: 'u', name: 'n' }, hasLibraries: false, timeoutMs: 600_000 }

/** A scheduler on a clock of its own, subscribed. */
function start() {
  const clock = createManualClock()
  const startMs = clock.now()
  const journal = createMemoryJournal<SchedulerInboxEvent>(startMs)
  const facts: SchedulerFact[] = []
  const runtime = createRuntime(schedulerMachine, { input, journal, clock })
  runtime.fact$.subscribe((fact) => facts.push(fact))
  runtime.start()
  runtime.dispatch(registered)
  return {
    send: (...events: readonly SchedulerInboxEvent[]) => events.forEach(runtime.dispatch),
    after: (ms: number) => clock.advance(ms),
    ends: () =>
      facts.flatMap((fact) => (fact.type === 'task.ended' ? [`${fact.taskId} ${fact.code}`] : [])),
    message: () => facts.flatMap((fact) => (fact.type === 'task.ended' ? fact.message : []))[0],
    waiting: () => taskTableOf(runtime.snapshot).pendingCount,
    /** The facts of a run of the journal alone, and those of the live one. */
    replayed() {
      const again: unknown[] = []
      for (const step of replay(schedulerMachine, input, startMs, journal.read(1)))
        again.push(...step.facts)
      return { again, live: facts }
    },
  }
}

const big = (id: string, more: Partial<TaskRequest> = {}) =>
  submit({ id, resources: { cpus: 64 }, waitTimeoutMs: 30_000, ...more })

describe('tasks that fit no agent', () => {
  it('end with what they need and what the best agent has', () => {
    const run = start()
    run.send(big('a'), big('b'), offers(offer('o1', { cpus: 4 })))
    run.after(30_000)
    expect(run.ends()).toEqual(['a PLACEMENT_TIMEOUT', 'b PLACEMENT_TIMEOUT'])
    expect(run.message()).toMatch(
      /^no offer had room for it for 30 s: it needs an offer of at least 64 cpus.*a1\.example, has 4 cpus.*too few cpus.*--wait-timeout/,
    )
    expect(run.waiting()).toBe(0)
  })

  it('wait as long as their own limit says, or without a limit', () => {
    const run = start()
    run.send(
      big('a'),
      big('b', { waitTimeoutMs: 90_000 }),
      submit({ id: 'c', resources: { cpus: 64 } }),
    )
    run.after(30_000)
    expect(run.ends()).toEqual(['a PLACEMENT_TIMEOUT'])
    run.after(60_000)
    expect(run.ends()).toEqual(['a PLACEMENT_TIMEOUT', 'b PLACEMENT_TIMEOUT'])
    run.after(1_000_000)
    expect(run.waiting()).toBe(1)
  })

  it('end as a group', () => {
    const run = start()
    const [one] = big('one', { group: 'g' }).requests
    const [two] = big('two', { group: 'g' }).requests
    if (one === undefined || two === undefined) throw new Error('no requests')
    run.send({ type: 'task.submit', requests: [one, two] }, offers(offer('o1')))
    run.after(30_000)
    expect(run.ends()).toEqual(['one PLACEMENT_TIMEOUT', 'two PLACEMENT_TIMEOUT'])
  })

  it('wait anew after the connection was lost', () => {
    const run = start()
    run.send(big('a'))
    run.after(29_000)
    run.send(lost)
    run.after(29_000)
    run.send(registered)
    run.after(29_999)
    expect(run.ends()).toEqual([])
    run.after(1)
    expect(run.ends()).toEqual(['a PLACEMENT_TIMEOUT'])
  })

  it('are explained and ended alike in a replay', () => {
    const run = start()
    run.send(big('a'), offers(offer('o1', { cpus: 4 })))
    run.after(12_000)
    run.send(offers(offer('o2', { cpus: 5 })))
    run.after(30_000)
    const { again, live } = run.replayed()
    expect(again).toEqual(live)
    expect(run.ends()).toHaveLength(1)
  })
})
