import { readFile, writeFile } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../src/local/cluster.ts'
import type { LocalClusterOptions } from '../../../src/local/options/cluster-options.ts'
import { executorCodec } from '../../../src/mesos/codec.ts'
import type {
  ExecutorCallSubscribe,
  ExecutorEvent,
  FrameworkInfo,
  Offer,
  TaskInfo,
} from '../../../src/mesos/types.generated.ts'
import {
  ask,
  commandTask,
  connectScheduler,
  isEvent,
  isType,
  readWhenThere,
  small,
  subscribe,
  testFramework,
} from '../support/client.ts'
import type { Scheduler, Stream } from '../support/client.ts'

let cluster: LocalCluster

afterEach(() => cluster.close())

async function start(
  options: LocalClusterOptions = {},
  framework: FrameworkInfo = testFramework,
): Promise<Scheduler> {
  cluster = await startLocalCluster({
    open: true,
    allocationIntervalMs: 20,
    shutdownGraceMs: 100,
    agentBackoffMs: 0,
    executorReregistrationTimeoutMs: 300,
    ...options,
  })
  return connectScheduler(cluster.url, framework)
}

function sandboxOf(scheduler: Scheduler, executorId: string): string {
  const [agent] = cluster.agents
  return `${agent?.workDir}/slaves/${agent?.id}/frameworks/${scheduler.frameworkId}/executors/${executorId}/runs/latest`
}

function executorTask(id: string, offer: Offer, command = 'touch there; exec sleep 100'): TaskInfo {
  const { command: _command, ...task } = commandTask(id, offer, '')
  return {
    ...task,
    executor: {
      type: 'CUSTOM',
      executorId: { value: 'ex' },
      resources: small,
      command: { value: command },
    },
  }
}

const codec = executorCodec('application/json')

/** Makes the calls of the executor `ex`, whose process only sleeps. */
async function attach(
  scheduler: Scheduler,
  unacknowledged: ExecutorCallSubscribe = {},
): Promise<Stream<ExecutorEvent>> {
  return subscribe(`${cluster.agents[0]?.url}/api/v1/executor`, codec, {
    frameworkId: { value: scheduler.frameworkId },
    executorId: { value: 'ex' },
    type: 'SUBSCRIBE',
    subscribe: unacknowledged,
  })
}

/** Launches a task on `ex`, which receives it. */
async function launchOnExecutor(scheduler: Scheduler): Promise<Stream<ExecutorEvent>> {
  const offer = await scheduler.takeOffer()
  await scheduler.launch(offer, executorTask('task', offer))
  await readWhenThere(`${sandboxOf(scheduler, 'ex')}/there`)
  const executor = await attach(scheduler)
  await executor.waitFor(isEvent('LAUNCH'))
  return executor
}

async function restartUnder(executor: Stream<ExecutorEvent>): Promise<void> {
  await cluster.control.killAgent('agent-1')
  await executor.ended
  await cluster.control.startAgent('agent-1')
}

function updateOf(state: 'TASK_RUNNING' | 'TASK_FINISHED', uuid: string) {
  return {
    status: {
      taskId: { value: 'task' },
      state,
      source: 'SOURCE_EXECUTOR' as const,
      uuid,
      timestamp: 1,
    },
  }
}

const updateUuid = 'AAAAAAAAQAAAAAAAAAAAAA=='

