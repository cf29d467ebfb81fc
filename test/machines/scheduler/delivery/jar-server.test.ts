import { describe, expect, it } from 'vitest'
import { initialTransition, transition } from 'xstate'
import { jarServerMachine } from '../../../../src/machines/scheduler/delivery/jar-server.ts'
import type { JarServerEvent } from '../../../../src/machines/scheduler/delivery/jar-server.ts'

const started: JarServerEvent = {
  type: 'jarServer.started',
  url: 'http://127.0.0.1:8000',
  delivery: { executor: { command: {}, resources: {}, name: 'jarcast' } },
}

function run(...events: readonly JarServerEvent[]) {
  let [snapshot] = initialTransition(jarServerMachine)
  let actions: readonly { type: string }[] = []
  for (const event of events) [snapshot, actions] = transition(jarServerMachine, snapshot, event)
  return { snapshot, actions: actions.map(({ type }) => type) }
}

describe('jarServerMachine', () => {
  it('listens when it is asked to, not before', () => {
    expect(run().snapshot.value).toBe('idle')
    expect(run({ type: 'jarServer.start' })).toMatchObject({ actions: ['fx.startJarServer'] })
    expect(run({ type: 'jarServer.start' }, started).snapshot).toMatchObject({
      value: 'serving',
      context: { url: 'http://127.0.0.1:8000' },
    })
  })

  it('rejects a second start as already running', () => {
    const second = run({ type: 'jarServer.start' }, started, { type: 'jarServer.start' })
    expect(second).toMatchObject({ snapshot: { value: 'serving' }, actions: ['xstate.emit'] })
  })

  it('drains before it is closed', () => {
    const stopping = run({ type: 'jarServer.start' }, started, { type: 'jarServer.stop' })
    expect(stopping).toMatchObject({
      snapshot: { value: 'draining' },
      actions: ['fx.stopJarServer'],
    })
  })

  it('can be started again after it failed', () => {
    const failed: JarServerEvent = {
      type: 'jarServer.failed',
      code: 'JAR_SERVER_FAILED',
      message: 'port',
    }
    expect(run({ type: 'jarServer.start' }, failed).snapshot.value).toBe('failed')
    expect(run({ type: 'jarServer.start' }, failed, { type: 'jarServer.start' })).toMatchObject({
      actions: ['fx.startJarServer'],
    })
  })
})
