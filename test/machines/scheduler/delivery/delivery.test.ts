import { describe, expect, it } from 'vitest'
import { deliveryMachine } from '../../../../src/machines/scheduler/delivery/delivery.ts'
import type { DeliveryEvent } from '../../../../src/machines/scheduler/delivery/setup.ts'
import { asChild } from '../../../support/machines/as-child.ts'
import {
  registered,
  run,
  runWith,
  serving,
  submit,
} from '../../../support/machines/run-scheduler.ts'

const close: DeliveryEvent = { type: 'delivery.close' }
const restarted: DeliveryEvent = { type: 'process.restarted' }
const program = { path: 'executor.mjs', sha256: 'a'.repeat(64) }
const started: DeliveryEvent = {
  type: 'jarServer.started',
  url: 'http://127.0.0.1:8000',
  delivery: { executor: { command: {}, resources: {}, name: 'jarcast', program } },
}
const failed: DeliveryEvent = {
  type: 'jarServer.failed',
  code: 'JAR_SERVER_FAILED',
  message: 'port 80 is taken',
}

function shipping() {
  return asChild(deliveryMachine, { ships: 'libraries' })
}

describe('deliveryMachine', () => {
  describe('until it serves', () => {
    it('starts the jar server once the framework is registered', () => {
      const delivery = shipping()
      expect(delivery.snapshot.value).toBe('waiting')
      expect(delivery.send(registered)?.effects).toMatchObject([{ type: 'fx.startJarServer' }])
      expect(delivery.send(started)?.facts).toEqual([
        { type: 'jarServer.started', url: 'http://127.0.0.1:8000' },
      ])
      expect(delivery.snapshot.value).toBe('serving')
      expect(delivery.notices).toEqual([{ type: 'delivery.ready' }])
    })

    it('starts the jar server of a scheduler with libraries', () => {
      expect(runWith({ hasLibraries: true }, registered)).toMatchObject({
        value: 'startingJarServer',
        effects: ['fx.startJarServer'],
      })
    })

    it('is ready at once, after each subscription, when nothing is shipped', () => {
      const delivery = asChild(deliveryMachine, { ships: 'nothing' })
      expect(delivery.send(registered, registered)?.effects).toEqual([])
      expect(delivery.notices).toEqual([{ type: 'delivery.ready' }, { type: 'delivery.ready' }])
    })

    it('starts no jar server for a scheduler without libraries', () => {
      expect(run(registered).value).toEqual({ offers: 'suppressed' })
    })
  })

  describe('when the jar server fails', () => {
    it('ends and rejects tasks with its reason', () => {
      const why = { code: 'JAR_SERVER_FAILED', message: 'port 80 is taken' }
      expect(runWith({ hasLibraries: true }, submit('a'), registered, failed).facts).toMatchObject([
        { type: 'task.ended', taskId: 'a', ...why },
      ])
      expect(runWith({ hasLibraries: true }, registered, failed, submit('b')).facts).toMatchObject([
        { type: 'task.rejected', taskId: 'b', ...why },
      ])
    })

    it('fails the scheduler with its reason', () => {
      const over = runWith({ hasLibraries: true }, registered, failed, { type: 'framework.closed' })
      expect(over.value).toBe('failed')
      expect(over.facts).toMatchObject([{ type: 'framework.failed', message: 'port 80 is taken' }])
    })
  })

  describe('while it serves', () => {
    it('notifies its parent again after another subscription', () => {
      const delivery = shipping()
      expect(delivery.send(registered, started, registered)?.effects).toEqual([])
      expect(delivery.notices).toHaveLength(2)
    })

    it('names the shipped file that a command refused to run', () => {
      const delivery = shipping()
      const failure = {
        type: 'mesos.failure',
        executorId: { value: 'e' },
        status: 93 << 8,
      } as const
      expect(delivery.send(registered, started, failure)?.facts).toMatchObject([
        { type: 'executor.failed', rejected: program },
      ])
      expect(delivery.send({ ...failure, status: 1 << 8 })?.facts[0]).not.toHaveProperty('rejected')
    })
  })

  describe('after a restart of the process', () => {
    it('starts the jar server at the address that it had', () => {
      const delivery = shipping()
      const again = delivery.send(registered, started, restarted, registered)
      expect(again?.effects).toMatchObject([{ params: { url: 'http://127.0.0.1:8000' } }])
      expect(delivery.snapshot.context.delivery).toBeUndefined()
    })
  })

  describe('when it is closed', () => {
    it('drains first', () => {
      const delivery = shipping()
      expect(delivery.send(registered, started, close)?.effects).toMatchObject([
        { type: 'fx.stopJarServer' },
      ])
      expect(delivery.snapshot.value).toBe('draining')
      delivery.send({ type: 'jarServer.stopped' })
      expect(delivery.notices.at(-1)).toEqual({ type: 'delivery.closed' })
    })

    it.each([
      ['before it starts', []],
      ['when it failed', [registered, failed]],
      ['when its process is gone', [registered, started, restarted]],
    ])('closes at once %s', (_, events) => {
      const delivery = shipping()
      expect(delivery.send(...events, close)?.effects).toEqual([])
      expect(delivery.notices.at(-1)).toEqual({ type: 'delivery.closed' })
    })

    it('stops a jar server that is still starting', () => {
      const stopping = runWith(
        { hasLibraries: true },
        registered,
        { type: 'framework.stop', detach: false },
        {
          type: 'framework.closed',
        },
      )
      expect(stopping).toMatchObject({ effects: ['fx.stopJarServer'] })
    })

    it('stops the jar server after the TEARDOWN', () => {
      const stopping = runWith(
        { hasLibraries: true },
        registered,
        serving,
        { type: 'framework.stop', detach: false },
        {
          type: 'framework.closed',
        },
      )
      expect(stopping).toMatchObject({ effects: ['fx.stopJarServer'] })
      stopping.runtime.dispatch({ type: 'jarServer.stopped' })
      expect(stopping.value).toBe('stopped')
      expect(stopping.facts.at(-1)).toEqual({ type: 'framework.stopped' })
    })
  })
})
