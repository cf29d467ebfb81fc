import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../src/local/cluster.ts'
import { ask, commandTask, connectScheduler, isType } from '../support/client.ts'

let cluster: LocalCluster

beforeEach(async () => {
  cluster = await startLocalCluster({
    open: true,
    controlPort: 0,
    masters: 2,
    allocationIntervalMs: 20,
    agentBackoffMs: 0,
  })
})

afterEach(() => cluster.close())

async function send(method: string, path: string, body?: unknown) {
  const url = `${cluster.controlUrl}${path}`
  const text = body === undefined ? {} : { body: JSON.stringify(body) }
  const answer = await ask(url, { method, ...text })
  return { status: answer.status, value: JSON.parse(answer.body) as Record<string, unknown> }
}

describe('openControlServer', () => {
  it('shows the state of the cluster, and the commands', async () => {
    const { value } = await send('GET', '/')
    expect(value).toMatchObject({
      masters: [
        { name: 'master-0', state: 'leading' },
        { name: 'master-1', state: 'following' },
      ],
      agents: [{ name: 'agent-1', state: 'running', isCut: false, isDiskFull: false }],
      frameworks: [],
      network: { delayMs: 0 },
    })
    const commands = (await send('GET', '/commands')).value as unknown as { path: string }[]
    expect(commands.map(({ path }) => path)).toContain('/agents/NAME/kill')
    expect(commands.find(({ path }) => path === '/network')).toMatchObject({
      body: { delayMs: 'number' },
    })
  })

  it('answers a command with the state after it', async () => {
    expect(await send('POST', '/agents/agent-1/kill')).toMatchObject({
      status: 200,
      value: { name: 'agent-1', state: 'stopped' },
    })
    expect(await send('POST', '/masters/1/lead')).toMatchObject({
      value: { name: 'master-1', state: 'leading' },
    })
    expect(await send('POST', '/network', { delayMs: 5 })).toMatchObject({ value: { delayMs: 5 } })
  })

  it.each([
    ['POST', '/agents/agent-9/kill', undefined, 404, 'There is no agent agent-9'],
    ['POST', '/agents/agent-1/start', undefined, 409, 'runs already'],
    ['POST', '/agents/agent-1/fly', undefined, 404, 'GET /commands'],
    ['POST', '/frameworks/none/cut', undefined, 404, 'knows no framework none'],
    ['GET', '/agents/agent-1/kill', undefined, 400, 'requires POST'],
    ['POST', '/network', { delayMs: '5' }, 400, '{"delayMs": NUMBER}'],
    ['POST', '/network', { delayMs: -1 }, 400, 'must be 0 to'],
    ['POST', '/%E0%A4%A/x', undefined, 404, 'There is no'],
  ])('refuses %s %s %j with %d', async (method, path, body, status, text) => {
    const answer = await send(method, path, body)
    expect(answer.status).toBe(status)
    expect(answer.value['error']).toContain(text)
  })
})

describe('a framework that is cut off', () => {
  it('neither receives nor sends until it is healed', async () => {
    const scheduler = await connectScheduler(cluster.url)
    const path = `/frameworks/${scheduler.frameworkId}`
    const offer = await scheduler.takeOffer()
    expect(await send('POST', `${path}/cut`)).toMatchObject({ value: { isCut: true } })
    const launched = scheduler.launch(offer, commandTask('late', offer, 'true'))
    const sandbox = await ask(`${cluster.url}/tasks`)
    expect(sandbox.body).not.toContain('late')
    expect(scheduler.events.some(isType('UPDATE'))).toBe(false)
    await send('POST', `${path}/heal`)
    expect((await launched).status).toBe(202)
    await scheduler.follow('late', 'TASK_FINISHED')
  })

  it('is noticed by the master only after it is healed', async () => {
    const scheduler = await connectScheduler(cluster.url)
    const path = `/frameworks/${scheduler.frameworkId}`
    await send('POST', `${path}/cut`)
    scheduler.destroy()
    await scheduler.ended
    expect(await send('POST', `${path}/cut`)).toMatchObject({ value: { isConnected: true } })
    await send('POST', `${path}/heal`)
    while (cluster.control.status().frameworks[0]?.isConnected !== false) {
      await new Promise(setImmediate)
    }
  })
})

describe('a slow network', () => {
  it('delivers everything in order, later', async () => {
    await send('POST', '/network', { delayMs: 30 })
    const scheduler = await connectScheduler(cluster.url)
    const offer = await scheduler.takeOffer()
    await scheduler.launch(offer, commandTask('slow', offer, 'true'))
    await scheduler.follow('slow', 'TASK_FINISHED')
    const states = scheduler.events
      .filter(isType('UPDATE'))
      .map(({ update }) => update.status.state)
    expect(states).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED'])
  })
})
