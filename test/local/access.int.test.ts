import { afterEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import type { LocalClusterOptions } from '../../src/local/options/cluster-options.ts'
import { schedulerCodec } from '../../src/mesos/codec.ts'
import type { FrameworkInfo, SchedulerCall } from '../../src/mesos/types.generated.ts'
import { ask, commandTask, connectScheduler, testFramework } from './support/client.ts'
import type { HttpAnswer } from './support/client.ts'

let cluster: LocalCluster

afterEach(() => cluster.close())

async function start(options: LocalClusterOptions): Promise<void> {
  cluster = await startLocalCluster({ allocationIntervalMs: 20, shutdownGraceMs: 100, ...options })
}

const credentials = [
  { principal: 'alice', secret: 'wonder' },
  { principal: 'bob', secret: 'builder' },
]

function basic(principal: string, secret: string): string {
  return `Basic ${Buffer.from(`${principal}:${secret}`).toString('base64')}`
}

const codec = schedulerCodec('application/json')

function post(
  call: SchedulerCall,
  authorization?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpAnswer> {
  return ask(`${cluster.url}/api/v1/scheduler`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...headers,
      ...(authorization === undefined ? {} : { Authorization: authorization }),
    },
    body: codec.encodeCall(call),
  })
}

/** Gets one ERROR event and the end, so that `ask` reads all of it. */
function subscribeCall(info: Partial<FrameworkInfo>): SchedulerCall {
  return { type: 'SUBSCRIBE', subscribe: { frameworkInfo: { ...testFramework, ...info } } }
}

describe('credentials', () => {
  it.each([
    ['no header', undefined],
    ['another scheme', 'Bearer abc'],
    ['a wrong secret', basic('alice', 'builder')],
    ['an unknown principal', basic('carol', 'wonder')],
    ['a secret with a colon', basic('alice', 'won:der')],
    ['no base64', 'Basic ***'],
  ])('refuse %s with 401', async (_name, authorization) => {
    await start({ credentials })
    const answer = await post(subscribeCall({}), authorization)
    expect(answer).toMatchObject({ status: 401, body: '401 Unauthorized.' })
    expect(answer.headers['www-authenticate']).toBe('Basic realm="mesos-master-scheduler"')
  })

  it('are checked before anything else of a request', async () => {
    await start({ credentials })
    expect((await ask(`${cluster.url}/api/v1/scheduler`)).status).toBe(401)
    const headers = { Authorization: basic('alice', 'wonder') }
    expect((await ask(`${cluster.url}/api/v1/scheduler`, { headers })).status).toBe(405)
  })

  it('refuse a framework with another principal', async () => {
    await start({ credentials })
    const answer = await post(subscribeCall({ principal: 'bob' }), basic('alice', 'wonder'))
    expect(answer).toMatchObject({
      status: 400,
      body:
        "Failed to validate scheduler::Call: Authenticated principal 'alice' does not match" +
        " principal 'bob' set in `FrameworkInfo`",
    })
  })

  it('give a framework without principal the authenticated one', async () => {
    await start({ credentials })
    const alice = await connectScheduler(cluster.url, testFramework, 'application/json', {
      Authorization: basic('alice', 'wonder'),
    })
    const frameworkId = { value: alice.frameworkId }
    const call: SchedulerCall = { type: 'REVIVE', frameworkId }
    const stream = { 'Mesos-Stream-Id': alice.streamId }
    expect((await post(call, basic('alice', 'wonder'), stream)).status).toBe(202)
    expect(await post(call, basic('bob', 'builder'), stream)).toMatchObject({
      status: 400,
      body: "Authenticated principal 'bob' does not match principal 'alice' set in `FrameworkInfo`",
    })
    const state = await ask(`${cluster.url}/state`, {
      headers: { Authorization: basic('alice', 'wonder') },
    })
    expect(state.status).toBe(200)
    expect(state.body).not.toContain('wonder')
  })
})

/**
 * Endpoints of a cluster with two masters that show or change something, as `METHOD server path`,
 * with their realm in Mesos.
 */
