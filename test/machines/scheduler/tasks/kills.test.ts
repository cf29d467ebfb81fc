import { describe, expect, it } from 'vitest'
import { killsMachine } from '../../../../src/machines/scheduler/tasks/kills.ts'
import type { KillsEvent } from '../../../../src/machines/scheduler/tasks/kills.ts'
import { given } from '../../../../src/testing/given.ts'
import type { SchedulerInboxEvent } from '../../../../src/machines/scheduler/events.ts'
import {
  call,
  lost,
  offers,
  registered,
  run,
  runWith,
  schedulerWith,
  submit,
  typesOf,
  update,
} from '../../../support/machines/run-scheduler.ts'
import { offer } from '../../../support/mesos/mesos-data.ts'

const fresh = given({ input: undefined, records: [] }, killsMachine)

const reconciling = { reason: 'REASON_RECONCILIATION' } as const

function kill(launchId: string): KillsEvent {
  return { type: 'kill.requested', kill: { launchId, agentId: 'a1' } }
}

function done(launchId: string): KillsEvent {
  return { type: 'kill.done', launchId }
}

function sent(...launchIds: readonly string[]) {
  return launchIds.map((value) => ({
    type: 'fx.call' as const,
    params: { type: 'KILL', kill: { taskId: { value }, agentId: { value: 'a1' } } },
  }))
}

describe('killsMachine', () => {
  it('kills at once while it is subscribed', () => {
    fresh
      .when(registered, kill('t'))
      .then({ subscribed: 'sending' }, sent('t'))
      .after(1000)
      .then({ subscribed: 'waiting' }, [])
  })

  it('resends KILL with exponential back-off until the task is over', () => {
    const waiting = fresh.when(registered, kill('t')).after(1000).then('subscribed', sent('t'))
    const again = waiting.after(4999).then('subscribed', []).after(1).then('subscribed', sent('t'))
    again.after(1000).after(9999).then('subscribed', []).after(1).then('subscribed', sent('t'))
  })

  it('never backs off longer than a minute', () => {
    let run = fresh.when(registered, kill('t')).after(1000)
    for (let turn = 0; turn < 10; turn++) run = run.after(61_000)
    run.then('subscribed').after(61_000).then('subscribed', sent('t'))
  })

  it('stops once all tasks are over', () => {
    fresh
      .when(registered, kill('t'))
      .after(1000)
      .when(done('t'))
      .then({ subscribed: 'idle' })
      .after(3_600_000)
      .then({ subscribed: 'idle' }, [])
  })

  it('sends at most a hundred KILL calls a second', () => {
    const many = Array.from({ length: 250 }, (_, index) => kill(`t${index}`))
    const count = (from: number, to: number) =>
      sent(...Array.from({ length: to - from }, (_, index) => `t${from + index}`))
    fresh
      .when(registered, ...many)
      .then('subscribed', count(0, 100))
      .after(1000)
      .then('subscribed', count(100, 200))
      .after(1000)
      .then('subscribed', count(200, 250))
      .after(1000)
      .then({ subscribed: 'waiting' }, [])
  })

  it('skips a task that ends before its turn', () => {
    const many = Array.from({ length: 101 }, (_, index) => kill(`t${index}`))
    fresh
      .when(registered, ...many)
      .then('subscribed')
      .when(done('t100'))
      .after(1000)
      .then({ subscribed: 'sending' }, [])
      .after(1000)
      .then({ subscribed: 'waiting' }, [])
  })

  it('waits for a subscription, and resends in the next one', () => {
    fresh
      .when(kill('t'))
      .then('away', [])
      .when(registered)
      .then({ subscribed: 'sending' }, sent('t'))
      .when(lost)
      .after(60_000)
      .then('away', [])
      .when(done('t'), registered)
      .then({ subscribed: 'idle' }, [])
  })

  it('sends the grace period of the task', () => {
    const gentle: KillsEvent = { type: 'kill.requested', kill: { launchId: 't', graceMs: 1500 } }
    const policy = { gracePeriod: { nanoseconds: 1_500_000_000 } }
    fresh
      .when(registered, gentle)
      .then('subscribed', [
        { type: 'fx.call', params: { type: 'KILL', kill: { killPolicy: policy } } },
      ])
  })
})

