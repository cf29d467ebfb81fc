import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../../src/local/cluster.ts'
import { schedulerCodec } from '../../../../src/mesos/codec.ts'
import type { FrameworkInfo, Offer } from '../../../../src/mesos/types.generated.ts'
import {
  commandTask,
  connectScheduler,
  isType,
  subscribe,
  testFramework,
} from '../../support/client.ts'
import type { Scheduler } from '../../support/client.ts'

let cluster: LocalCluster

afterEach(() => cluster.close())

async function start(frameworkInfo: FrameworkInfo = testFramework, agents = 1): Promise<Scheduler> {
  cluster = await startLocalCluster({
    open: true,
    allocationIntervalMs: 20,
    shutdownGraceMs: 100,
    agents,
  })
  return connectScheduler(cluster.url, frameworkInfo)
}

function decline(scheduler: Scheduler, offer: Offer, refuseSeconds: number) {
  const filters = { refuseSeconds }
  return scheduler.call({ type: 'DECLINE', decline: { offerIds: [offer.id], filters } })
}

function offersOf({ events }: Scheduler): readonly Offer[] {
  return events.filter(isType('OFFERS')).flatMap(({ offers }) => offers.offers ?? [])
}

describe('framework without capabilities', () => {
  const plain: FrameworkInfo = { user: 'root', name: 'plain', failoverTimeout: 5 }

  it('sees roles on resources, and TASK_LOST for what is unknown', async () => {
    const scheduler = await start(plain)
    const offer = await scheduler.takeOffer()
    expect(offer.allocationInfo).toBeUndefined()
    expect(offer.resources?.map(({ allocationInfo, role }) => [allocationInfo, role])).toEqual(
      Array.from({ length: 4 }, () => [undefined, '*']),
    )
    await scheduler.launch(offer, commandTask('plain-1', offer, 'true'))
    await scheduler.follow('plain-1', 'TASK_FINISHED')
    const tasks = [{ taskId: { value: 'never' } }]
    await scheduler.call({ type: 'RECONCILE', reconcile: { tasks } })
    const { message } = await scheduler.waitForUpdate('never', 'TASK_LOST')
    expect(message).toBe('Reconciliation: Task is unknown')
  })

  it('must not name several roles', async () => {
    await start(plain)
    const codec = schedulerCodec('application/json')
    const url = `${cluster.url}/api/v1/scheduler`
    const frameworkInfo = { ...plain, roles: ['a'] }
    const stream = await subscribe(url, codec, { type: 'SUBSCRIBE', subscribe: { frameworkInfo } })
    const { error } = await stream.waitFor(isType('ERROR'))
    expect(error.message).toContain('is not MULTI_ROLE capable')
  })
})

describe('framework of two roles', () => {
  const info: FrameworkInfo = { ...testFramework, roles: ['a', 'b/c'] }

  it('is offered to the role that is not suppressed', async () => {
    const scheduler = await start(info)
    const first = await scheduler.takeOffer()
    expect(first.allocationInfo?.role).toBe('a')
    await scheduler.call({ type: 'SUPPRESS', suppress: { roles: ['a'] } })
    await decline(scheduler, first, 0)
    const second = await scheduler.takeOffer()
    expect(second.allocationInfo?.role).toBe('b/c')
    await scheduler.call({ type: 'SUPPRESS' })
    await decline(scheduler, second, 0)
    await scheduler.call({ type: 'REVIVE', revive: { roles: ['nope'] } })
    await scheduler.call({ type: 'REVIVE', revive: { roles: ['a'] } })
    const third = await scheduler.takeOffer()
    expect(third.allocationInfo?.role).toBe('a')
    expect(offersOf(scheduler)).toHaveLength(3)
  })

  it('loses the offers of a role that it gives up', async () => {
    const scheduler = await start(info)
    await scheduler.call({ type: 'SUPPRESS', suppress: { roles: ['a'] } })
    const offer = await scheduler.takeOffer()
    const role = offer.allocationInfo?.role ?? ''
    const kept = role === 'a' ? 'b/c' : 'a'
    const answer = await scheduler.call({
      type: 'UPDATE_FRAMEWORK',
      updateFramework: {
        frameworkInfo: { ...info, roles: [kept], id: { value: scheduler.frameworkId } },
      },
    })
    expect(answer.status).toBe(200)
    const { rescind } = await scheduler.waitFor(isType('RESCIND'))
    expect(rescind.offerId).toEqual(offer.id)
    expect((await scheduler.takeOffer()).allocationInfo?.role).toBe(kept)
  })

  it('gets an error when it changes its user', async () => {
    const scheduler = await start(info)
    const frameworkInfo = { ...info, user: 'other', id: { value: scheduler.frameworkId } }
    const answer = await scheduler.call({
      type: 'UPDATE_FRAMEWORK',
      updateFramework: { frameworkInfo },
    })
    expect(answer).toMatchObject({ status: 400 })
    expect(answer.body).toContain("Updating 'FrameworkInfo.user' is unsupported")
  })
})

