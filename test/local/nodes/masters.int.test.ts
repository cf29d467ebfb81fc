import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../src/local/cluster.ts'
import type { LocalClusterOptions } from '../../../src/local/options/cluster-options.ts'
import { ask, commandTask, connectScheduler, isType, testFramework } from '../support/client.ts'
import type { Scheduler } from '../support/client.ts'
import { createCorrespondence } from '../support/unify-recorded.ts'

let cluster: LocalCluster

afterEach(() => cluster.close())

async function start(options: LocalClusterOptions = {}): Promise<void> {
  cluster = await startLocalCluster({
    open: true,
    allocationIntervalMs: 20,
    agentBackoffMs: 0,
    masters: 2,
    ...options,
  })
}

function urlOf(index: number): string {
  return cluster.masters[index]?.url ?? ''
}

function hostOf(index: number): string {
  return new URL(urlOf(index)).host
}

function post(index: number, path: string) {
  return ask(urlOf(index) + path, { method: 'POST' })
}

/** The same framework, with any leader. */
function connectAgain({ frameworkId }: Scheduler): Promise<Scheduler> {
  return connectScheduler(cluster.url, { ...testFramework, id: { value: frameworkId } })
}

describe('several masters', () => {
  it('redirect to the leader, in the recorded form', async () => {
    await start()
    const asked = await post(1, '/api/v1/scheduler')
    expect(asked.status).toBe(307)
    expect(asked.headers.location).toBe(`//${hostOf(0)}/master/api/v1/scheduler`)
    const redirect = await ask(`${urlOf(1)}/redirect`)
    expect(redirect).toMatchObject({ status: 307 })
    expect(redirect.headers.location).toBe(`//${hostOf(0)}`)
    const state = await ask(`${urlOf(1)}/master/state?x=1`)
    expect(state.headers.location).toBe(`//${hostOf(0)}/master/state?x=1`)
    expect((await ask(`${urlOf(1)}/version`)).status).toBe(200)
  })

  it('describe themselves as masters do in ZooKeeper', async () => {
    await start()
    const file = new URL('../../fixtures/mesos/zookeeper-leader.json', import.meta.url)
    const nodes = JSON.parse(await readFile(file, 'utf8')) as Record<string, string>
    const scheduler = await connectScheduler(cluster.url)
    const { subscribed } = await scheduler.waitFor(isType('SUBSCRIBED'))
    const body = (await ask(`${cluster.url}/state`)).body
    const { pid } = JSON.parse(body) as { pid: string }
    expect(subscribed.masterInfo?.pid).toBe(pid)
    const recorded: unknown = JSON.parse(nodes['json.info_0000000001'] ?? '')
    expect(createCorrespondence().unify(recorded, subscribed.masterInfo)).toEqual([])
  })

  it('answer 503 without a leader', async () => {
    await start()
    await cluster.control.resign()
    for (const index of [0, 1]) {
      expect(await post(index, '/api/v1/scheduler')).toMatchObject({
        status: 503,
        body: 'No leader elected',
      })
      expect((await ask(`${urlOf(index)}/redirect`)).status).toBe(503)
    }
    await cluster.control.leadMaster('master-1')
    expect((await post(0, '/api/v1/scheduler')).status).toBe(307)
    expect(cluster.url).toBe(urlOf(1))
  })

  it('pass tasks on when leadership moves, while they run', async () => {
    await start()
    const scheduler = await connectScheduler(cluster.url)
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, commandTask('moved', offer, 'sleep 100'))
    const running = await scheduler.follow('moved', 'TASK_RUNNING')
    await cluster.control.leadMaster('master-1')
    await scheduler.ended
    expect(cluster.url).toBe(urlOf(1))
    const again = await connectAgain(scheduler)
    const next = await again.takeOffer()
    expect(next.agentId).toEqual(running.agentId)
    await again.call({ type: 'RECONCILE', reconcile: { tasks: [] } })
    const { reason } = await again.waitForUpdate('moved', 'TASK_RUNNING')
    expect(reason).toBe('REASON_RECONCILIATION')
    await again.call({ type: 'KILL', kill: { taskId: { value: 'moved' } } })
    await again.follow('moved', 'TASK_KILLED')
  })

  it('elect the next when the leader is killed, and send unacknowledged updates again', async () => {
    await start({ updateRetryMs: 60_000 })
    const scheduler = await connectScheduler(cluster.url)
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, commandTask('quick', offer, 'true'))
    const first = await scheduler.waitForUpdate('quick', 'TASK_STARTING')
    await cluster.control.killMaster('master-0')
    await scheduler.ended
    const again = await connectAgain(scheduler)
    const second = await again.waitForUpdate('quick', 'TASK_STARTING')
    expect(second.uuid).toBe(first.uuid)
    await again.follow('quick', 'TASK_FINISHED')
    expect(await cluster.control.startMaster('master-0')).toMatchObject({ state: 'following' })
  })
})
