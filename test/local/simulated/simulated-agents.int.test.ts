import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../src/local/cluster.ts'
import type { ExecutorInfo, Offer, TaskInfo } from '../../../src/mesos/types.generated.ts'
import { commandTask, connectScheduler, isType, scalar, small } from '../support/client.ts'
import type { Scheduler } from '../support/client.ts'

let cluster: LocalCluster
let scheduler: Scheduler

beforeEach(async () => {
  cluster = await startLocalCluster({
    open: true,
    simulatedAgents: 20,
    allocationIntervalMs: 50,
    simulatedTaskMs: 5,
    updateRetryMs: 20,
  })
  scheduler = await connectScheduler(cluster.url)
})

afterEach(() => cluster.close())

/** A task with simulated duration and end. */
function simulated(id: string, offer: Offer, labels: Readonly<Record<string, string>>): TaskInfo {
  const listed = Object.entries(labels).map(([key, value]) => ({ key, value }))
  return { ...commandTask(id, offer, 'unused'), labels: { labels: listed } }
}

const forever = { 'simulated-ms': '3600000' }

const groupExecutor: ExecutorInfo = {
  type: 'DEFAULT',
  executorId: { value: 'group' },
  resources: [...small, scalar('disk', 1)],
}

describe('SimulatedAgent', () => {
  it('offers what each of many agents has', async () => {
    const { offers } = await scheduler.waitFor(isType('OFFERS'))
    expect(new Set(offers.offers?.map(({ agentId }) => agentId.value)).size).toBe(20)
    expect(cluster.agents).toEqual([])
  })

  it('runs tasks through their states, to the end that a label names', async () => {
    const offer = await scheduler.takeOffer()
    const failing = simulated('fails', offer, { 'simulated-state': 'TASK_FAILED' })
    await scheduler.launch(offer, commandTask('ends', offer, 'unused'), failing)
    await scheduler.follow('ends', 'TASK_FINISHED')
    await scheduler.follow('fails', 'TASK_FAILED')
    const states = scheduler.events
      .filter(isType('UPDATE'))
      .map(({ update }) => update.status)
      .filter(({ taskId }) => taskId.value === 'ends')
      .map(({ state }) => state)
    expect([...new Set(states)]).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED'])
  })

  it('repeats an update until it is acknowledged, and sends no later one before', async () => {
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, commandTask('t', offer, 'unused'))
    const first = await scheduler.waitForUpdate('t', 'TASK_STARTING')
    const at = scheduler.events.findIndex((event) => event.type === 'UPDATE')
    const again = await scheduler.waitFor(isType('UPDATE'), at + 1)
    expect(again.update.status.uuid).toBe(first.uuid)
    await scheduler.follow('t', 'TASK_FINISHED')
  })

  it('kills a task, and reports a running one in a reconciliation', async () => {
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, simulated('t', offer, forever))
    await scheduler.follow('t', 'TASK_RUNNING')
    const before = scheduler.events.length
    await scheduler.call({ type: 'RECONCILE', reconcile: {} })
    const { update } = await scheduler.waitFor(isType('UPDATE'), before)
    expect(update.status).toMatchObject({
      state: 'TASK_RUNNING',
      reason: 'REASON_RECONCILIATION',
    })
    await scheduler.call({ type: 'KILL', kill: { taskId: { value: 't' } } })
    await scheduler.follow('t', 'TASK_KILLED')
  })

  it('ends a whole group with the first of it that fails', async () => {
    const offer = await scheduler.takeOffer()
    const tasks = [
      simulated('a', offer, forever),
      simulated('b', offer, { 'simulated-state': 'TASK_FAILED' }),
    ].map(({ executor: _none, ...task }) => task)
    const executor = { ...groupExecutor, frameworkId: { value: scheduler.frameworkId } }
    await scheduler.accept(offer, [
      { type: 'LAUNCH_GROUP', launchGroup: { executor, taskGroup: { tasks } } },
    ])
    await scheduler.follow('b', 'TASK_FAILED')
    await scheduler.follow('a', 'TASK_KILLED')
    const { failure } = await scheduler.waitFor(isType('FAILURE'))
    expect(failure).toMatchObject({ executorId: { value: 'group' }, status: 0 })
  })

  it('keeps a custom executor until it is shut down, with its tasks', async () => {
    const offer = await scheduler.takeOffer()
    const executor: ExecutorInfo = {
      type: 'CUSTOM',
      executorId: { value: 'own' },
      command: { value: 'unused' },
      resources: small,
    }
    const { command: _none, ...task } = simulated('t', offer, forever)
    await scheduler.launch(offer, { ...task, executor })
    await scheduler.follow('t', 'TASK_RUNNING')
    const { agentId } = offer
    await scheduler.call({ type: 'SHUTDOWN', shutdown: { agentId, executorId: { value: 'own' } } })
    const status = await scheduler.follow('t', 'TASK_FAILED')
    expect(status).toMatchObject({ reason: 'REASON_EXECUTOR_TERMINATED', source: 'SOURCE_AGENT' })
    await scheduler.waitFor(isType('FAILURE'))
  })

  it('ends everything of a framework that is torn down', async () => {
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, simulated('t', offer, forever))
    await scheduler.follow('t', 'TASK_RUNNING')
    await scheduler.call({ type: 'TEARDOWN' })
    const next = await connectScheduler(cluster.url)
    const { offers } = await next.waitFor(isType('OFFERS'))
    const cpus = offers.offers?.map(
      ({ resources }) => resources?.find(({ name }) => name === 'cpus')?.scalar?.value,
    )
    expect(cpus).toEqual(Array.from({ length: 20 }, () => 2))
  })
})

describe('startLocalCluster', () => {
  it('refuses more simulated agents than it can be held to', async () => {
    await expect(startLocalCluster({ simulatedAgents: 10_001 })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    })
  })
})
