import { readdir, readFile } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import type { LocalClusterOptions } from '../../src/local/options/cluster-options.ts'
import type {
  ExecutorInfo,
  Offer,
  SchedulerEvent,
  TaskInfo,
} from '../../src/mesos/types.generated.ts'
import {
  commandTask,
  connectScheduler,
  isType,
  readWhenThere,
  scalar,
  small,
} from './support/client.ts'
import type { Scheduler } from './support/client.ts'
import { until } from '../support/until.ts'

let cluster: LocalCluster

afterEach(() => cluster.close())

async function start(options: LocalClusterOptions = {}): Promise<Scheduler> {
  cluster = await startLocalCluster({
    open: true,
    allocationIntervalMs: 20,
    shutdownGraceMs: 100,
    ...options,
  })
  return connectScheduler(cluster.url)
}

function executorTask(id: string, offer: Offer, executorId: string, command: string): TaskInfo {
  const executor: ExecutorInfo = {
    type: 'CUSTOM',
    executorId: { value: executorId },
    resources: [scalar('cpus', 0.1), scalar('mem', 32)],
    command: { value: command },
  }
  const { command: _command, ...task } = commandTask(id, offer, '')
  return { ...task, executor }
}

interface RecordedEvent {
  readonly type: string
  readonly failure?: Readonly<Record<string, unknown>>
  readonly update?: { readonly status: Readonly<Record<string, unknown>> }
}

const fixture = new URL('../fixtures/local/executor-faults.json', import.meta.url)
const entries = JSON.parse(await readFile(fixture, 'utf8')) as readonly { event?: RecordedEvent }[]
const recorded = entries.flatMap(({ event }) => event ?? [])

function recordedStatus(taskId: string, state: string): Readonly<Record<string, unknown>> {
  const match = recorded.find(({ update }) => {
    const { state: of, task_id: id } = update?.status ?? {}
    return of === state && (id as { value?: string } | undefined)?.value === taskId
  })
  return match?.update?.status ?? {}
}

function cpusOf({ resources = [] }: Pick<Offer, 'resources'>): number {
  return resources.find(({ name }) => name === 'cpus')?.scalar?.value ?? 0
}

function failuresOf({ events }: Scheduler): unknown[] {
  return events.filter(isType('FAILURE')).map(({ failure }) => failure.status)
}

function sandboxOf(scheduler: Scheduler, executorId: string): string {
  const [agent] = cluster.agents
  return `${agent?.workDir}/slaves/${agent?.id}/frameworks/${scheduler.frameworkId}/executors/${executorId}/runs/latest`
}

/** The pids of processes of this cluster, found by their environment. */
async function processesOf(workDir: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name))
  const owned = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
      return environment.includes(`MESOS_SANDBOX=${workDir}`)
    }),
  )
  return pids.filter((_pid, index) => owned[index])
}

