import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../src/local/cluster.ts'
import { randomUuidBytes } from '../../../src/local/messages/uuid.ts'
import type { MediaType } from '../../../src/mesos/codec.ts'
import type { ExecutorInfo, TaskInfo, TaskStatus } from '../../../src/mesos/types.generated.ts'
import {
  ask,
  connectExecutor,
  connectScheduler,
  isEvent,
  isType,
  readWhenThere,
  scalar,
  small,
} from '../support/client.ts'
import type { HttpRequest, Scheduler } from '../support/client.ts'

interface Recording {
  readonly env: Readonly<Record<string, string>>
  readonly events: readonly { readonly type: string }[]
  readonly answers: readonly {
    readonly case: string
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }[]
}

async function readRecording(name: string): Promise<Recording> {
  const fixture = new URL(`../../fixtures/mesos/executor/${name}.traffic.json`, import.meta.url)
  return JSON.parse(await readFile(fixture, 'utf8')) as Recording
}

/** Its process only waits; the test makes its calls. */
const executorInfo: ExecutorInfo = {
  type: 'CUSTOM',
  executorId: { value: 'ex' },
  resources: [scalar('cpus', 0.1), scalar('mem', 64)],
  command: { value: 'env > env.part; mv env.part env.txt; exec sleep 100' },
}

let cluster: LocalCluster
let scheduler: Scheduler

beforeEach(async () => {
  cluster = await startLocalCluster({ open: true, shutdownGraceMs: 50 })
  scheduler = await connectScheduler(cluster.url)
})

afterEach(() => cluster.close())

async function launch(...names: readonly string[]): Promise<void> {
  const offer = await scheduler.takeOffer()
  const tasks = names.map((name): TaskInfo => ({
    name,
    taskId: { value: name },
    agentId: offer.agentId,
    resources: small,
    executor: executorInfo,
    data: 'eyJoZWxsbyI6Imdyw7bDn2UifQ==',
  }))
  await scheduler.launch(offer, ...tasks)
  await readWhenThere(`${sandbox()}/env.txt`)
}

function sandbox(): string {
  const [agent] = cluster.agents
  return `${agent?.workDir}/slaves/${agent?.id}/frameworks/${scheduler.frameworkId}/executors/ex/runs/latest`
}

function ids() {
  return { executorId: { value: 'ex' }, frameworkId: { value: scheduler.frameworkId } }
}

function agentUrl(): string {
  return cluster.agents[0]?.url ?? ''
}

function status(taskId: string, state: TaskStatus['state']): TaskStatus {
  return { taskId: { value: taskId }, state, source: 'SOURCE_EXECUTOR', uuid: randomUuidBytes() }
}

/** The refused requests of the recording; all are JSON except for the type of answers. */
function malformed(frameworkId: string): Readonly<Record<string, HttpRequest>> {
  const good = { executor_id: { value: 'ex' }, framework_id: { value: frameworkId } }
  const json = (call: unknown, headers: Readonly<Record<string, string>> = {}): HttpRequest => ({
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(call),
  })
  const update = (uuid: string, state: string): HttpRequest =>
    json({
      ...good,
      type: 'UPDATE',
      update: { status: { task_id: { value: 'x' }, state, source: 'SOURCE_EXECUTOR', uuid } },
    })
  return {
    GET: {},
    'no content-type': { method: 'POST', body: '{}' },
    'bad json': { ...json({}), body: 'nope' },
    charset: json({}, { 'Content-Type': 'application/json; charset=utf-8' }),
    empty: json({}),
    'no ids': json({ type: 'SUBSCRIBE', subscribe: {} }),
    'unknown framework': json({
      ...good,
      framework_id: { value: 'x' },
      type: 'MESSAGE',
      message: { data: '' },
    }),
    'unknown executor': json({
      ...good,
      executor_id: { value: 'x' },
      type: 'MESSAGE',
      message: { data: '' },
    }),
    'update bad uuid': update('+xUNuIghajTt+C8PAkAOHw==', 'TASK_RUNNING'),
    'update staging': update(randomUuidBytes(), 'TASK_STAGING'),
    'heartbeat call': json({ ...good, type: 'HEARTBEAT' }),
    'subscribe not acceptable': json(
      { ...good, type: 'SUBSCRIBE', subscribe: {} },
      { Accept: 'text/html' },
    ),
  }
}

function withoutIds(body: string): string {
  return body
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-\d+/gu, 'FRAMEWORK')
    .replaceAll(/\b(?:cap-(?:json|protobuf)|ex)\b/gu, 'EXECUTOR')
}