const guarded = [
  ['POST master /api/v1/scheduler', 'mesos-master-scheduler'],
  ['POST follower /api/v1/scheduler', 'mesos-master-scheduler'],
  ['POST master /api/v1', 'mesos-master-readwrite'],
  ['POST master /master/api/v1', 'mesos-master-readwrite'],
  ['POST follower /api/v1', 'mesos-master-readwrite'],
  ['POST master /machine/down', 'mesos-master-readwrite'],
  ['POST master /machine/up', 'mesos-master-readwrite'],
  ['GET master /maintenance/schedule', 'mesos-master-readwrite'],
  ['GET master /maintenance/status', 'mesos-master-readonly'],
  ...['state', 'state-summary', 'slaves', 'frameworks', 'tasks', 'roles', 'flags'].map(
    (page) => [`GET master /${page}`, 'mesos-master-readonly'] as const,
  ),
  ['GET master /master/state', 'mesos-master-readonly'],
  ['GET master /metrics/snapshot', 'mesos-master-readonly'],
  ['GET follower /metrics/snapshot', 'mesos-master-readonly'],
  ['GET follower /state', 'mesos-master-readonly'],
  ['POST agent /api/v1', 'mesos-agent-readwrite'],
  ['POST agent /slave(1)/api/v1', 'mesos-agent-readwrite'],
  ['POST agent /api/v1/executor', 'mesos-agent-executor'],
  ['POST agent /slave(1)/api/v1/executor', 'mesos-agent-executor'],
  ...['state', 'flags', 'containers', 'metrics/snapshot'].map(
    (page) => [`GET agent /${page}`, 'mesos-agent-readonly'] as const,
  ),
  ...['browse', 'read', 'download', 'read.json'].map(
    (page) => [`GET agent /files/${page}?path=/`, 'mesos-agent-readonly'] as const,
  ),
  ['GET agent /slave(1)/files/read?path=/', 'mesos-agent-readonly'],
  ['GET control /', 'jarcast-control'],
  ['GET control /commands', 'jarcast-control'],
  ['POST control /agents/agent-1/kill', 'jarcast-control'],
] as const

function urlOf(server: string): string {
  const urls: Readonly<Record<string, string | undefined>> = {
    master: cluster.url,
    follower: cluster.masters.find(({ url }) => url !== cluster.url)?.url,
    agent: cluster.agents[0]?.url,
    control: cluster.controlUrl,
  }
  return urls[server] ?? ''
}

describe('a cluster without given credentials', () => {
  it('refuses everything without its own credentials', async () => {
    await start({ masters: 2, controlPort: 0 })
    for (const [request, realm] of guarded) {
      const [method = '', server = '', path = ''] = request.split(' ')
      for (const authorization of [undefined, basic('jarcast-local', ''), 'Bearer a.b.c']) {
        const headers: Record<string, string> = { 'Content-Type': 'application/json' }
        if (authorization !== undefined) headers['Authorization'] = authorization
        const body = method === 'POST' ? '{"type":"GET_STATE"}' : ''
        const answer = await ask(urlOf(server) + path, { method, headers, body })
        expect(answer, request).toMatchObject({ status: 401, body: '401 Unauthorized.' })
        expect(answer.headers['www-authenticate'], request).toContain(`realm="${realm}"`)
      }
    }
    expect(cluster.control.status().agents[0]?.state).toBe('running')
  })

  it('answers clients with credentials, and health checks of all', async () => {
    await start({ masters: 2, controlPort: 0 })
    const { principal, secret } = cluster.credentials
    const headers = { Authorization: basic(principal, secret) }
    for (const [request] of guarded.filter(([each]) => each.startsWith('GET'))) {
      const [, server = '', path = ''] = request.split(' ')
      expect((await ask(urlOf(server) + path, { headers })).status, request).not.toBe(401)
    }
    for (const path of ['/health', '/version', '/master/health']) {
      expect((await ask(cluster.url + path)).status, path).toBe(200)
    }
    expect((await ask(`${urlOf('agent')}/slave(1)/health`)).status).toBe(200)
    expect((await ask(`${urlOf('follower')}/redirect`)).status).toBe(307)
  })

  it('makes long credentials, new for each cluster, and shows them nowhere', async () => {
    await start({})
    const { principal, secret } = cluster.credentials
    const other = await startLocalCluster({ agents: 0 })
    await other.close()
    expect(other.credentials.secret).not.toBe(secret)
    expect(Buffer.from(secret, 'base64url').byteLength).toBeGreaterThanOrEqual(32)
    const headers = { Authorization: basic(principal, secret) }
    const shown = await Promise.all(
      guarded
        .map(([request]) => request.split(' '))
        .filter(
          ([method, server]) => method === 'GET' && (server === 'master' || server === 'agent'),
        )
        .map(async ([, server = '', path = '']) => ask(urlOf(server) + path, { headers })),
    )
    expect(shown.map(({ body }) => body).join('\n')).not.toContain(secret)
    expect(shown.some(({ body }) => body.includes('"agent-1"'))).toBe(true)
  })

  it('requires tokens of executors, and runs tasks of clients with credentials', async () => {
    await start({})
    const { principal, secret } = cluster.credentials
    const scheduler = await connectScheduler(cluster.url, testFramework, 'application/json', {
      Authorization: basic(principal, secret),
    })
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, commandTask('t', offer, 'true'))
    await scheduler.follow('t', 'TASK_FINISHED')
    scheduler.destroy()
  })

  it('may be open, but not with credentials or an empty list', async () => {
    await start({ open: true, controlPort: 0 })
    expect((await ask(`${cluster.url}/state`)).status).toBe(200)
    expect((await ask(`${cluster.controlUrl}/`)).status).toBe(200)
    for (const options of [{ open: true, credentials }, { credentials: [] }]) {
      await expect(startLocalCluster(options)).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        details: { setting: 'credentials' },
      })
    }
  })
})