describe('executor faults', () => {
  it('fails the tasks of an executor that never registers', async () => {
    const scheduler = await start({ executorRegistrationTimeoutMs: 300 })
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, executorTask('never-registers', offer, 'ex-silent', 'sleep 100'))
    const { message, reason, source } = await scheduler.follow('never-registers', 'TASK_FAILED')
    const { message: said, ...rest } = recordedStatus('never-registers', 'TASK_FAILED')
    expect({ reason, source }).toEqual({ reason: rest['reason'], source: rest['source'] })
    expect(message).toBe(String(said).replace('3secs', '300ms'))
    expect(failuresOf(scheduler)).toEqual([9])
  })

  it('sends FAILURE with the wait status before the updates of its tasks', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, executorTask('exits', offer, 'ex-exit', 'exit 7'))
    const { containerStatus, message, reason } = await scheduler.follow('exits', 'TASK_FAILED')
    const status = recordedStatus('exits', 'TASK_FAILED')
    expect({ message, reason }).toEqual({ message: status['message'], reason: status['reason'] })
    expect(containerStatus).toBeUndefined()
    expect(failuresOf(scheduler)).toEqual([1792])
    const types = scheduler.events.map(({ type }) => type)
    expect(types.indexOf('FAILURE')).toBeLessThan(types.indexOf('UPDATE'))
  })

  it('refuses another command under the same executor id, in the recorded words', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    await scheduler.launch(
      offer,
      executorTask('same-id-1', offer, 'ex-same', 'sleep 100'),
      executorTask('same-id-2', offer, 'ex-same', 'sleep 101'),
    )
    const { message = '', reason } = await scheduler.waitForUpdate('same-id-2', 'TASK_ERROR')
    const status = recordedStatus('same-id-2', 'TASK_ERROR')
    const id = /[0-9a-f-]{36}-0000/gu
    expect(message.replaceAll(id, 'ID')).toBe(String(status['message']).replaceAll(id, 'ID'))
    expect(reason).toBe(status['reason'])
  })

  it('recovers resources of an executor with unacknowledged updates', async () => {
    const scheduler = await start({ updateRetryMs: 60_000 })
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, executorTask('first', offer, 'ex', 'exit 0'))
    await scheduler.waitForUpdate('first', 'TASK_FAILED')
    const next = await scheduler.takeOffer()
    await scheduler.launch(next, executorTask('second', next, 'ex', 'exit 0'))
    const { message } = await scheduler.follow('second', 'TASK_DROPPED')
    expect(message).toBe('Executor terminated')
    let last = await scheduler.takeOffer()
    while (cpusOf(last) < 2) {
      await scheduler.accept(last, [])
      last = await scheduler.takeOffer()
    }
    expect(last.executorIds).toBeUndefined()
  })

  it('refuses a task id that is in use', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, commandTask('dup', offer, 'sleep 100'))
    await scheduler.follow('dup', 'TASK_RUNNING')
    const again = await scheduler.takeOffer()
    await scheduler.launch(again, commandTask('dup', again, 'true'))
    const { message } = await scheduler.waitForUpdate('dup', 'TASK_ERROR')
    expect(message).toBe(recordedStatus('dup', 'TASK_ERROR')['message'])
  })
})

describe('status updates', () => {
  it('are sent again until they are acknowledged', async () => {
    const scheduler = await start({ updateRetryMs: 40 })
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, commandTask('r-1', offer, 'true'))
    const isUpdate = isType('UPDATE')
    await scheduler.waitFor(
      (_event): _event is SchedulerEvent => scheduler.events.filter(isUpdate).length === 4,
    )
    const statuses = scheduler.events.filter(isUpdate).map(({ update }) => update.status)
    expect(new Set(statuses.map(({ uuid }) => uuid)).size).toBe(1)
    expect(new Set(statuses.map(({ state }) => state))).toEqual(new Set(['TASK_STARTING']))
    await scheduler.follow('r-1', 'TASK_FINISHED')
  })

  it('are sent at once to a framework that comes back', async () => {
    const scheduler = await start({ updateRetryMs: 60_000 })
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, commandTask('back', offer, 'true'))
    const first = await scheduler.waitForUpdate('back', 'TASK_STARTING')
    const again = await connectScheduler(cluster.url, {
      user: 'root',
      name: 'test',
      failoverTimeout: 60,
      id: { value: scheduler.frameworkId },
    })
    const second = await again.waitForUpdate('back', 'TASK_STARTING')
    expect(second.uuid).toBe(first.uuid)
    await again.follow('back', 'TASK_FINISHED')
  })

  it('recover the resources of a finished task before its acknowledgement', async () => {
    const scheduler = await start({ updateRetryMs: 50 })
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, commandTask('free', offer, 'true'))
    let next = await scheduler.takeOffer()
    while (cpusOf(next) < 2) {
      await scheduler.accept(next, [])
      next = await scheduler.takeOffer()
    }
    expect(scheduler.events.filter(isType('UPDATE')).length).toBeGreaterThan(0)
  })
})