describe('an agent that is restarted', () => {
  it('handles unacknowledged updates of its executor', async () => {
    const scheduler = await start({ executorReregistrationTimeoutMs: 2000 })
    const executor = await launchOnExecutor(scheduler)
    const { launch } = await executor.waitFor(isEvent('LAUNCH'))
    await restartUnder(executor)
    const again = await attach(scheduler, {
      unacknowledgedTasks: [launch.task],
      unacknowledgedUpdates: [updateOf('TASK_RUNNING', updateUuid)],
    })
    await again.waitFor(isEvent('SUBSCRIBED'))
    const { uuid } = await scheduler.follow('task', 'TASK_RUNNING')
    expect(uuid).toBe(updateUuid)
    expect(again.events.filter(isEvent('LAUNCH'))).toEqual([])
    expect(again.events.find(isEvent('ACKNOWLEDGED'))?.acknowledged.uuid).toBe(updateUuid)
  })

  it('drops a task that its executor did not receive', async () => {
    const scheduler = await start({ executorReregistrationTimeoutMs: 2000 })
    const executor = await launchOnExecutor(scheduler)
    await restartUnder(executor)
    await attach(scheduler)
    const status = await scheduler.follow('task', 'TASK_DROPPED')
    expect(status).toMatchObject({
      source: 'SOURCE_AGENT',
      reason: 'REASON_AGENT_RESTARTED',
      message: 'Task launched during agent restart',
    })
  })

  it('answers 503 to other calls of executors until it has recovered', async () => {
    const scheduler = await start({ executorReregistrationTimeoutMs: 1000 })
    const executor = await launchOnExecutor(scheduler)
    await restartUnder(executor)
    const answer = await ask(`${cluster.agents[0]?.url}/api/v1/executor`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: codec.encodeCall({
        frameworkId: { value: scheduler.frameworkId },
        executorId: { value: 'ex' },
        type: 'MESSAGE',
        message: { data: '' },
      }),
    })
    expect(answer).toMatchObject({ status: 503, body: 'Agent has not finished recovery' })
  })

  it('ends executors that do not come back', async () => {
    const scheduler = await start()
    const executor = await launchOnExecutor(scheduler)
    await restartUnder(executor)
    const status = await scheduler.follow('task', 'TASK_GONE')
    expect(status).toMatchObject({
      reason: 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT',
      message: 'Executor did not reregister within 300ms',
    })
    const { failure } = await scheduler.waitFor(isType('FAILURE'))
    expect(failure).toMatchObject({ executorId: { value: 'ex' }, status: 9 })
  })

  it('reports executors that ended meanwhile', async () => {
    // On a busy machine the exit may be noticed late.
    const scheduler = await start({ executorReregistrationTimeoutMs: 5000 })
    const offer = await scheduler.takeOffer()
    await scheduler.launch(
      offer,
      executorTask(
        'task',
        offer,
        'touch there; while [ ! -e go ]; do sleep 0.01; done; touch gone',
      ),
    )
    await readWhenThere(`${sandboxOf(scheduler, 'ex')}/there`)
    await cluster.control.killAgent('agent-1')
    await writeFile(`${sandboxOf(scheduler, 'ex')}/go`, '')
    await readWhenThere(`${sandboxOf(scheduler, 'ex')}/gone`)
    await cluster.control.startAgent('agent-1')
    const { reason } = await scheduler.follow('task', 'TASK_FAILED')
    expect(reason).toBe('REASON_EXECUTOR_TERMINATED')
  })

  it('sends unacknowledged updates again, with the same uuid', async () => {
    const scheduler = await start({ updateRetryMs: 60_000 })
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, commandTask('quick', offer, 'true'))
    const first = await scheduler.waitForUpdate('quick', 'TASK_STARTING')
    const seen = scheduler.events.length
    await cluster.control.restartAgent('agent-1')
    const second = await scheduler.waitFor(isType('UPDATE'), seen)
    expect(second.update.status.uuid).toBe(first.uuid)
    await scheduler.follow('quick', 'TASK_FINISHED')
  })

  it('ends executors of a framework that does not checkpoint', async () => {
    const framework: FrameworkInfo = { ...testFramework, checkpoint: false }
    const scheduler = await start({}, framework)
    const offer = await scheduler.takeOffer()
    await scheduler.launch(
      offer,
      { ...executorTask('custom', offer), taskId: { value: 'custom' } },
      commandTask('command', offer, 'echo $$ > pid.part; mv pid.part pid; exec sleep 100'),
    )
    await scheduler.follow('command', 'TASK_RUNNING')
    const pid = Number(await readWhenThere(`${sandboxOf(scheduler, 'command')}/pid`))
    await readWhenThere(`${sandboxOf(scheduler, 'ex')}/there`)
    await cluster.control.killAgent('agent-1')
    for (const taskId of ['custom', 'command']) {
      const status = await scheduler.follow(taskId, 'TASK_LOST')
      expect(status).toMatchObject({
        source: 'SOURCE_MASTER',
        reason: 'REASON_AGENT_DISCONNECTED',
        message: 'Agent agent-1 disconnected',
      })
    }
    await cluster.control.startAgent('agent-1')
    while (await isAlive(pid)) await new Promise(setImmediate)
    const { resources = [] } = await takeWhole(scheduler)
    expect(resources.find(({ name }) => name === 'cpus')?.scalar?.value).toBe(2)
  })

  it('reports tasks that it did not receive', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    await cluster.control.cutAgent('agent-1')
    await scheduler.launch(offer, commandTask('lost', offer, 'sleep 100'))
    // Messages in flight are lost with the connection, and the agent registers again.
    await cluster.control.killAgent('agent-1')
    await cluster.control.healAgent('agent-1')
    await cluster.control.startAgent('agent-1')
    const status = await scheduler.follow('lost', 'TASK_DROPPED')
    expect(status).toMatchObject({
      source: 'SOURCE_AGENT',
      reason: 'REASON_RECONCILIATION',
      message: 'Reconciliation: task unknown to the agent',
    })
  })
})

