import { access, readFile } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../../src/local/cluster.ts'
import type {
  FrameworkInfo,
  Offer,
  OfferOperation,
  Resource,
  SchedulerEvent,
} from '../../../../src/mesos/types.generated.ts'
import {
  commandTask,
  connectScheduler,
  readWhenThere,
  scalar,
  small,
  testFramework,
} from '../../support/client.ts'
import type { OfNarrow, Scheduler } from '../../support/client.ts'

const teamFramework: FrameworkInfo = { ...testFramework, roles: ['team/a'], principal: 'p' }
const reservations = [{ type: 'DYNAMIC', role: 'team/a', principal: 'p' }] as const
const reservedDisk: Resource = { ...scalar('disk', 100), reservations }
const keptVolume: Resource = {
  ...reservedDisk,
  disk: {
    persistence: { id: 'kept', principal: 'p' },
    volume: { containerPath: 'data', mode: 'RW' },
  },
}
const reserveDisk: OfferOperation = { type: 'RESERVE', reserve: { resources: [reservedDisk] } }
const createVolume: OfferOperation = { type: 'CREATE', create: { volumes: [keptVolume] } }
const destroyVolume: OfferOperation = { type: 'DESTROY', destroy: { volumes: [keptVolume] } }

let cluster: LocalCluster

afterEach(() => cluster.close())

async function start(
  info: FrameworkInfo = teamFramework,
  updateRetryMs = 10_000,
): Promise<Scheduler> {
  cluster = await startLocalCluster({ open: true, allocationIntervalMs: 20, updateRetryMs })
  return connectScheduler(cluster.url, info)
}

function volumePath(): string {
  return `${cluster.agents[0]?.workDir}/volumes/roles/team a/kept`
}

type OperationUpdate = OfNarrow<SchedulerEvent, 'UPDATE_OPERATION_STATUS'>

async function statusOf(scheduler: Scheduler, id: string, from = 0) {
  const event = await scheduler.waitFor(
    (each): each is OperationUpdate =>
      each.type === 'UPDATE_OPERATION_STATUS' &&
      each.updateOperationStatus.status.operationId?.value === id,
    from,
  )
  return event.updateOperationStatus.status
}

/** The first offer with a matching resource. */
async function offerWith(
  scheduler: Scheduler,
  isWanted: (resource: Resource) => boolean,
): Promise<Offer> {
  for (;;) {
    const offer = await scheduler.takeOffer()
    if ((offer.resources ?? []).some(isWanted)) return offer
    await scheduler.call({
      type: 'DECLINE',
      decline: { offerIds: [offer.id], filters: { refuseSeconds: 0 } },
    })
  }
}

function isVolume({ disk }: Resource): boolean {
  return disk?.persistence?.id === 'kept'
}

describe('a persistent volume', () => {
  it('is made and used in one call, outlives its task, and goes with DESTROY', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    const writer = {
      ...commandTask('writer', offer, 'echo kept > data/f'),
      resources: [...small, keptVolume],
    }
    const launch = { type: 'LAUNCH', launch: { taskInfos: [writer] } } as const
    await scheduler.accept(offer, [reserveDisk, createVolume, launch])
    await scheduler.follow('writer', 'TASK_FINISHED')
    expect(await readFile(`${volumePath()}/f`, 'utf8')).toBe('kept\n')
    const again = await offerWith(scheduler, isVolume)
    await scheduler.launch(again, {
      ...commandTask('reader', again, 'cp data/f seen'),
      resources: [...small, keptVolume],
    })
    await scheduler.follow('reader', 'TASK_FINISHED')
    const last = await offerWith(scheduler, isVolume)
    await scheduler.accept(last, [{ ...destroyVolume, id: { value: 'destroy' } }])
    await statusOf(scheduler, 'destroy')
    await expect(access(volumePath())).rejects.toThrow('ENOENT')
  })

  it('is in the sandbox of each member of a group', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    const executor = {
      type: 'DEFAULT' as const,
      executorId: { value: 'group' },
      frameworkId: { value: scheduler.frameworkId },
      resources: [...small, scalar('disk', 10)],
    }
    const member = {
      ...commandTask('member', offer, 'echo of a group > data/f'),
      resources: [...small, keptVolume],
    }
    const launchGroup = { executor, taskGroup: { tasks: [member] } }
    await scheduler.accept(offer, [
      reserveDisk,
      createVolume,
      { type: 'LAUNCH_GROUP', launchGroup },
    ])
    await scheduler.follow('member', 'TASK_FINISHED')
    expect(await readWhenThere(`${volumePath()}/f`)).toBe('of a group\n')
  })

  it('grows and shrinks', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    const reserve = { resources: [{ ...reservedDisk, scalar: { value: 150 } }] }
    await scheduler.accept(offer, [{ type: 'RESERVE', reserve }, createVolume])
    const made = await offerWith(scheduler, isVolume)
    const addition = { ...reservedDisk, scalar: { value: 50 } }
    const growVolume = { volume: keptVolume, addition }
    await scheduler.accept(made, [{ type: 'GROW_VOLUME', growVolume, id: { value: 'grow' } }])
    expect(await statusOf(scheduler, 'grow')).toMatchObject({ state: 'OPERATION_FINISHED' })
    const grown = await offerWith(scheduler, isVolume)
    expect(grown.resources?.find(isVolume)?.scalar?.value).toBe(150)
    const shrinkVolume = {
      volume: { ...keptVolume, scalar: { value: 150 } },
      subtract: { value: 149.5 },
    }
    await scheduler.accept(grown, [{ type: 'SHRINK_VOLUME', shrinkVolume }])
    const shrunk = await offerWith(scheduler, ({ name, scalar: size, disk }) => {
      return name === 'disk' && disk !== undefined && size?.value === 0.5
    })
    expect(shrunk.resources?.find(isVolume)?.scalar?.value).toBe(0.5)
    await access(volumePath())
  })

  it('cannot be destroyed while a task uses it, nor be used whole twice', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    const sleeper = {
      ...commandTask('sleeper', offer, 'sleep 100'),
      resources: [...small, keptVolume],
    }
    const launch = { type: 'LAUNCH', launch: { taskInfos: [sleeper] } } as const
    await scheduler.accept(offer, [reserveDisk, createVolume, launch])
    await scheduler.follow('sleeper', 'TASK_RUNNING')
    const rest = await scheduler.takeOffer()
    await scheduler.accept(rest, [{ ...destroyVolume, id: { value: 'early' } }])
    const { message, state } = await statusOf(scheduler, 'early')
    expect(state).toBe('OPERATION_ERROR')
    expect(message).toMatch(/^Persistent volumes in use; on agent \S+-S0 at slave\(1\)@/u)
  })
})