describe('kill', () => {
  it('sends SIGKILL after the grace period to a task that ignores SIGTERM', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    const stubborn = 'trap "echo no" TERM; touch ready; while true; do sleep 0.05; done'
    await scheduler.launch(offer, {
      ...commandTask('stubborn', offer, stubborn),
      killPolicy: { gracePeriod: { nanoseconds: 200e6 } },
    })
    await scheduler.follow('stubborn', 'TASK_RUNNING')
    await readWhenThere(`${sandboxOf(scheduler, 'stubborn')}/ready`)
    await scheduler.call({ type: 'KILL', kill: { taskId: { value: 'stubborn' } } })
    const { message } = await scheduler.follow('stubborn', 'TASK_KILLED')
    expect(message).toBe('Command terminated with signal Killed')
    expect(await readFile(`${sandboxOf(scheduler, 'stubborn')}/stdout`, 'utf8')).toBe('no\n')
  })

  it('reaches a queued task', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, executorTask('queued', offer, 'ex', 'sleep 100'))
    await scheduler.call({ type: 'KILL', kill: { taskId: { value: 'queued' } } })
    const { message, reason, uuid } = await scheduler.follow('queued', 'TASK_KILLED')
    expect(reason).toBe('REASON_TASK_KILLED_DURING_LAUNCH')
    expect(message).toBe('Killed before delivery to the executor')
    expect(uuid).toBeDefined()
  })

  it('answers for an unknown task as RECONCILE does', async () => {
    const scheduler = await start()
    await scheduler.call({ type: 'KILL', kill: { taskId: { value: 'never' } } })
    const { reason, uuid } = await scheduler.waitForUpdate('never', 'TASK_UNKNOWN')
    expect(reason).toBe('REASON_RECONCILIATION')
    expect(uuid).toBeUndefined()
  })

  it('waits for a grace longer than timers can be', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    const patient =
      'trap "sleep 0.2; echo bye; exit 0" TERM; touch ready; while true; do sleep 0.05; done'
    await scheduler.launch(offer, {
      ...commandTask('patient', offer, patient),
      killPolicy: { gracePeriod: { nanoseconds: '9000000000000000000' } },
      maxCompletionTime: { nanoseconds: '9000000000000000000' },
    })
    await scheduler.follow('patient', 'TASK_RUNNING')
    await readWhenThere(`${sandboxOf(scheduler, 'patient')}/ready`)
    await scheduler.call({ type: 'KILL', kill: { taskId: { value: 'patient' } } })
    const { message } = await scheduler.follow('patient', 'TASK_KILLED')
    expect(message).toBe('Command exited with status 0')
  })

  it('ends a task at its maximum completion time', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, {
      ...commandTask('late', offer, 'sleep 100'),
      maxCompletionTime: { nanoseconds: 100e6 },
    })
    const { reason } = await scheduler.follow('late', 'TASK_FAILED')
    expect(reason).toBe('REASON_MAX_COMPLETION_TIME_REACHED')
  })

  it('of one task in a group ends the others', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    const executor: ExecutorInfo = {
      type: 'DEFAULT',
      executorId: { value: 'group' },
      frameworkId: { value: scheduler.frameworkId },
      resources: [...small, scalar('disk', 10)],
    }
    const tasks = ['a', 'b'].map((id) => commandTask(id, offer, 'sleep 100'))
    const launchGroup = { executor, taskGroup: { tasks } }
    await scheduler.accept(offer, [{ type: 'LAUNCH_GROUP', launchGroup }])
    await scheduler.follow('a', 'TASK_RUNNING')
    await scheduler.follow('b', 'TASK_RUNNING')
    await scheduler.call({ type: 'KILL', kill: { taskId: { value: 'a' } } })
    await scheduler.follow('a', 'TASK_KILLED')
    await scheduler.follow('b', 'TASK_KILLED')
    await scheduler.waitFor(isType('FAILURE'))
    expect(failuresOf(scheduler)).toEqual([0])
  })
})

describe('close', () => {
  const daemon = '(setsid sh -c "touch daemon; exec sleep 300" &) ; sleep 300'

  it('leaves no process behind, not even one that left its session', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    await scheduler.launch(
      offer,
      commandTask('daemon', offer, daemon),
      executorTask('deaf', offer, 'ex', `trap "" TERM; ${daemon}`),
    )
    await scheduler.follow('daemon', 'TASK_RUNNING')
    await readWhenThere(`${sandboxOf(scheduler, 'daemon')}/daemon`)
    await readWhenThere(`${sandboxOf(scheduler, 'ex')}/daemon`)
    expect((await processesOf(cluster.workDir)).length).toBeGreaterThanOrEqual(4)
    await cluster.close()
    expect(await processesOf(cluster.workDir)).toEqual([])
    await expect(readdir(cluster.workDir)).rejects.toThrow('ENOENT')
  })

  it('is the same as TEARDOWN for tasks that a framework left running', async () => {
    const scheduler = await start()
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, commandTask('daemon', offer, daemon))
    await scheduler.follow('daemon', 'TASK_RUNNING')
    await scheduler.call({ type: 'TEARDOWN' })
    await scheduler.ended
    const isGone = async () => (await processesOf(cluster.workDir)).length === 0
    await until('the end of all processes of the cluster', isGone)
    const next = await connectScheduler(cluster.url)
    const { resources = [] } = await next.takeOffer()
    expect(cpusOf({ resources })).toBe(2)
  })
})
