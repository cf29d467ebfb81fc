import { Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { SchedulerEvent } from '../../../src/mesos/types.generated.ts'
import { call, gate, given, settle, subscribe, teardown, unreachable } from './given-performer.ts'

describe('fx.close', () => {
  it('sends the TEARDOWN, ends the stream, then closes the connection', async () => {
    const stream = new Subject<SchedulerEvent>()
    const answer = gate()
    const { effects, perform, done, types } = given({
      subscribe: () => stream,
      send: answer.passed,
    })
    effects.next(subscribe)
    perform('fx.close', { call: teardown })
    await settle()
    expect(done).toEqual(['subscribe 0', 'send TEARDOWN'])
    expect(stream.observed).toBe(true)
    answer.open()
    await settle()
    expect(done.at(-1)).toBe('close')
    expect(stream.observed).toBe(false)
    expect(types()).toEqual(['framework.closed'])
  })

  it('does not report that the master ends the stream meanwhile', async () => {
    const stream = new Subject<SchedulerEvent>()
    const answer = gate()
    const { effects, perform, types } = given({ subscribe: () => stream, send: answer.passed })
    effects.next(subscribe)
    perform('fx.close', { call: teardown })
    stream.error(unreachable)
    answer.open()
    await settle()
    expect(types()).toEqual(['framework.closed'])
  })

  it('sends nothing when detached, and closes although the TEARDOWN fails', async () => {
    const detached = given()
    detached.perform('fx.close', { call: undefined })
    await settle()
    expect(detached.done).toEqual(['close'])
    expect(detached.types()).toEqual(['framework.closed'])
    const failing = given({ send: () => Promise.reject(unreachable) })
    failing.perform('fx.close', { call: teardown })
    await settle()
    expect(failing.types()).toEqual(['framework.closed'])
  })

  it('ignores another close meanwhile', async () => {
    const answer = gate()
    const { perform, done } = given({ send: answer.passed })
    perform('fx.close', { call: teardown })
    perform('fx.close', { call: teardown })
    answer.open()
    await settle()
    expect(done).toEqual(['send TEARDOWN', 'close'])
  })

  it('does not report the calls that it ends', async () => {
    const answer = gate()
    const fail = () => answer.passed().then(() => Promise.reject(unreachable))
    const { perform, types } = given({
      send: ({ type }) => (type === 'REVIVE' ? fail() : Promise.resolve()),
    })
    perform('fx.call', call)
    perform('fx.close', { call: teardown })
    answer.open()
    await settle()
    expect(types()).toEqual(['framework.closed'])
  })
})
