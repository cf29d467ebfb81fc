import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { startLocalCluster, type LocalCluster } from '../../../../src/local/cluster.ts'
import { ask, commandTask, connectScheduler, isType, type Scheduler } from '../../support/client.ts'

const MACHINE = { hostname: 'agent-1', ip: '127.0.0.1' }
const UNAVAILABILITY = {
  start: { nanoseconds: 1_795_362_680_588_000_000 },
  duration: { nanoseconds: 3_600_000_000_000 },
}
const WINDOW = { machine_ids: [MACHINE], unavailability: UNAVAILABILITY }

let cluster: LocalCluster

afterEach(() => cluster.close())

async function start(): Promise<Scheduler> {
  cluster = await startLocalCluster({ open: true, allocationIntervalMs: 20, shutdownGraceMs: 100 })
  return connectScheduler(cluster.url)
}

function post(path: string, body: unknown) {
  return ask(cluster.url + path, { method: 'POST', body: JSON.stringify(body) })
}

async function read(path: string): Promise<unknown> {
  return JSON.parse((await ask(cluster.url + path)).body)
}

async function launch(scheduler: Scheduler): Promise<void> {
  const offer = await scheduler.takeOffer()
  await scheduler.launch(offer, commandTask('t', offer, 'sleep 100'))
  await scheduler.follow('t', 'TASK_RUNNING')
}

describe('maintenance', () => {
  it('shows its schedule, and what frameworks answered', async () => {
    const scheduler = await start()
    await launch(scheduler)
    expect((await post('/maintenance/schedule', { windows: [WINDOW] })).status).toBe(200)
    expect(await read('/maintenance/schedule')).toEqual({ windows: [WINDOW] })
    const { inverseOffers } = await scheduler.waitFor(isType('INVERSE_OFFERS'))
    const [offer] = inverseOffers.inverseOffers ?? []
    expect(await read('/master/maintenance/status')).toEqual({
      draining_machines: [{ id: MACHINE }],
    })
    await scheduler.call({
      type: 'DECLINE_INVERSE_OFFERS',
      declineInverseOffers: { inverseOfferIds: offer === undefined ? [] : [offer.id] },
    })
    expect(await read('/maintenance/status')).toMatchObject({
      draining_machines: [
        {
          id: MACHINE,
          statuses: [{ status: 'DECLINE', framework_id: { value: scheduler.frameworkId } }],
        },
      ],
    })
  })

  it('takes inverse offers back when it is called off', async () => {
    const scheduler = await start()
    await launch(scheduler)
    await post('/maintenance/schedule', { windows: [WINDOW] })
    const { inverseOffers } = await scheduler.waitFor(isType('INVERSE_OFFERS'))
    await post('/maintenance/schedule', {})
    const { rescindInverseOffer } = await scheduler.waitFor(isType('RESCIND_INVERSE_OFFER'))
    expect(rescindInverseOffer.inverseOfferId).toEqual(inverseOffers.inverseOffers?.[0]?.id)
    expect(await read('/maintenance/status')).toEqual({})
  })

  it('ends an agent whose machine goes down, and takes it back when that is up', async () => {
    const scheduler = await start()
    await launch(scheduler)
    await post('/maintenance/schedule', { windows: [WINDOW] })
    expect((await post('/machine/down', [MACHINE])).status).toBe(200)
    const { message, reason } = await scheduler.waitForUpdate('t', 'TASK_GONE_BY_OPERATOR')
    expect(message).toBe("Operator initiated 'Machine DOWN'")
    expect(reason).toBe('REASON_AGENT_REMOVED_BY_OPERATOR')
    expect(await read('/maintenance/status')).toEqual({ down_machines: [MACHINE] })
    expect((await post('/maintenance/schedule', {})).body).toContain(
      'is deactivated and cannot be removed from the schedule',
    )
    expect((await post('/machine/up', [MACHINE])).status).toBe(200)
    expect(await read('/maintenance/schedule')).toEqual({})
    while (cluster.control.status().agents[0]?.state !== 'stopped') await sleep(5)
    const from = scheduler.events.length
    await cluster.control.startAgent('agent-1')
    await scheduler.waitFor(isType('OFFERS'), from)
  })

  it.each<[string, unknown, string]>([
    ['/maintenance/schedule', { windows: [{ ...WINDOW, machine_ids: [] }] }, 'window is empty'],
    [
      '/maintenance/schedule',
      { windows: [{ ...WINDOW, machine_ids: [{}] }] },
      "Both 'hostname' and 'ip'",
    ],
    [
      '/maintenance/schedule',
      { windows: [WINDOW, WINDOW] },
      `Machine '{"hostname":"agent-1","ip":"127.0.0.1"}' appears more than once in the schedule`,
    ],
    [
      '/maintenance/schedule',
      {
        windows: [
          { ...WINDOW, unavailability: { ...UNAVAILABILITY, duration: { nanoseconds: -1 } } },
        ],
      },
      "Unavailability 'duration' is negative",
    ],
    ['/machine/down', [], 'List of machines is empty'],
    ['/machine/down', [MACHINE], 'is not in DRAINING mode and cannot be brought down'],
    ['/machine/up', [{ hostname: 'elsewhere' }], 'is not part of a maintenance schedule'],
    ['/machine/up', 'no list', ''],
  ])('refuses %s of %j', async (path, body, message) => {
    await start()
    const answer = await post(path, body)
    expect(answer.status).toBe(400)
    expect(answer.body).toContain(message)
  })
})
