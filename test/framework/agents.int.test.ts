/** Agents that go away and come back, under tasks without retries. */
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFramework } from '../../src/framework/framework.ts'
import type { Framework } from '../../src/framework/framework.ts'
import type { FrameworkEvents } from '../../src/framework/facts/events.ts'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'

let cluster: LocalCluster
let framework: Framework
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-agents-'))
  cluster = await startLocalCluster({
    open: true,
    agents: 2,
    allocationIntervalMs: 50,
    agentBackoffMs: 50,
    agentPingTimeoutMs: 100,
    maxAgentPingTimeouts: 2,
    shutdownGraceMs: 100,
  })
  framework = createFramework({ master: cluster.url })
  await framework.start()
})
afterAll(async () => {
  await framework.stop()
  await cluster.close()
  await rm(folder, { recursive: true })
})

function next<Name extends keyof FrameworkEvents>(
  name: Name,
  isIt: (payload: FrameworkEvents[Name][0]) => boolean,
): Promise<FrameworkEvents[Name][0]> {
  return new Promise((resolve) => {
    const listen = (payload: FrameworkEvents[Name][0]): void => {
      if (!isIt(payload)) return
      framework.off(name, listen as never)
      resolve(payload)
    }
    framework.on(name, listen as never)
  })
}

/** Runs until its `finish`; every attempt leaves the id of its process. */
async function startLong(id: string, more: object = {}) {
  const done = join(folder, `${id}-done`)
  const command = `echo $$ >> ${folder}/${id}-pids; while [ ! -e ${done} ]; do sleep 0.05; done`
  const launched = next('task.launched', ({ taskId }) => taskId === id)
  const running = next('task.updated', ({ state, taskId }) => {
    return state === 'TASK_RUNNING' && taskId === id
  })
  const end = framework.run({ id, work: { kind: 'shell', command }, ...more })
  const { hostname } = await launched
  await running
  const pids = (): readonly number[] => {
    const file = `${folder}/${id}-pids`
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : []
  }
  await expect.poll(() => pids().length).toBe(1)
  return {
    hostname,
    living: () => pids().filter(isAlive).length,
    started: () => pids().length,
    async finish() {
      await writeFile(done, '')
      return await end
    },
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('a task whose agent is unreachable for too long', () => {
  it('is launched elsewhere, and killed where it was when that agent returns', async () => {
    const task = await startLong('twice', { unreachableMs: 200 })
    const retried = next('task.retried', ({ taskId }) => taskId === 'twice')
    const again = next('task.launched', ({ attempt }) => attempt === 2)
    await cluster.control.cutAgent(task.hostname)
    expect((await retried).message).toBe('its agent was unreachable for 0.2 s')
    expect((await again).hostname).not.toBe(task.hostname)
    // Nobody can reach the old one: both run.
    await expect.poll(task.living).toBe(2)
    const unknown = next('task.unknown', () => true)
    await cluster.control.healAgent(task.hostname)
    expect(await unknown).toMatchObject({ taskId: 'twice', isKilled: true, isReplaced: true })
    await expect.poll(task.living).toBe(1)
    expect(await task.finish()).toBeUndefined()
    expect(task.started()).toBe(2)
  })

  it('continues on its agent if that returns before another fits', async () => {
    const task = await startLong('once', {
      unreachableMs: 200,
      constraints: { hostname: 'agent-1' },
    })
    const retried = next('task.retried', ({ taskId }) => taskId === 'once')
    await cluster.control.cutAgent('agent-1')
    await retried
    const back = next('task.updated', ({ state }) => state === 'TASK_RUNNING')
    await cluster.control.healAgent('agent-1')
    expect(await back).toMatchObject({ taskId: 'once', attempt: 1, hostname: 'agent-1' })
    await task.finish()
    expect(task.started()).toBe(1)
  })
})

describe('a task whose agent is drained', () => {
  it('is launched elsewhere, though it may not be tried again', async () => {
    const task = await startLong('moved')
    const retried = next('task.retried', ({ taskId }) => taskId === 'moved')
    const again = next('task.launched', ({ attempt }) => attempt === 2)
    await cluster.control.drainAgent(task.hostname)
    expect((await retried).status).toMatchObject({
      state: 'TASK_KILLED',
      reason: 'REASON_AGENT_DRAINING',
    })
    expect((await again).hostname).not.toBe(task.hostname)
    await expect.poll(task.started).toBe(2)
    await task.finish()
    await expect
      .poll(() => cluster.control.reactivateAgent(task.hostname).then(() => 'active', String))
      .toBe('active')
  })
})
