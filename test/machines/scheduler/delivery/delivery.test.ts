import { describe, expect, it } from 'vitest'
import { deliveryMachine } from '../../../../src/machines/scheduler/delivery/delivery.ts'
import type { DeliveryEvent } from '../../../../src/machines/scheduler/delivery/delivery.ts'
import { asChild } from '../../../support/machines/as-child.ts'

const subscribed: DeliveryEvent = { type: 'mesos.subscribed', frameworkId: 'f1' }
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
  message: 'port',
}

function shipping() {
  return asChild(deliveryMachine, { ships: 'libraries' })
}

describe('deliveryMachine', () => {
  it('starts the jar server once the framework is registered', () => {
    const delivery = shipping()
    expect(delivery.snapshot.value).toBe('waiting')
    expect(delivery.send(subscribed)?.effects).toMatchObject([{ type: 'fx.startJarServer' }])
    expect(delivery.send(started)?.facts).toEqual([
      { type: 'jarServer.started', url: 'http://127.0.0.1:8000' },
    ])
    expect(delivery.snapshot.value).toBe('serving')
    expect(delivery.notices).toEqual([{ type: 'delivery.ready' }])
  })

  it('is ready at once, after each subscription, when nothing is shipped', () => {
    const delivery = asChild(deliveryMachine, { ships: 'nothing' })
    expect(delivery.send(subscribed, subscribed)?.effects).toEqual([])
    expect(delivery.notices).toEqual([{ type: 'delivery.ready' }, { type: 'delivery.ready' }])
  })

  it('says that it is ready again after another subscription', () => {
    const delivery = shipping()
    expect(delivery.send(subscribed, started, subscribed)?.effects).toEqual([])
    expect(delivery.notices).toHaveLength(2)
  })

  it('starts again at the same address after a restart of the process', () => {
    const delivery = shipping()
    const again = delivery.send(subscribed, started, restarted, subscribed)
    expect(again?.effects).toMatchObject([{ params: { url: 'http://127.0.0.1:8000' } }])
    expect(delivery.snapshot.context.delivery).toBeUndefined()
  })

  it('drains before it is closed', () => {
    const delivery = shipping()
    expect(delivery.send(subscribed, started, close)?.effects).toMatchObject([
      { type: 'fx.stopJarServer' },
    ])
    expect(delivery.snapshot.value).toBe('draining')
    delivery.send({ type: 'jarServer.stopped' })
    expect(delivery.notices.at(-1)).toEqual({ type: 'delivery.closed' })
  })

  it.each([
    ['before it starts', []],
    ['when it failed', [subscribed, failed]],
    ['when its process is gone', [subscribed, started, restarted]],
  ])('closes at once %s', (_, events) => {
    const delivery = shipping()
    expect(delivery.send(...events, close)?.effects).toEqual([])
    expect(delivery.notices.at(-1)).toEqual({ type: 'delivery.closed' })
  })

  it('names the shipped file that a command refused to run', () => {
    const delivery = shipping()
    const failure = { type: 'mesos.failure', executorId: { value: 'e' }, status: 93 << 8 } as const
    expect(delivery.send(subscribed, started, failure)?.facts).toMatchObject([
      { type: 'executor.failed', rejected: program },
    ])
    expect(delivery.send({ ...failure, status: 1 << 8 })?.facts[0]).not.toHaveProperty('rejected')
  })
})