describe('a kill by the user', () => {
  it('ends a waiting task at once', () => {
    const killed = run(registered, submit('a'), { type: 'task.kill', taskId: 'a' })
    expect(killed.facts).toMatchObject([
      { type: 'task.ended', taskId: 'a', message: 'it was killed before it was launched' },
    ])
    expect(typesOf(killed.calls)).toEqual(['SUPPRESS'])
  })

  it('is sent again after a lost connection', () => {
    const events = [registered, submit('a'), offers(offer('o1'))]
    const killed = run(...events, { type: 'task.kill', taskId: 'a' })
    expect(killed.calls).toMatchObject([{ type: 'KILL', kill: { agentId: { value: 'a1' } } }])
    const back = run(...events, { type: 'task.kill', taskId: 'a' }, lost, registered)
    expect(typesOf(back.calls)).toEqual(['RECONCILE', 'KILL', 'SUPPRESS'])
  })

  it('is sent again until the task is over', () => {
    schedulerWith()
      .when(submit('a'), offers(offer('o1')))
      .then({ offers: 'open' })
      .when({ type: 'task.kill', taskId: 'a', graceMs: 500 })
      .then({ offers: 'open' }, [
        call('KILL', { kill: { killPolicy: { gracePeriod: { nanoseconds: 500_000_000 } } } }),
      ])
      .after(1000)
      .when(update('a', 'TASK_KILLING'))
      .after(5000)
      .then({ offers: 'open' }, [call('KILL')])
      .when(update('a', 'TASK_KILLED'))
      .after(60_000)
      .then({ offers: 'open' }, [])
  })

  it('ends a failed task without another attempt', () => {
    const events = [registered, submit({ id: 'a', retry: { maxAttempts: 9 } }), offers(offer('o1'))]
    const over = run(...events, { type: 'task.kill', taskId: 'a' }, update('a', 'TASK_FAILED'))
    expect(over.facts).toMatchObject([{ type: 'task.ended' }])
  })

  it.each(['TASK_GONE', 'TASK_DROPPED', 'TASK_UNKNOWN'] as const)(
    'ends an unreachable task that is %s later, without another attempt',
    (state) => {
      const events = [registered, submit('a'), offers(offer('o1')), update('a', 'TASK_RUNNING')]
      const asked: SchedulerInboxEvent = { type: 'task.kill', taskId: 'a' }
      const unreachable = update('a', 'TASK_UNREACHABLE')
      const over = run(...events, asked, unreachable, update('a', state))
      expect(over.facts).toMatchObject([{ type: 'task.ended', taskId: 'a' }])
      const back = run(...events, unreachable, update('a', state))
      expect(back.facts).toMatchObject([{ type: 'task.retried', taskId: 'a' }])
    },
  )
})

describe('an attempt that was replaced', () => {
  const launched = [registered, submit('a'), offers(offer('o1'))] as const
  const agent = { agentId: { value: 'a1' } }

  it('is killed when it runs after all', () => {
    const dropped = update('a', 'TASK_DROPPED', agent)
    const running = update('a', 'TASK_RUNNING', { ...agent, uuid: 'dXVpZA==' })
    const calls = run(...launched, dropped, running).calls
    expect(calls).toMatchObject([
      { type: 'ACKNOWLEDGE' },
      { type: 'KILL', kill: { taskId: { value: 'a' }, agentId: { value: 'a1' } } },
    ])
    const over = update('a~2', 'TASK_FINISHED', agent)
    const second = [offers(offer('o2')), over] as const
    expect(
      typesOf(runWith({ remembersOutcomes: true }, ...launched, dropped, ...second, running).calls),
    ).toEqual(['ACKNOWLEDGE', 'KILL'])
  })

  it('is killed when a reconciliation finds it running', () => {
    schedulerWith({ unknownTasks: 'kill' })
      .when(submit('a'), offers(offer('o1')), update('a', 'TASK_DROPPED'))
      .then({ offers: 'open' })
      .when(update('a', 'TASK_RUNNING', reconciling))
      .then({ offers: 'open' }, [call('KILL', { kill: { taskId: { value: 'a' } } })])
  })
})

describe('a running task that the framework does not know', () => {
  const unknown = update('ghost', 'TASK_RUNNING', { agentId: { value: 'a1' }, ...reconciling })

  it('is killed until it is over, with unknownTasks: kill', () => {
    schedulerWith({ unknownTasks: 'kill' })
      .then({ offers: 'open' })
      .when(unknown)
      .then({ offers: 'open' }, [call('KILL', { kill: { taskId: { value: 'ghost' } } })])
      .after(1000)
      .after(5000)
      .then({ offers: 'open' }, [call('KILL')])
      .when(update('ghost', 'TASK_KILLED'))
      .after(60_000)
      .then({ offers: 'open' }, [])
  })

  it('is left alone by default', () => {
    schedulerWith().then({ offers: 'open' }).when(unknown).then({ offers: 'open' }, [])
  })
})
