import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../src/local/cluster.ts'
import { ask, connectScheduler, testFramework } from '../support/client.ts'
import type { HttpRequest, Scheduler } from '../support/client.ts'

interface RecordedAnswer {
  readonly case: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const fixture = new URL('../../fixtures/local/scheduler-answers.json', import.meta.url)
const answers = JSON.parse(await readFile(fixture, 'utf8')) as readonly RecordedAnswer[]

/** Pages about the master itself differ: only status and type are compared. */
const ownBodies = new Set([
  'GET /version',
  'GET /state',
  'GET /metrics/snapshot',
  'operator GET_VERSION',
  'operator GET_AGENTS',
  'GET /redirect',
  'GET /master/redirect',
])

let cluster: LocalCluster
let scheduler: Scheduler

beforeAll(async () => {
  cluster = await startLocalCluster({ open: true })
  scheduler = await connectScheduler(cluster.url)
})

afterAll(() => cluster.close())

function json(
  call: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): HttpRequest {
  return {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(call),
  }
}

function ours(call: Readonly<Record<string, unknown>>): HttpRequest {
  const headers = { 'Mesos-Stream-Id': scheduler.streamId }
  return json({ framework_id: { value: scheduler.frameworkId }, ...call }, headers)
}

const schedulerPath = '/api/v1/scheduler'
const frameworkInfo = {
  user: 'root',
  name: 'test',
  failover_timeout: 60,
  checkpoint: true,
  roles: ['*'],
  capabilities: (testFramework.capabilities ?? []).map(({ type }) => ({ type })),
}

/** The request of each recorded case. */
const requests: Readonly<Record<string, () => readonly [path: string, request: HttpRequest]>> = {
  GET: () => [schedulerPath, {}],
  'no content-type': () => [schedulerPath, { method: 'POST', body: '{}' }],
  'bad json': () => [schedulerPath, { ...json({}), body: 'nope' }],
  'json but not a call': () => [
    schedulerPath,
    json({ type: 'SUBSCRIBE', subscribe: { framework_info: { user: 'root' } } }),
  ],
  'malformed protobuf': () => [
    schedulerPath,
    {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-protobuf' },
      // Only field 99, which no call has.
      body: Uint8Array.of(0x98, 0x06, 0x01),
    },
  ],
  'content-type with charset': () => [
    schedulerPath,
    json({}, { 'Content-Type': 'application/json; charset=utf-8' }),
  ],
  'text/plain': () => [schedulerPath, json({}, { 'Content-Type': 'text/plain' })],
  'empty object': () => [schedulerPath, json({})],
  'no stream id': () => [
    schedulerPath,
    json({ type: 'REVIVE', framework_id: { value: scheduler.frameworkId } }),
  ],
  'wrong stream id': () => [
    schedulerPath,
    json(
      { type: 'REVIVE', framework_id: { value: scheduler.frameworkId } },
      { 'Mesos-Stream-Id': 'nope' },
    ),
  ],
  'unknown framework': () => [
    schedulerPath,
    ours({ type: 'REVIVE', framework_id: { value: 'nope' } }),
  ],
  'good revive': () => [schedulerPath, ours({ type: 'REVIVE' })],
  'ack bad uuid': () => [
    schedulerPath,
    ours({
      type: 'ACKNOWLEDGE',
      acknowledge: { agent_id: { value: 'a' }, task_id: { value: 't' }, uuid: 'bm9wZQ==' },
    }),
  ],
  'ack without body': () => [schedulerPath, ours({ type: 'ACKNOWLEDGE' })],
  'kill unknown task': () => [
    schedulerPath,
    ours({ type: 'KILL', kill: { task_id: { value: 'nope' } } }),
  ],
  'reconcile operations': () => [
    schedulerPath,
    ours({ type: 'RECONCILE_OPERATIONS', reconcile_operations: { operations: [] } }),
  ],
  'update framework': () => [
    schedulerPath,
    ours({
      type: 'UPDATE_FRAMEWORK',
      update_framework: {
        framework_info: { ...frameworkInfo, id: { value: scheduler.frameworkId } },
      },
    }),
  ],
  'subscribe not acceptable': () => [
    schedulerPath,
    json(
      { type: 'SUBSCRIBE', subscribe: { framework_info: frameworkInfo } },
      { Accept: 'text/html' },
    ),
  ],
  'subscribe with stream id': () => [
    schedulerPath,
    json(
      { type: 'SUBSCRIBE', subscribe: { framework_info: frameworkInfo } },
      { 'Mesos-Stream-Id': 'nope' },
    ),
  ],
  'unknown type': () => [schedulerPath, ours({ type: 'NOPE' })],
  'nulls for unset': () => [schedulerPath, ours({ type: 'REVIVE', accept: null, revive: null })],
  'unknown field': () => [schedulerPath, ours({ type: 'REVIVE', nope: { nope: 1 } })],
  'GET /version': () => ['/version', {}],
  'GET /redirect': () => ['/redirect', {}],
  'GET /master/redirect': () => ['/master/redirect', {}],
  'GET /health': () => ['/health', {}],
  'GET /master/health': () => ['/master/health', {}],
  'GET /api/v1/nope': () => ['/api/v1/nope', {}],
  'GET /state': () => ['/state', {}],
  'GET /metrics/snapshot': () => ['/metrics/snapshot', {}],
  'operator GET_VERSION': () => ['/api/v1', json({ type: 'GET_VERSION' })],
  'operator GET_AGENTS': () => ['/api/v1', json({ type: 'GET_AGENTS' })],
  'disconnected framework (failover_timeout 0)': () => [
    schedulerPath,
    ours({ type: 'REVIVE', framework_id: { value: 'gone' } }),
  ],
}

/** Replaces ids, so that recording and run can be compared. */
function withoutIds(body: string): string {
  return body.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-\d+/gu, 'FRAMEWORK')
}