describe('web pages', () => {
  const page = { Origin: 'https://console.example', 'Sec-Fetch-Site': 'cross-site' }
  const script = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }

  it('of other origins and hosts are refused by every port, even with credentials', async () => {
    await start({ masters: 2, controlPort: 0, credentials })
    const allowed = { Authorization: basic('alice', 'wonder'), 'Content-Type': 'text/plain' }
    for (const foreign of [page, script, { Origin: 'null' }, { Host: 'rebound.example' }]) {
      for (const server of ['master', 'follower', 'agent', 'control']) {
        for (const method of ['GET', 'POST', 'OPTIONS']) {
          const headers = { ...allowed, ...foreign }
          const path = server === 'control' ? '/' : '/state'
          const answer = await ask(urlOf(server) + path, { method, headers })
          expect(answer.status, `${method} ${server}`).toBe(403)
          expect(answer.headers['access-control-allow-origin']).toBeUndefined()
        }
      }
    }
    const { body } = await ask(cluster.url, { headers: { Host: 'rebound.example' } })
    expect(body).toContain("'rebound.example' is not a known name of this server")
    expect(body).toContain('--allow-host')
  })

  it('of an allowed origin and host are answered', async () => {
    await start({
      open: true,
      allowedHosts: ['mesos.example'],
      allowedOrigins: ['https://console.example'],
    })
    const headers = { ...page, Host: 'mesos.example:5050' }
    const state = await ask(`${cluster.url}/state`, { headers })
    expect(state).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': 'https://console.example', vary: 'Origin' },
    })
    const preflight = await ask(`${cluster.url}/api/v1`, { method: 'OPTIONS', headers })
    expect(preflight.status).toBe(204)
    expect(preflight.headers['access-control-allow-headers']).toContain('Authorization')
    const other = { ...headers, Origin: 'https://other.example' }
    expect((await ask(`${cluster.url}/state`, { headers: other })).status).toBe(403)
  })

  it('read through JSONP only if it is on, and by GET only', async () => {
    await start({ open: true })
    const refused = await ask(`${cluster.url}/state?jsonp=show`, { headers: script })
    expect(refused).toMatchObject({ status: 403 })
    expect(refused.body).toContain('--jsonp')
    expect((await ask(`${urlOf('agent')}/files/read?path=/&jsonp=show`)).status).toBe(403)
    await cluster.close()
    await start({ open: true, jsonp: true })
    const shown = await ask(`${cluster.url}/state?jsonp=show`, { headers: script })
    expect(shown.body).toMatch(/^show\(\{/u)
    const url = `${cluster.url}/machine/down?jsonp=show`
    expect((await ask(url, { method: 'POST', headers: script, body: '[]' })).status).toBe(403)
    const rebound = { ...script, Host: 'rebound.example' }
    expect((await ask(`${cluster.url}/state?jsonp=show`, { headers: rebound })).status).toBe(403)
  })
})
