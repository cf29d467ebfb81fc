import { afterEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import type { TaskInfo } from '../../src/mesos/types.generated.ts'
import { ask, commandTask, connectScheduler, readWhenThere, small } from './support/client.ts'
import type { HttpAnswer } from './support/client.ts'

let cluster: LocalCluster

afterEach(() => cluster.close())

describe('authenticateExecutors', () => {
  /** Starts an executor that writes its environment to a file; returns its token and ids. */
  async function startExecutor() {
    cluster = await startLocalCluster({
      allocationIntervalMs: 20,
      shutdownGraceMs: 100,
      open: true,
      authenticateExecutors: true,
    })
    const scheduler = await connectScheduler(cluster.url)
    const offer = await scheduler.takeOffer()
    const { command: _command, ...task } = commandTask('task', offer, '')
    const executor: TaskInfo['executor'] = {
      type: 'CUSTOM',
      executorId: { value: 'ex' },
      resources: small,
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

  it('refuses a call without a token, or with a forged one', async () => {
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

  it('accepts the token of the environment for its own executor only', async () => {
    const { scheduler, tell, token } = await startExecutor()
    // The claims are valid: the executor has not subscribed.
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
        resources: small,
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