describe.each(['json', 'protobuf'])('executor endpoint in %s', (name) => {
  const mediaType: MediaType = name === 'json' ? 'application/json' : 'application/x-protobuf'

  it('answers malformed calls as a real agent', async () => {
    const { answers } = await readRecording(name)
    await launch('t')
    const executor = await connectExecutor(agentUrl(), ids(), mediaType)
    await executor.waitFor(isEvent('LAUNCH'))
    const requests = malformed(scheduler.frameworkId)
    for (const recorded of answers) {
      const answer = await ask(`${agentUrl()}/api/v1/executor`, requests[recorded.case])
      expect([recorded.case, answer.status, withoutIds(answer.body)]).toEqual([
        recorded.case,
        recorded.status,
        withoutIds(recorded.body),
      ])
    }
  })

  it('plays the recorded session event by event', async () => {
    const recording = await readRecording(name)
    await launch('quick', 'long')
    const executor = await connectExecutor(agentUrl(), ids(), mediaType)
    expect(executor.status).toBe(200)
    expect(executor.headers['mesos-stream-id']).toBeUndefined()
    const isLong = (event: { type: string; launch?: unknown }): boolean => event.type === 'LAUNCH'
    await executor.waitFor(isEvent('LAUNCH'))
    expect(executor.events.filter(isLong).length).toBeGreaterThan(0)
    for (const state of ['TASK_STARTING', 'TASK_RUNNING'] as const) {
      for (const task of ['long', 'quick']) {
        const update = { status: { ...status(task, state), data: 'NDI=' } }
        expect(await executor.call({ ...ids(), type: 'UPDATE', update })).toMatchObject({
          status: 202,
          body: '',
        })
        const { data, agentId, executorId, timestamp, containerStatus } = await scheduler.follow(
          task,
          state,
        )
        expect({ data, agentId, executorId }).toEqual({
          data: 'NDI=',
          agentId: { value: cluster.agents[0]?.id },
          executorId: { value: 'ex' },
        })
        expect(timestamp).toBeGreaterThan(1e9)
        expect(containerStatus?.executorPid).toBeGreaterThan(0)
      }
    }
    await executor.call({ ...ids(), type: 'MESSAGE', message: { data: 'cGluZw==' } })
    const { message } = await scheduler.waitFor(isType('MESSAGE'))
    expect(message.data).toBe('cGluZw==')
    await scheduler.call({ type: 'MESSAGE', message: { ...message, data: message.data } })
    await executor.waitFor(isEvent('MESSAGE'))
    await scheduler.call({ type: 'KILL', kill: { taskId: { value: 'long' } } })
    await executor.waitFor(isEvent('KILL'))
    await executor.call({
      ...ids(),
      type: 'UPDATE',
      update: { status: status('long', 'TASK_KILLED') },
    })
    await scheduler.follow('long', 'TASK_KILLED')
    await scheduler.call({ type: 'TEARDOWN' })
    await executor.waitFor(isEvent('SHUTDOWN'))
    const types = executor.events.map(({ type }) => type)
    expect(types).toEqual(recording.events.map(({ type }) => type))
  })
})

describe('executor', () => {
  it('gets the recorded variables and inherits nothing', async () => {
    process.env['JARCAST_TEST_LEAK'] = 'leak'
    const { env } = await readRecording('json')
    await launch('t')
    const executor = await connectExecutor(agentUrl(), ids())
    const { subscribed } = await executor.waitFor(isEvent('SUBSCRIBED'))
    const directory = sandbox().replace('latest', subscribed.containerId?.value ?? '')
    const text = await readWhenThere(`${sandbox()}/env.txt`)
    const got = Object.fromEntries(
      text
        .trimEnd()
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    )
    expect(Object.keys(got).sort()).toEqual([...Object.keys(env), 'PATH', 'PWD'].sort())
    const unchanged = [
      'MESOS_CHECKPOINT',
      'MESOS_HTTP_COMMAND_EXECUTOR',
      'MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD',
      'MESOS_SUBSCRIPTION_BACKOFF_MAX',
      'MESOS_RECOVERY_TIMEOUT',
      'LIBPROCESS_PORT',
      'LIBPROCESS_IP',
    ]
    for (const name of unchanged) {
      expect([name, got[name]]).toEqual([name, name.includes('GRACE') ? '50ms' : env[name]])
    }
    expect(got).toMatchObject({
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      MESOS_DIRECTORY: directory,
      MESOS_SANDBOX: directory,
      MESOS_AGENT_ENDPOINT: agentUrl().replace('http://', ''),
    })
  })

  it('is refused before it has subscribed', async () => {
    await launch('t')
    const url = `${agentUrl()}/api/v1/executor`
    const body = JSON.stringify({
      executor_id: { value: 'ex' },
      framework_id: { value: scheduler.frameworkId },
      type: 'MESSAGE',
      message: { data: '' },
    })
    const answer = await ask(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    })
    expect(answer).toMatchObject({ status: 403, body: 'Executor is not subscribed' })
  })

  it('replaces its stream when it subscribes again, and gets repeated updates', async () => {
    await launch('t')
    const first = await connectExecutor(agentUrl(), ids())
    await first.waitFor(isEvent('LAUNCH'))
    const running = status('t', 'TASK_RUNNING')
    await first.call({ ...ids(), type: 'UPDATE', update: { status: running } })
    const second = await connectExecutor(agentUrl(), ids())
    await first.ended
    await second.call({ ...ids(), type: 'UPDATE', update: { status: running } })
    const { acknowledged } = await second.waitFor(isEvent('ACKNOWLEDGED'))
    expect(acknowledged.uuid).toBe(running.uuid)
    await scheduler.follow('t', 'TASK_RUNNING')
    expect(scheduler.events.filter(isType('UPDATE'))).toHaveLength(1)
  })
})
