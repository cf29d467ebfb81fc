import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../../src/local/cluster.ts'
import { ask, commandTask, connectScheduler, isType } from '../../support/client.ts'
import type { Scheduler } from '../../support/client.ts'

const machineId = { hostname: 'agent-1', ip: '127.0.0.1' }
const plannedUnavailability = {
  start: { nanoseconds: 1_795_362_680_588_000_000 },
  duration: { nanoseconds: 3_600_000_000_000 },
}
const maintenanceWindow = { machine_ids: [machineId], unavailability: plannedUnavailability }

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
    expect((await post('/maintenance/schedule', { windows: [maintenanceWindow] })).status).toBe(200)
    expect(await read('/maintenance/schedule')).toEqual({ windows: [maintenanceWindow] })
    const { inverseOffers } = await scheduler.waitFor(isType('INVERSE_OFFERS'))
    const [offer] = inverseOffers.inverseOffers ?? []
    expect(await read('/master/maintenance/status')).toEqual({
      draining_machines: [{ id: machineId }],
    })
    await scheduler.call({
      type: 'DECLINE_INVERSE_OFFERS',
      declineInverseOffers: { inverseOfferIds: offer === undefined ? [] : [offer.id] },
    })
    expect(await read('/maintenance/status')).toMatchObject({
      draining_machines: [
        {
          id: machineId,
          statuses: [{ status: 'DECLINE', framework_id: { value: scheduler.frameworkId } }],
        },
      ],
    })
  })

  it('takes inverse offers back when it is called off', async () => {
    const scheduler = await start()
    await launch(scheduler)
    await post('/maintenance/schedule', { windows: [maintenanceWindow] })
    const { inverseOffers } = await scheduler.waitFor(isType('INVERSE_OFFERS'))
    await post('/maintenance/schedule', {})
    const { rescindInverseOffer } = await scheduler.waitFor(isType('RESCIND_INVERSE_OFFER'))
    expect(rescindInverseOffer.inverseOfferId).toEqual(inverseOffers.inverseOffers?.[0]?.id)
    expect(await read('/maintenance/status')).toEqual({})
  })

  it('ends an agent whose machine goes down, and takes it back when that is up', async () => {
    const scheduler = await start()
    await launch(scheduler)
    await post('/maintenance/schedule', { windows: [maintenanceWindow] })
    expect((await post('/machine/down', [machineId])).status).toBe(200)
    const { message, reason } = await scheduler.waitForUpdate('t', 'TASK_GONE_BY_OPERATOR')
    expect(message).toBe("Operator initiated 'Machine DOWN'")
    expect(reason).toBe('REASON_AGENT_REMOVED_BY_OPERATOR')
    expect(await read('/maintenance/status')).toEqual({ down_machines: [machineId] })
    expect((await post('/maintenance/schedule', {})).body).toContain(
      'is deactivated and cannot be removed from the schedule',
    )
    expect((await post('/machine/up', [machineId])).status).toBe(200)
    expect(await read('/maintenance/schedule')).toEqual({})
    while (cluster.control.status().agents[0]?.state !== 'stopped') await sleep(5)
    const from = scheduler.events.length
    await cluster.control.startAgent('agent-1')
    await scheduler.waitFor(isType('OFFERS'), from)
  })

  it.each<[string, unknown, string]>([
    [
      '/maintenance/schedule',
      { windows: [{ ...maintenanceWindow, machine_ids: [] }] },
      'window is empty',
    ],
    [
      '/maintenance/schedule',
      { windows: [{ ...maintenanceWindow, machine_ids: [{}] }] },
      "Both 'hostname' and 'ip'",
    ],
    [
      '/maintenance/schedule',
      { windows: [maintenanceWindow, maintenanceWindow] },
      `Machine '{"hostname":"agent-1","ip":"127.0.0.1"}' appears more than once in the schedule`,
    ],
    [
      '/maintenance/schedule',
      {
        windows: [
          {
            ...maintenanceWindow,
            unavailability: { ...plannedUnavailability, duration: { nanoseconds: -1 } },
          },
        ],
      },
      "Unavailability 'duration' is negative",
    ],
    ['/machine/down', [], 'List of machines is empty'],
    ['/machine/down', [machineId], 'is not in DRAINING mode and cannot be brought down'],
    ['/machine/up', [{ hostname: 'elsewhere' }], 'is not part of a maintenance schedule'],
    ['/machine/up', 'no list', ''],
  ])('refuses %s of %j', async (path, body, message) => {
    await start()
    const answer = await post(path, body)
    expect(answer.status).toBe(400)
    expect(answer.body).toContain(message)
  })
})
