import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startLocalCluster, type LocalCluster } from '../../src/local/cluster.ts'
import type { LocalClusterOptions } from '../../src/local/cluster-options.ts'
import { schedulerCodec } from '../../src/mesos/codec.ts'
import type { FrameworkInfo, SchedulerCall, TaskInfo } from '../../src/mesos/types.generated.ts'
import { makeCertificate } from '../support/certificate.ts'
import {
  ask,
  commandTask,
  connectScheduler,
  FRAMEWORK,
  readWhenThere,
  SMALL,
  type HttpAnswer,
} from './client.ts'

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

/** Answered with one ERROR event and the end, so that `ask` sees all of it. */
function subscribeCall(info: Partial<FrameworkInfo>): SchedulerCall {
  return { type: 'SUBSCRIBE', subscribe: { frameworkInfo: { ...FRAMEWORK, ...info } } }
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

  it('are asked for before anything else of the request is looked at', async () => {
    await start({ credentials })
    expect((await ask(`${cluster.url}/api/v1/scheduler`)).status).toBe(401)
    const headers = { Authorization: basic('alice', 'wonder') }
    expect((await ask(`${cluster.url}/api/v1/scheduler`, { headers })).status).toBe(405)
  })

  it('refuse a framework that says it is somebody else', async () => {
    await start({ credentials })
    const answer = await post(subscribeCall({ principal: 'bob' }), basic('alice', 'wonder'))
    expect(answer).toMatchObject({
      status: 400,
      body:
        "Failed to validate scheduler::Call: Authenticated principal 'alice' does not match" +
        " principal 'bob' set in `FrameworkInfo`",
    })
  })

  it('give a framework without principal the one it authenticated as', async () => {
    await start({ credentials })
    const alice = await connectScheduler(cluster.url, FRAMEWORK, 'application/json', {
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
    expect((await ask(`${cluster.url}/state`)).body).not.toContain('wonder')
  })
})

describe('authenticateExecutors', () => {
  /** Starts an executor that writes its environment down; answers with its token and ids. */
  async function startExecutor() {
    await start({ authenticateExecutors: true })
    const scheduler = await connectScheduler(cluster.url)
    const offer = await scheduler.takeOffer()
    const { command: _command, ...task } = commandTask('task', offer, '')
    const executor: TaskInfo['executor'] = {
      type: 'CUSTOM',
      executorId: { value: 'ex' },
      resources: SMALL,
      command: { value: 'env > part; mv part environment; exec sleep 100' },
    }
    await scheduler.launch(offer, { ...task, executor })
    const [agent] = cluster.agents
    const ids = { frameworkId: { value: scheduler.frameworkId }, executorId: { value: 'ex' } }
    const sandbox = `${agent?.workDir}/slaves/${agent?.id}/frameworks/${scheduler.frameworkId}/executors/ex/runs/latest`
    const environment = await readWhenThere(`${sandbox}/environment`)
    const token = /^MESOS_EXECUTOR_AUTHENTICATION_TOKEN=(.*)$/mu.exec(environment)?.[1] ?? ''
    const tell = (authorization?: string, body: object = {}): Promise<HttpAnswer> =>
      ask(`${agent?.url}/api/v1/executor`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          ...(authorization === undefined ? {} : { Authorization: authorization }),
        },
        body: JSON.stringify({
          framework_id: ids.frameworkId,
          executor_id: ids.executorId,
          type: 'MESSAGE',
          message: { data: '' },
          ...body,
        }),
      })
    return { scheduler, token, tell, agent }
  }

  it('refuses a call without a token, and one with a token of another making', async () => {
    const { tell, token } = await startExecutor()
    const without = await tell()
    expect(without.status).toBe(401)
    expect(without.headers['www-authenticate']).toBe('Bearer realm="mesos-agent-executor"')
    const [head, payload] = token.split('.')
    const forged = await tell(`Bearer ${head}.${payload}.${'A'.repeat(43)}`)
    expect(forged.status).toBe(401)
    expect(forged.headers['www-authenticate']).toContain('Token signature does not match')
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url')
    expect((await tell(`Bearer ${unsigned}.${payload}.`)).status).toBe(401)
  })

  it('takes the token of the environment, for the executor it was made for only', async () => {
    const { scheduler, tell, token } = await startExecutor()
    // Past the claims: this executor has not subscribed.
    expect(await tell(`Bearer ${token}`)).toMatchObject({
      status: 403,
      body: 'Executor is not subscribed',
    })
    const offer = await scheduler.takeOffer()
    const { command: _command, ...task } = commandTask('other', offer, '')
    await scheduler.launch(offer, {
      ...task,
      executor: {
        type: 'CUSTOM',
        executorId: { value: 'other' },
        resources: SMALL,
        command: { value: 'touch there; exec sleep 100' },
      },
    })
    const [agent] = cluster.agents
    const run = `${agent?.workDir}/slaves/${agent?.id}/frameworks/${scheduler.frameworkId}/executors/other/runs/latest`
    await readWhenThere(`${run}/there`)
    const foreign = await tell(`Bearer ${token}`, { executor_id: { value: 'other' } })
    expect(foreign.status).toBe(403)
    expect(foreign.body).toContain("does not contain an 'eid' claim with the executor ID other")
  })

  it('shows the token nowhere but in the environment', async () => {
    const { agent, token } = await startExecutor()
    expect(token.split('.')).toHaveLength(3)
    for (const url of [`${cluster.url}/state`, `${agent?.url}/state`]) {
      expect((await ask(url)).body).not.toContain(token)
    }
  })
})

describe('tls', () => {
  it('serves master and agents over HTTPS only, and tells executors so', async (context) => {
    const directory = await mkdtemp(join(tmpdir(), 'jarcast-tls-'))
    context.onTestFinished(() => rm(directory, { recursive: true }))
    const files = makeCertificate(directory)
    if (files === undefined) {
      await start({})
      return
    }
    await start({ tls: { ...files, caFile: files.certFile } })
    const ca = await readFile(files.certFile)
    const urls = [cluster.url, ...cluster.agents.map(({ url }) => url)]
    expect(urls.every((url) => url.startsWith('https://'))).toBe(true)
    for (const url of urls) {
      const [response] = (await once(
        https.get(`${url}/version`, { ca, agent: false }),
        'response',
      )) as [IncomingMessage]
      expect(response.statusCode).toBe(200)
      response.resume()
      await expect(ask(url.replace('https', 'http'))).rejects.toThrow()
    }
  })

  it('refuses files that do not belong together, naming them', async () => {
    await start({})
    const files = { certFile: '/nowhere/cert.pem', keyFile: '/nowhere/key.pem' }
    await expect(startLocalCluster({ tls: files })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('/nowhere/cert.pem') as string,
    })
  })
})
