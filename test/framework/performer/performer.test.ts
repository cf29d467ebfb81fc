import { NEVER, Subject, of, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { PerformerOptions } from '../../../src/framework/performer/performer.ts'
import type { SchedulerEvent } from '../../../src/mesos/types.generated.ts'
import {
  call,
  frameworkId,
  gate,
  given,
  settle,
  subscribe,
  teardown,
  unreachable,
} from './given-performer.ts'

describe('fx.subscribe', () => {
  it('gives the events of the stream to the machine, as entries', () => {
    const subscribed: SchedulerEvent = { type: 'SUBSCRIBED', subscribed: { frameworkId } }
    const { effects, events } = given({ subscribe: () => of(subscribed) })
    effects.next(subscribe)
    expect(events).toEqual([
      { type: 'mesos.subscribed', frameworkId: 'f1', master: 'http://m1:5050' },
    ])
  })

  it('gives them to an intake in place of that, and the end of the stream after them', () => {
    const taken: string[] = []
    const error: SchedulerEvent = { type: 'ERROR', error: { message: 'no' } }
    const intake: PerformerOptions['intake'] = {
      take: ({ type }, master) => void taken.push(`${type} of ${master}`),
      pass: ({ type }) => void taken.push(type),
    }
    const streams = [of(error), throwError(() => unreachable)]
    const { effects, events } = given({ subscribe: () => streams.shift() ?? NEVER }, { intake })
    effects.next(subscribe)
    effects.next(subscribe)
    expect(taken).toEqual(['ERROR of http://m1:5050', 'connection.lost'])
    expect(events).toEqual([])
  })

  it('turns errors into connection.lost, also those that are not jarcast’s', () => {
    const failures = [unreachable, new TypeError('odd')]
    const { effects, events } = given({ subscribe: () => throwError(() => failures.shift()) })
    effects.next(subscribe)
    effects.next(subscribe)
    expect(events).toEqual([
      { type: 'connection.lost', code: 'MASTER_UNREACHABLE', message: 'no route', retryable: true },
      {
        type: 'connection.lost',
        code: 'FRAMEWORK_FAILED',
        message: 'TypeError: odd',
        retryable: false,
      },
    ])
  })

  it('ends one stream before it dials the next', () => {
    const streams = [new Subject<SchedulerEvent>(), new Subject<SchedulerEvent>()]
    const [first, second] = streams
    const { effects, subscription } = given({ subscribe: (attempt) => streams[attempt] ?? NEVER })
    effects.next(subscribe)
    expect(first?.observed).toBe(true)
    effects.next({ ...subscribe, params: { framework: {}, attempt: 1 } })
    expect([first?.observed, second?.observed]).toEqual([false, true])
    subscription.unsubscribe()
    expect(second?.observed).toBe(false)
  })
})

describe('fx.call', () => {
  it('sends calls side by side, in order, without an event for success', async () => {
    const answer = gate()
    const { perform, done, events } = given({ send: answer.passed })
    perform('fx.call', call)
    perform('fx.call', { ...call, type: 'SUPPRESS', suppress: {} })
    await settle()
    expect(done).toEqual(['send REVIVE', 'send SUPPRESS'])
    answer.open()
    await settle()
    expect(events).toEqual([])
  })

  it('reports that an UPDATE_FRAMEWORK was accepted', async () => {
    const frameworkInfo = { user: 'u', name: 'n', id: frameworkId }
    const { perform, events } = given()
    perform('fx.call', {
      type: 'UPDATE_FRAMEWORK',
      frameworkId,
      updateFramework: { frameworkInfo },
    })
    await settle()
    expect(events).toEqual([
      { type: 'framework.updated', description: { framework: { user: 'u', name: 'n' } } },
    ])
  })

  it('turns a failure into call.failed, and continues', async () => {
    const { perform, events } = given({ send: () => Promise.reject(unreachable) })
    perform('fx.call', call)
    perform('fx.call', call)
    await settle()
    expect(events).toMatchObject([
      { type: 'call.failed', call: 'REVIVE', outcome: 'unsent', code: 'MASTER_UNREACHABLE' },
      { type: 'call.failed' },
    ])
  })

  it('turns a throw before the call into call.failed', async () => {
    const deliveryServer = {
      start: () => Promise.reject(unreachable),
      stop: () => Promise.resolve(),
      prepareRuntime: () => Promise.reject(unreachable),
      release: () => undefined,
      get server(): never {
        throw new TypeError('no key')
      },
    }
    const { perform, events } = given({}, { deliveryServer })
    perform('fx.call', call)
    await settle()
    expect(events).toMatchObject([{ type: 'call.failed', message: 'TypeError: no key' }])
  })

  it('counts calls that wait for an answer', async () => {
    const answer = gate()
    let waiting = 0
    const readWindow = { callBegan: () => (waiting += 1), callEnded: () => (waiting -= 1) }
    const { perform } = given(
      { send: () => answer.passed().then(() => Promise.reject(unreachable)) },
      { readWindow },
    )
    perform('fx.call', call)
    perform('fx.call', call)
    expect(waiting).toBe(2)
    answer.open()
    await settle()
    expect(waiting).toBe(0)
  })
})

describe('the pipeline', () => {
  it('errors for an effect that nothing performs, and ends the stream', () => {
    const stream = new Subject<SchedulerEvent>()
    const { effects, perform, errors } = given({ subscribe: () => stream })
    effects.next(subscribe)
    perform('fx.dance')
    expect(errors).toMatchObject([
      { code: 'FRAMEWORK_FAILED', message: 'nothing performs the effect fx.dance' },
    ])
    expect(stream.observed).toBe(false)
  })

  it('drops the results of calls after unsubscription', async () => {
    const { perform, subscription, events } = given({ send: () => Promise.reject(unreachable) })
    perform('fx.call', call)
    subscription.unsubscribe()
    await settle()
    expect(events).toEqual([])
  })

  it('completes after the source, once all is performed', async () => {
    const answer = gate()
    const { effects, perform, types, isComplete } = given({ send: answer.passed })
    effects.next(subscribe)
    perform('fx.close', { call: teardown })
    effects.complete()
    expect(isComplete()).toBe(false)
    answer.open()
    await settle()
    expect([isComplete(), types()]).toEqual([true, ['framework.closed']])
  })
})
