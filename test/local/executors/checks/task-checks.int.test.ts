import { once } from 'node:events'
import { existsSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../../src/local/cluster.ts'
import type {
  ExecutorInfo,
  HealthCheck,
  Offer,
  TaskInfo,
  TaskStatus,
} from '../../../../src/mesos/types.generated.ts'
import {
  commandTask,
  connectScheduler,
  scalar,
  small,
  testFramework,
} from '../../support/client.ts'
import type { Scheduler, Update } from '../../support/client.ts'

let cluster: LocalCluster
let scheduler: Scheduler
let offer: Offer
const servers: net.Server[] = []

beforeEach(async () => {
  cluster = await startLocalCluster({ open: true, allocationIntervalMs: 50 })
  scheduler = await connectScheduler(cluster.url)
  offer = await scheduler.takeOffer()
})

afterEach(async () => {
  for (const server of servers.splice(0)) server.close()
  await cluster.close()
})

async function listen(server: net.Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const fast = { delaySeconds: 0, intervalSeconds: 0.02 }
const fails: HealthCheck = {
  ...fast,
  type: 'COMMAND',
  command: { value: 'exit 1' },
  gracePeriodSeconds: 0,
  consecutiveFailures: 2,
}

/** The first update of a task that matches; acknowledges all before it. */
async function followTo(
  taskId: string,
  isMatch: (status: TaskStatus) => boolean,
): Promise<TaskStatus> {
  let seen = 0
  for (;;) {
    const event = await scheduler.waitFor(
      (each): each is Update =>
        each.type === 'UPDATE' && each.update.status.taskId.value === taskId,
      seen,
    )
    seen = scheduler.events.indexOf(event) + 1
    await scheduler.acknowledge(event.update.status)
    if (isMatch(event.update.status)) return event.update.status
  }
}

function healthOf(taskId: string): (string | boolean | undefined)[][] {
  return scheduler.events
    .filter((event): event is Update => event.type === 'UPDATE')
    .map(({ update }) => update.status)
    .filter((status) => status.taskId.value === taskId)
    .map(({ healthy, reason, state }) => [state, healthy, reason])
}

const healthUpdated = 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED'

describe('startTaskChecks', () => {
  it('reports each failure of a health check, and kills after too many', async () => {
    const task = { ...commandTask('t', offer, 'sleep 100'), healthCheck: fails }
    await scheduler.launch(offer, task)
    const end = await scheduler.follow('t', 'TASK_KILLED')
    expect(end).toMatchObject({
      healthy: false,
      message: 'Command terminated with signal Terminated',
    })
    expect(healthOf('t')).toEqual([
      ['TASK_STARTING', undefined, undefined],
      ['TASK_RUNNING', undefined, undefined],
      ['TASK_RUNNING', false, healthUpdated],
      ['TASK_RUNNING', false, healthUpdated],
      ['TASK_KILLED', false, undefined],
    ])
  })

  it('reports health once, after failures in the grace period', async () => {
    const healthCheck: HealthCheck = {
      ...fast,
      type: 'COMMAND',
      command: { value: 'test -f ready' },
      consecutiveFailures: 1,
    }
    await scheduler.launch(offer, {
      ...commandTask('t', offer, 'sleep 0.2; touch ready; sleep 100'),
      healthCheck,
    })
    const status = await followTo('t', ({ healthy }) => healthy !== undefined)
    expect(status).toMatchObject({
      state: 'TASK_RUNNING',
      healthy: true,
      reason: healthUpdated,
    })
  })

  it('reports changed results of a check, and an empty status before', async () => {
    await scheduler.launch(offer, {
      ...commandTask('t', offer, 'echo 3 > code; sleep 100'),
      check: {
        ...fast,
        type: 'COMMAND',
        command: { command: { value: 'exit $(cat code $MORE)' } },
      },
    })
    const starting = await scheduler.waitForUpdate('t', 'TASK_STARTING')
    expect(starting.checkStatus).toEqual({ type: 'COMMAND', command: {} })
    const status = await followTo('t', ({ checkStatus }) => checkStatus?.command?.exitCode === 3)
    expect(status).toMatchObject({
      state: 'TASK_RUNNING',
      reason: 'REASON_TASK_CHECK_STATUS_UPDATED',
    })
  })

  it('probes by HTTP, through redirects', async () => {
    const server = http.createServer((request, response) => {
      if (request.url === '/from') response.writeHead(302, { Location: '/to' }).end()
      else response.writeHead(404).end()
    })
    const port = await listen(server)
    await scheduler.launch(
      offer,
      {
        ...commandTask('checked', offer, 'sleep 100'),
        check: { ...fast, type: 'HTTP', http: { port, path: '/from' } },
      },
      {
        ...commandTask('sick', offer, 'sleep 100'),
        healthCheck: { ...fails, type: 'HTTP', http: { port, path: '/' } },
      },
    )
    await followTo('checked', ({ checkStatus }) => checkStatus?.http?.statusCode === 404)
    await scheduler.follow('sick', 'TASK_KILLED')
  })

  it('probes by TCP, and reports a refused connection', async () => {
    const server = net.createServer((socket) => socket.destroy())
    const port = await listen(server)
    await scheduler.launch(offer, {
      ...commandTask('t', offer, 'sleep 100'),
      check: { ...fast, type: 'TCP', tcp: { port } },
    })
    await followTo('t', ({ checkStatus }) => checkStatus?.tcp?.succeeded === true)
    server.close()
    await followTo('t', ({ checkStatus }) => checkStatus?.tcp?.succeeded === false)
  })

  it('ends a probe at its timeout', async () => {
    const port = await listen(net.createServer(() => {}))
    await scheduler.launch(offer, {
      ...commandTask('t', offer, 'sleep 100'),
      healthCheck: { ...fails, type: 'HTTP', http: { port }, timeoutSeconds: 0.05 },
    })
    await scheduler.follow('t', 'TASK_KILLED')
  })
})

describe('DefaultExecutor', () => {
  const executor: ExecutorInfo = {
    type: 'DEFAULT',
    executorId: { value: 'pod' },
    resources: [...small, scalar('disk', 1)],
  }

  async function launchGroup(...tasks: readonly TaskInfo[]): Promise<void> {
    await scheduler.accept(offer, [
      {
        type: 'LAUNCH_GROUP',
        launchGroup: {
          executor: { ...executor, frameworkId: { value: scheduler.frameworkId } },
          taskGroup: { tasks },
        },
      },
    ])
  }

  it('kills a group with an unhealthy task', async () => {
    await launchGroup(
      { ...commandTask('sick', offer, 'sleep 100'), healthCheck: fails },
      commandTask('fit', offer, 'sleep 100'),
    )
    expect(await scheduler.follow('sick', 'TASK_KILLED')).toMatchObject({ healthy: false })
    await scheduler.follow('fit', 'TASK_KILLED')
    await scheduler.waitFor((event): event is typeof event => event.type === 'FAILURE')
  })

  it('fails a task at its maximum completion time, and kills the others', async () => {
    await launchGroup(
      {
        ...commandTask('late', offer, 'sleep 100'),
        maxCompletionTime: { nanoseconds: 50_000_000 },
      },
      commandTask('other', offer, 'sleep 100'),
    )
    expect(await scheduler.follow('late', 'TASK_FAILED')).toMatchObject({
      reason: 'REASON_MAX_COMPLETION_TIME_REACHED',
    })
    await scheduler.follow('other', 'TASK_KILLED')
  })

  it('runs each task and its check in a sandbox of its own', async () => {
    await launchGroup(
      {
        ...commandTask('a', offer, 'echo 7 > mine; sleep 100'),
        check: {
          ...fast,
          type: 'COMMAND',
          command: { command: { value: 'exit $(cat mine)' } },
        },
      },
      {
        ...commandTask('b', offer, 'sleep 100'),
        check: { ...fast, type: 'COMMAND', command: { command: { value: 'test ! -e mine' } } },
      },
    )
    await followTo('a', ({ checkStatus }) => checkStatus?.command?.exitCode === 7)
    await followTo('b', ({ checkStatus }) => checkStatus?.command?.exitCode === 0)
  })

  it('says TASK_KILLING first to frameworks that can read it, within the grace it is given', async () => {
    const other = await connectScheduler(cluster.url, {
      ...testFramework,
      capabilities: [...(testFramework.capabilities ?? []), { type: 'TASK_KILLING_STATE' }],
    })
    await scheduler.call({ type: 'TEARDOWN' })
    scheduler = other
    offer = await scheduler.takeOffer()
    const ready = `${cluster.agents[0]?.workDir}/ready`
    await launchGroup({
      ...commandTask(
        'stubborn',
        offer,
        `trap "" TERM; touch ${ready}; while :; do sleep 0.1; done`,
      ),
      killPolicy: { gracePeriod: { nanoseconds: 100_000_000 } },
    })
    await scheduler.follow('stubborn', 'TASK_RUNNING')
    // Before the trap is set, SIGTERM ends it.
    await expect.poll(() => existsSync(ready)).toBe(true)
    await scheduler.call({ type: 'KILL', kill: { taskId: { value: 'stubborn' } } })
    await scheduler.follow('stubborn', 'TASK_KILLING')
    expect(await scheduler.follow('stubborn', 'TASK_KILLED')).toMatchObject({
      message: 'Command terminated with signal Killed',
    })
  })
})