describe('scheduler endpoint', () => {
  it.each(answers)('answers "$case" as a real master', async (recorded) => {
    const asked = requests[recorded.case]?.()
    if (asked === undefined) throw new Error(`no request for ${recorded.case}`)
    const [path, request] = asked
    const answer = await ask(cluster.url + path, request)
    expect(answer.status).toBe(recorded.status)
    expect(answer.headers['content-type']).toBe(recorded.headers['content-type'])
    expect(answer.headers.allow).toBe(recorded.headers['allow'])
    if (!ownBodies.has(recorded.case)) {
      expect(withoutIds(answer.body)).toBe(withoutIds(recorded.body))
    }
  })

  it('redirects to itself without a scheme', async () => {
    const answer = await ask(`${cluster.url}/redirect`)
    expect(answer.headers.location).toBe(cluster.url.replace('http:', ''))
  })

  it('answers under the path of the C++ library too', async () => {
    const { headers = {}, body = '' } = ours({ type: 'REVIVE' })
    const url = `${cluster.url}/master/api/v1/scheduler`
    expect((await ask(url, { method: 'POST', headers, body })).status).toBe(202)
  })

  it('takes chunked bodies and a doubled Accept', async () => {
    const request = ours({ type: 'RECONCILE_OPERATIONS', reconcile_operations: {} })
    const accept = 'application/x-protobuf, application/x-protobuf'
    const headers = { ...request.headers, Accept: accept, 'Transfer-Encoding': 'chunked' }
    const answer = await ask(cluster.url + schedulerPath, { ...request, headers })
    expect(answer.status).toBe(202)
  })

  it('refuses a body larger than 16 MiB', async () => {
    const body = Buffer.alloc(16 * 1024 * 1024 + 1, ' ')
    const answer = await ask(cluster.url + schedulerPath, { ...json({}), body }).catch(
      () => undefined,
    )
    // The connection may be reset before the client has read the answer.
    expect([413, undefined]).toContain(answer?.status)
    expect((await ask(`${cluster.url}/health`)).status).toBe(200)
  })

  it('lists frameworks and agents in its state, never commands', async () => {
    const { body } = await ask(`${cluster.url}/state`)
    const state = JSON.parse(body) as { frameworks: { id: string }[]; slaves: unknown[] }
    expect(state.frameworks.map(({ id }) => id)).toContain(scheduler.frameworkId)
    expect(state.slaves).toHaveLength(1)
    expect(body).not.toContain('command')
  })
})
