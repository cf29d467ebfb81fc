import { describe, it } from 'vitest'
import { killsMachine } from '../../../../src/machines/scheduler/tasks/kills.ts'
import type { KillsEvent } from '../../../../src/machines/scheduler/tasks/kills.ts'
import { given } from '../../../../src/testing/given.ts'

const subscribed: KillsEvent = { type: 'mesos.subscribed', frameworkId: 'f1' }
const lost: KillsEvent = {
  type: 'connection.lost',
  code: 'STREAM_ENDED',
  message: 'ended',
  retryable: true,
}
const fresh = given({ input: undefined, records: [] }, killsMachine)

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
      .when(subscribed, kill('t'))
      .then({ subscribed: 'sending' }, sent('t'))
      .after(1000)
      .then({ subscribed: 'waiting' }, [])
  })

  it('repeats what is not over, after a growing while', () => {
    const waiting = fresh.when(subscribed, kill('t')).after(1000).then('subscribed', sent('t'))
    const again = waiting.after(4999).then('subscribed', []).after(1).then('subscribed', sent('t'))
    again.after(1000).after(9999).then('subscribed', []).after(1).then('subscribed', sent('t'))
  })

  it('never waits longer than a minute', () => {
    let run = fresh.when(subscribed, kill('t')).after(1000)
    for (let turn = 0; turn < 10; turn++) run = run.after(61_000)
    run.then('subscribed').after(61_000).then('subscribed', sent('t'))
  })

  it('stops once all are over', () => {
    fresh
      .when(subscribed, kill('t'))
      .after(1000)
      .when(done('t'))
      .then({ subscribed: 'idle' })
      .after(3_600_000)
      .then({ subscribed: 'idle' }, [])
  })

  it('sends no more than a hundred a second', () => {
    const many = Array.from({ length: 250 }, (_, index) => kill(`t${index}`))
    const count = (from: number, to: number) =>
      sent(...Array.from({ length: to - from }, (_, index) => `t${from + index}`))
    fresh
      .when(subscribed, ...many)
      .then('subscribed', count(0, 100))
      .after(1000)
      .then('subscribed', count(100, 200))
      .after(1000)
      .then('subscribed', count(200, 250))
      .after(1000)
      .then({ subscribed: 'waiting' }, [])
  })

  it('skips what is over before its turn comes', () => {
    const many = Array.from({ length: 101 }, (_, index) => kill(`t${index}`))
    fresh
      .when(subscribed, ...many)
      .then('subscribed')
      .when(done('t100'))
      .after(1000)
      .then({ subscribed: 'sending' }, [])
      .after(1000)
      .then({ subscribed: 'waiting' }, [])
  })

  it('waits for a subscription, and kills again in the next', () => {
    fresh
      .when(kill('t'))
      .then('away', [])
      .when(subscribed)
      .then({ subscribed: 'sending' }, sent('t'))
      .when(lost)
      .after(60_000)
      .then('away', [])
      .when(done('t'), subscribed)
      .then({ subscribed: 'idle' }, [])
  })

  it('passes on how long the task is given', () => {
    const gentle: KillsEvent = { type: 'kill.requested', kill: { launchId: 't', graceMs: 1500 } }
    const policy = { gracePeriod: { nanoseconds: 1_500_000_000 } }
    fresh
      .when(subscribed, gentle)
      .then('subscribed', [
        { type: 'fx.call', params: { type: 'KILL', kill: { killPolicy: policy } } },
      ])
  })
})