describe('operations', () => {
  it.each<[string, OfferOperation, string]>([
    [
      'an unreserved RESERVE',
      { type: 'RESERVE', reserve: { resources: [scalar('cpus', 1)] } },
      'Resource cpus(allocated: team/a):1 is not dynamically reserved',
    ],
    [
      'another principal',
      {
        type: 'RESERVE',
        reserve: {
          resources: [
            {
              ...scalar('cpus', 1),
              reservations: [{ type: 'DYNAMIC', role: 'team/a', principal: 'q' }],
            },
          ],
        },
      },
      "which does not match a reserved resource in the request with principal 'q'",
    ],
    [
      'another role',
      {
        type: 'RESERVE',
        reserve: {
          resources: [
            {
              ...scalar('cpus', 1),
              reservations: [{ type: 'DYNAMIC', role: 'team', principal: 'p' }],
            },
          ],
        },
      },
      "with role 'team', but the resource was allocated to role 'team/a'",
    ],
    [
      'what is not reserved',
      { type: 'UNRESERVE', unreserve: { resources: [reservedDisk] } },
      'does not contain disk(allocated: team/a)(reservations: [(DYNAMIC,team/a,p)]):100',
    ],
    ['a volume on what is not reserved', createVolume, 'does not contain disk(allocated: team/a)'],
    ['a volume that is not there', destroyVolume, 'Persistent volumes not found; on agent '],
    [
      'no resources',
      { type: 'RESERVE', reserve: { resources: [{ ...scalar('cpus', -1) }] } },
      "Operation attempted with invalid resources: Resource 'cpus:-1' is invalid",
    ],
    [
      'a source',
      { type: 'RESERVE', reserve: { source: [reservedDisk], resources: [reservedDisk] } },
      'Reservation updates are not yet implemented for the scheduler API.',
    ],
    [
      'a disk without provider',
      { type: 'DESTROY_DISK', destroyDisk: { source: scalar('disk', 1) } },
      'no resource providers',
    ],
  ])('are refused for %s', async (_case, operation, text) => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    await scheduler.accept(offer, [{ ...operation, id: { value: 'bad' } }])
    const status = await statusOf(scheduler, 'bad')
    expect(status.state).toBe('OPERATION_ERROR')
    expect(status.message).toContain(text)
    expect(status.uuid).toBeUndefined()
  })

  it('come again until they are acknowledged, and can be asked for meanwhile', async () => {
    const scheduler = await start(teamFramework, 50)
    const offer = await scheduler.takeOffer()
    await scheduler.accept(offer, [{ ...reserveDisk, id: { value: 'op' } }])
    const first = await statusOf(scheduler, 'op')
    const again = await statusOf(scheduler, 'op', scheduler.events.length)
    expect(again).toEqual(first)
    const isAsked = (each: SchedulerEvent): each is OperationUpdate =>
      each.type === 'UPDATE_OPERATION_STATUS' &&
      each.updateOperationStatus.status.uuid === undefined
    await scheduler.call({ type: 'RECONCILE_OPERATIONS', reconcileOperations: {} })
    const known = await scheduler.waitFor(isAsked)
    const { uuid, ...rest } = first
    expect(known.updateOperationStatus.status).toEqual(rest)
    await scheduler.call({
      type: 'ACKNOWLEDGE_OPERATION_STATUS',
      acknowledgeOperationStatus: {
        agentId: offer.agentId,
        operationId: { value: 'op' },
        uuid: uuid?.value ?? '',
      },
    })
    const from = scheduler.events.length
    const operations = [{ operationId: { value: 'op' }, agentId: offer.agentId }]
    await scheduler.call({ type: 'RECONCILE_OPERATIONS', reconcileOperations: { operations } })
    const gone = await scheduler.waitFor(isAsked, from)
    expect(gone.updateOperationStatus.status).toEqual({
      operationId: { value: 'op' },
      agentId: offer.agentId,
      state: 'OPERATION_UNKNOWN',
      message: 'Reconciliation: Operation is unknown',
    })
  })

  it('take and give the form without refinement to frameworks without it', async () => {
    const scheduler = await start({
      user: 'root',
      name: 'plain',
      role: 'old',
      failoverTimeout: 60,
    })
    const offer = await scheduler.takeOffer()
    const resource = { ...scalar('cpus', 1), role: 'old', reservation: {} }
    await scheduler.accept(offer, [{ type: 'RESERVE', reserve: { resources: [resource] } }])
    const next = await offerWith(scheduler, ({ role }) => role === 'old')
    expect(next.resources?.filter(({ name }) => name === 'cpus')).toEqual([
      resource,
      { ...scalar('cpus', 1), role: '*' },
    ])
  })
})
