import { describe, expect, it } from 'vitest'
import { JarcastError } from '../../src/errors.ts'
import type { FrameworkFact } from '../../src/framework/facts/events.ts'
import { createStreams } from '../../src/framework/facts/streams.ts'
import type { FrameworkStreams } from '../../src/framework/facts/streams.ts'
import { Lifecycle } from '../../src/framework/lifecycle.ts'
import { toSettings } from '../../src/framework/options/settings.ts'
import type { FrameworkState } from '../../src/framework/state/framework-state.ts'
import { fakeMaster, settle, subscribed } from './support/fake-connection.ts'

/** A framework at a master without sockets; what its streams emitted. */
function given(master = fakeMaster()) {
  const streams: FrameworkStreams = createStreams({
    snapshot: () => life.parts?.runtime.snapshot,
    lastFactOf: (taskId) => life.parts?.lastFactOf(taskId),
  })
  const settings = toSettings({ master: 'http://127.0.0.1:9' })
  const life = new Lifecycle({ settings, streams, inspect: undefined, connect: master.connect })
  const facts: FrameworkFact[] = []
  const states: FrameworkState[] = []
  const ends: string[] = []
  streams.fact$.subscribe({ next: (fact) => facts.push(fact), complete: () => ends.push('fact$') })
  streams.state$.subscribe({
    next: (state) => states.push(state),
    complete: () => ends.push('state$'),
  })
  streams.progress$.subscribe({ complete: () => ends.push('progress$') })
  return { master, streams, life, facts, states, ends }
}

async function started() {
  const all = given()
  const start = all.life.start()
  await settle()
  all.master.emit(subscribed)
  await start
  return all
}

describe('Lifecycle', () => {
  it('opens once, and starts when the framework is registered', async () => {
    const { life, master } = given()
    expect(life.parts).toBeUndefined()
    let isStarted = false
    const start = life.start().then(() => (isStarted = true))
    await settle()
    expect(await life.open()).toBe(life.parts)
    expect(isStarted).toBe(false)
    master.emit(subscribed)
    await start
    expect(await life.ready()).toBe(life.parts)
    expect(master.calls.filter(({ type }) => type === 'SUBSCRIBE')).toHaveLength(1)
  })

  it('publishes each state from the start to the end', async () => {
    const { life, states, ends } = await started()
    await life.stop(false)
    expect(states.map(({ life: now, isRegistered }) => [now, isRegistered])).toEqual([
      ['running', false],
      ['running', true],
      ['stopping', false],
      ['stopped', false],
    ])
    expect(states.at(-1)).toMatchObject({ frameworkId: 'f1', taskCount: 0, pendingCount: 0 })
    expect(ends).toEqual(['state$', 'fact$', 'progress$'])
  })

  it('ends with the error of a framework that fails', async () => {
    const { life, master, facts, streams } = given()
    const start = life.start()
    await settle()
    master.lose(new JarcastError('NOT_PERMITTED', 'no'))
    await expect(start).rejects.toMatchObject({ code: 'NOT_PERMITTED' })
    expect(facts.at(-1)).toMatchObject({
      type: 'framework.failed',
      error: { code: 'NOT_PERMITTED' },
    })
    await expect(life.ready()).rejects.toMatchObject({ code: 'NOT_PERMITTED' })
    const errors: unknown[] = []
    streams.task$('late').subscribe({ error: (error) => errors.push(error) })
    expect(errors).toMatchObject([{ code: 'NOT_PERMITTED' }])
    expect(master.isClosed).toBe(true)
  })

  it('drops events before the start, and has nothing to stop then', async () => {
    const { life, ends } = given()
    life.dispatch({ type: 'framework.drain' })
    await life.stop(false)
    await life.drain()
    expect([life.parts, ends]).toEqual([undefined, []])
  })

  it('is over after a stop, and stops once', async () => {
    const { life, master } = await started()
    await Promise.all([life.stop(false), life.stop(false), life.drain()])
    expect(master.calls.filter(({ type }) => type === 'TEARDOWN')).toHaveLength(1)
    await expect(life.ready()).rejects.toMatchObject({ code: 'FRAMEWORK_STOPPED' })
  })

  it('leaves the framework to Mesos when detached', async () => {
    const { life, master, facts } = await started()
    await life.stop(true)
    expect(master.calls.filter(({ type }) => type === 'TEARDOWN')).toEqual([])
    expect(master.isClosed).toBe(true)
    expect(facts.at(-1)?.type).toBe('framework.stopped')
  })

  it('rejects with the error of settings that cannot be used', async () => {
    const connect = (): never => {
      throw new JarcastError('CONFIG_INVALID', 'master is wrong')
    }
    const { life } = given({ ...fakeMaster(), connect })
    await expect(life.start()).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    await life.stop(false)
  })
})
