import { AssertionError } from 'node:assert'
import { describe, expect, it } from 'vitest'
import { taskTableOf } from '../../src/machines/scheduler/components.ts'
import { createMemoryJournal } from '../../src/journal/journal.ts'
import { executorMachine } from '../../src/machines/executor/executor.ts'
import type { SchedulerInboxEvent } from '../../src/machines/scheduler/events.ts'
import { schedulerMachine } from '../../src/machines/scheduler/scheduler.ts'
import { given } from '../../src/testing/given.ts'
import { recordJournal } from '../../src/testing/record-journal.ts'
import { goldenJournals } from '../fixtures/journals/scenarios.ts'
import { offer, status } from '../support/mesos/mesos-data.ts'

const input = { framework: { user: 'u', name: 'n' }, hasLibraries: false, timeoutMs: 5000 }
const subscribed: SchedulerInboxEvent = { type: 'mesos.subscribed', frameworkId: 'f1' }
const submit: SchedulerInboxEvent = {
  type: 'task.submit',
  requests: [{ id: 'a', work: { kind: 'shell', command: 'true' } }],
}
const offers: SchedulerInboxEvent = { type: 'mesos.offers', offers: [offer('o1')] }
const started = recordJournal(schedulerMachine, { input, steps: [subscribed, submit] })

describe('given', () => {
  it('is in the state after the journal', () => {
    given(started).then({ offers: 'asking' }, ['fx.call'])
    given(started).then({ offers: 'open' })
  })

  it('gives the effects since the last assertion', () => {
    given(started)
      .when(offers)
      .then({ offers: 'open' }, [
        { type: 'fx.call', params: { type: 'ACCEPT', accept: { offerIds: [{ value: 'o1' }] } } },
        { type: 'fx.call', params: { type: 'SUPPRESS' } },
      ])
      .when({ type: 'mesos.update', status: status('a', 'TASK_RUNNING') })
      .then({ offers: 'open' }, [])
  })

  it('hands the snapshot to assertions', () => {
    const seen: number[] = []
    given(started).then((snapshot) => seen.push(taskTableOf(snapshot).pendingCount))
    expect(seen).toEqual([1])
  })

  it('lets time pass as the journal would', () => {
    given({ input, records: [] })
      .after(4999)
      .then({ connection: 'disconnected' }, [])
      .after(1)
      .then({ stopping: 'leaving' }, ['fx.close'])
  })

  it('goes several ways from one beginning', () => {
    const scenario = given(started)
    scenario.when(offers).then({ offers: 'suppressed' })
    scenario.when({ type: 'framework.stop', detach: true }).then({ stopping: 'leaving' })
    scenario.then({ offers: 'asking' })
  })

  it('says what differs', () => {
    const launched = given(started).when(offers)
    expect(() => launched.then('draining')).toThrow(AssertionError)
    expect(() => launched.then({ offers: 'open' }, ['fx.call'])).toThrow(/fx\.call/)
    const decline = { type: 'fx.call', params: { type: 'DECLINE' } } as const
    expect(() => launched.then({ offers: 'open' }, [decline, 'fx.call'])).toThrow(
      /\+\s+type: 'ACCEPT'[\s\S]+-\s+type: 'DECLINE'/,
    )
  })

  it('takes a journal in memory', () => {
    const journal = createMemoryJournal<SchedulerInboxEvent>(7)
    void journal.append([{ seq: 1, now: 8, event: subscribed }])
    given({ input, startedAt: 7, records: journal.read(1) }).then({ offers: 'open' })
    given(Object.assign(journal, { input })).then({ offers: 'open' })
  })

  it('takes a journal of another machine with that machine', () => {
    given(goldenJournals().executor, executorMachine).then('stopped', ['fx.exit'])
  })
})