describe('filters', () => {
  it('keep declined resources away until REVIVE', async () => {
    const scheduler = await start()
    await decline(scheduler, await scheduler.takeOffer(), 3600)
    const other = await connectScheduler(cluster.url)
    // The other framework's offer shows that a round did not offer to the first one.
    await decline(other, await other.takeOffer(), 3600)
    expect(offersOf(scheduler)).toHaveLength(1)
    await scheduler.call({ type: 'REVIVE' })
    expect(await scheduler.takeOffer()).toBeDefined()
  })

  it('no longer apply when more becomes free than was declined', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    await scheduler.launch(
      offer,
      commandTask('short', offer, 'until [ -e go ]; do sleep 0.01; done'),
    )
    await scheduler.follow('short', 'TASK_RUNNING')
    await decline(scheduler, await scheduler.takeOffer(), 3600)
    await scheduler.call({ type: 'KILL', kill: { taskId: { value: 'short' } } })
    const whole = await scheduler.takeOffer()
    expect(whole.resources?.find(({ name }) => name === 'cpus')?.scalar?.value).toBe(2)
  })

  it('come with an empty LAUNCH, which declines', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    const launch = { taskInfos: [] }
    await scheduler.accept(offer, [{ type: 'LAUNCH', launch }], 3600)
    const other = await connectScheduler(cluster.url)
    await other.takeOffer()
    expect(offersOf(scheduler)).toHaveLength(1)
  })
})

describe('two frameworks', () => {
  it('share the agents: the one with less gets the next', async () => {
    const first = await start(testFramework, 2)
    const offers = [await first.takeOffer(), await first.takeOffer()]
    const [kept, given] = offers
    if (kept === undefined || given === undefined) throw new Error('two offers expected')
    const second = await connectScheduler(cluster.url)
    await decline(first, given, 0)
    const offer = await second.takeOffer()
    expect(offer.agentId).toEqual(given.agentId)
  })

  it('cannot use each other’s offers', async () => {
    const first = await start()
    const offer = await first.takeOffer()
    const second = await connectScheduler(cluster.url)
    await second.launch(offer, commandTask('theft', offer, 'true'))
    const { message, reason } = await second.waitForUpdate('theft', 'TASK_DROPPED')
    expect(reason).toBe('REASON_INVALID_OFFERS')
    expect(message).toContain(`has invalid framework ${first.frameworkId} while framework`)
  })
})

describe('disconnected framework', () => {
  it('keeps its tasks, is refused calls, and is welcome back', async () => {
    const scheduler = await start({ ...testFramework, failoverTimeout: 60 })
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, commandTask('orphan', offer, 'sleep 100'))
    await scheduler.follow('orphan', 'TASK_RUNNING')
    scheduler.destroy()
    let answer = await scheduler.call({ type: 'REVIVE' })
    while (answer.status === 202) answer = await scheduler.call({ type: 'REVIVE' })
    expect(answer).toMatchObject({ status: 403, body: 'Framework is not subscribed' })
    const id = { value: scheduler.frameworkId }
    const again = await connectScheduler(cluster.url, { ...testFramework, id })
    await again.call({ type: 'RECONCILE', reconcile: {} })
    const { containerStatus } = await again.waitForUpdate('orphan', 'TASK_RUNNING')
    expect(containerStatus?.executorPid).toBeGreaterThan(0)
    const cpus = (await again.takeOffer()).resources?.find(({ name }) => name === 'cpus')
    expect(cpus?.scalar?.value).toBe(1.9)
  })

  it('is removed when its failover timeout is over', async () => {
    const scheduler = await start({ ...testFramework, failoverTimeout: 0 })
    scheduler.destroy()
    let answer = await scheduler.call({ type: 'REVIVE' })
    while (answer.status !== 400) answer = await scheduler.call({ type: 'REVIVE' })
    expect(answer.body).toBe('Framework cannot be found')
    const id = { value: scheduler.frameworkId }
    const stream = await subscribe(
      `${cluster.url}/api/v1/scheduler`,
      schedulerCodec('application/x-protobuf'),
      {
        type: 'SUBSCRIBE',
        frameworkId: id,
        subscribe: { frameworkInfo: { ...testFramework, id } },
      },
    )
    const { error } = await stream.waitFor(isType('ERROR'))
    expect(error.message).toBe('Framework has been removed')
  })

  it('may bring an id that was never given here', async () => {
    await start()
    const id = { value: 'chosen-before' }
    const scheduler = await connectScheduler(cluster.url, { ...testFramework, id })
    expect(scheduler.frameworkId).toBe('chosen-before')
  })
})

describe('operations that are not served', () => {
  it('end in OPERATION_ERROR when they ask for feedback', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    const reserve = { resources: [] }
    await scheduler.accept(offer, [
      { type: 'RESERVE', reserve },
      { type: 'RESERVE', id: { value: 'op' }, reserve },
    ])
    const event = await scheduler.waitFor(isType('UPDATE_OPERATION_STATUS'))
    const { operationId, state } = event.updateOperationStatus.status
    expect([operationId?.value, state]).toEqual(['op', 'OPERATION_ERROR'])
    expect(scheduler.events.filter(isType('UPDATE_OPERATION_STATUS'))).toHaveLength(1)
  })
})

describe('executorEnvironment', () => {
  it('is made per agent and yields to the framework', async () => {
    cluster = await startLocalCluster({
      open: true,
      agents: 1,
      executorEnvironment: ({ hostname }) => ({ PLACE: hostname, PATH: '/bin', OWN: 'cluster' }),
    })
    const scheduler = await connectScheduler(cluster.url)
    const offer = await scheduler.takeOffer()
    const variables = [{ name: 'OWN', value: 'task' }]
    await scheduler.launch(offer, {
      ...commandTask('env', offer, ''),
      command: { value: 'echo $PLACE $OWN $PATH', environment: { variables } },
    })
    await scheduler.follow('env', 'TASK_FINISHED')
    const [agent] = cluster.agents
    const log = `${agent?.workDir}/slaves/${agent?.id}/frameworks/${scheduler.frameworkId}/executors/env/runs/latest/stdout`
    expect(await readFile(log, 'utf8')).toBe('agent-1 task /bin\n')
  })
})
