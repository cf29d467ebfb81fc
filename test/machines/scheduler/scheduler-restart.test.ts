import { describe, expect, it } from 'vitest'
import { storyOf } from '../../support/machines/story.ts'
import { createMemoryJournal } from '../../../src/journal/journal.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import type { SchedulerCall } from '../../../src/mesos/types.generated.ts'
import { createManualClock } from '../../../src/testing/manual-clock.ts'
import { offer } from '../../support/mesos/mesos-data.ts'

const registered: SchedulerInboxEvent = { type: 'mesos.subscribed', frameworkId: 'f1' }
const offers: SchedulerInboxEvent = { type: 'mesos.offers', offers: [offer('o1')] }
const kill: SchedulerInboxEvent = { type: 'task.kill', taskId: 'a' }
const lost: SchedulerInboxEvent = {
  type: 'connection.lost',
  code: 'STREAM_ENDED',
  message: 'the stream has ended',
  retryable: true,
}
const submit: SchedulerInboxEvent = {
  type: 'task.submit',
  requests: [{ id: 'a', work: { kind: 'shell', command: 'true' } }],
}

/** What a process asks for when it goes on so long after the last entry of one that took in these events. */
function restartAfter(awayMs: number, ...events: readonly SchedulerInboxEvent[]) {
  const clock = createManualClock()
  const journal = createMemoryJournal<SchedulerInboxEvent>(clock.now())
  let effects: string[] = []
  const boot = () => {
    effects = []
    const runtime = createRuntime(schedulerMachine, {
      input: {
        framework: { user: 'u', name: 'n' },
        hasLibraries: false,
        timeoutMs: 60_000,
        policy: { offerHoldMs: 1000 },
      },
      journal,
      clock,
      recoveryEvent: { type: 'process.restarted' },
    })
    runtime.effect$.subscribe(({ type, params }) => {
      effects.push(type === 'fx.call' ? (params as SchedulerCall).type : type)
    })
    runtime.start()
    return runtime
  }
  const first = boot()
  for (const event of events) first.dispatch(event)
  first.stop()
  clock.advance(awayMs)
  const second = boot()
  clock.advance(10_000)
  const away = effects
  effects = []
  second.dispatch(registered)
  return { away, value: storyOf(second.snapshot), back: effects }
}

describe('a scheduler that continues after a crash', () => {
  it.each<[string, readonly SchedulerInboxEvent[], readonly string[]]>([
    ['held offers', [registered, offers], ['RECONCILE']],
    ['waited for more work', [registered, submit, offers], ['RECONCILE']],
    ['had a task to kill', [registered, submit, offers, kill], ['RECONCILE', 'KILL']],
    ['had asked for its tasks', [registered, submit, offers, lost, registered], ['RECONCILE']],
  ])('makes no call before it is subscribed when it %s', (_, events, back) => {
    for (const awayMs of [0, 600, 5000, 3_600_000]) {
      const { away, ...then } = restartAfter(awayMs, ...events)
      expect(away).toEqual(['fx.subscribe'])
      expect(then).toMatchObject({ value: { offers: 'idle' }, back })
    }
  })

  it('has all its time for a master that was away when it crashed', () => {
    const { away, value } = restartAfter(24 * 3_600_000, registered, lost)
    expect(away).toEqual(['fx.subscribe'])
    expect(value).toEqual({ offers: 'idle' })
  })
})