describe('an agent that does not answer', () => {
  const ping = { agentPingTimeoutMs: 40, maxAgentPingTimeouts: 2 }

  it('loses the tasks of a framework that is not partition-aware', async () => {
    const { capabilities: _capabilities, roles: _roles, ...plain } = testFramework
    const scheduler = await start(ping, plain)
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, commandTask('task', offer, 'sleep 100'))
    await scheduler.follow('task', 'TASK_RUNNING')
    await cluster.control.cutAgent('agent-1')
    const status = await scheduler.waitForUpdate('task', 'TASK_LOST')
    expect(status).toMatchObject({ reason: 'REASON_AGENT_REMOVED', source: 'SOURCE_MASTER' })
    expect(status.uuid).toBeUndefined()
    await scheduler.waitFor(isType('FAILURE'))
  })

  it('gets a kill when it is back', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, commandTask('task', offer, 'sleep 100'))
    await scheduler.follow('task', 'TASK_RUNNING')
    await cluster.control.killAgent('agent-1')
    await scheduler.call({ type: 'KILL', kill: { taskId: { value: 'task' } } })
    await cluster.control.startAgent('agent-1')
    await scheduler.follow('task', 'TASK_KILLED')
  })

  it('is kept if it comes back in time', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, commandTask('task', offer, 'sleep 100'))
    await scheduler.follow('task', 'TASK_RUNNING')
    const second = await scheduler.takeOffer()
    await cluster.control.killAgent('agent-1')
    const { rescind } = await scheduler.waitFor(isType('RESCIND'))
    expect(rescind.offerId).toEqual(second.id)
    await cluster.control.startAgent('agent-1')
    const third = await scheduler.takeOffer()
    expect(third.agentId).toEqual(second.agentId)
    await scheduler.call({ type: 'RECONCILE', reconcile: { tasks: [] } })
    await scheduler.waitFor(
      (event): event is Extract<typeof event, { type: 'UPDATE' }> =>
        event.type === 'UPDATE' && event.update.status.reason === 'REASON_RECONCILIATION',
    )
    expect(scheduler.events.some(isType('FAILURE'))).toBe(false)
  })
})

describe('an agent that is marked gone', () => {
  it('ends with its tasks', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, commandTask('task', offer, 'sleep 100'))
    await scheduler.follow('task', 'TASK_RUNNING')
    await cluster.control.markAgentGone('agent-1')
    const status = await scheduler.waitForUpdate('task', 'TASK_GONE_BY_OPERATOR')
    expect(status).toMatchObject({
      reason: 'REASON_AGENT_REMOVED_BY_OPERATOR',
      message: 'Agent has been marked gone',
    })
    while (cluster.control.status().agents[0]?.state !== 'stopped') {
      await new Promise(setImmediate)
    }
    const tasks = [{ taskId: { value: 'task' }, agentId: offer.agentId }]
    await scheduler.call({ type: 'RECONCILE', reconcile: { tasks } })
    await scheduler.waitFor(
      (event): event is Extract<typeof event, { type: 'UPDATE' }> =>
        event.type === 'UPDATE' && event.update.status.message === 'Reconciliation: Task is gone',
    )
    await expect(cluster.control.markAgentGone('agent-1')).rejects.toMatchObject({
      code: 'COMMAND_REFUSED',
    })
  })
})

describe('an agent whose disk is full', () => {
  it('fetches and starts nothing until there is space', async () => {
    const scheduler = await start()
    await cluster.control.fillDisk('agent-1')
    const offer = await scheduler.takeOffer()
    const fetching = commandTask('fetching', offer, 'true')
    const uris = [{ value: '/etc/hostname', extract: false }]
    await scheduler.launch(
      offer,
      { ...fetching, command: { value: 'true', uris } },
      commandTask('plain', offer, 'true'),
    )
    const fetched = await scheduler.follow('fetching', 'TASK_FAILED')
    expect(fetched.reason).toBe('REASON_CONTAINER_LAUNCH_FAILED')
    expect(fetched.message).toContain('Failed to fetch all URIs')
    const plain = await scheduler.follow('plain', 'TASK_FAILED')
    expect(plain.message).toContain('No space left on device')
    await cluster.control.freeDisk('agent-1')
    const next = await scheduler.takeOffer()
    await scheduler.launch(next, commandTask('later', next, 'true'))
    await scheduler.follow('later', 'TASK_FINISHED')
  })
})

async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat !== '' && !/\) [ZX] /u.test(stat)
}

/** Declines until one offer has all resources. */
async function takeWhole(scheduler: Scheduler): Promise<Offer> {
  for (;;) {
    const offer = await scheduler.takeOffer()
    const cpus = offer.resources?.find(({ name }) => name === 'cpus')?.scalar?.value
    if (cpus === 2) return offer
    await scheduler.accept(offer, [])
  }
}
