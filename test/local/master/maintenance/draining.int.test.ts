import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../../../src/local/cluster.ts'
import type { LocalCluster } from '../../../../src/local/cluster.ts'
import { ask, commandTask, connectScheduler, isType } from '../../support/client.ts'
import type { Scheduler } from '../../support/client.ts'

let cluster: LocalCluster

afterEach(() => cluster.close())

async function start(): Promise<Scheduler> {
  cluster = await startLocalCluster({
    open: true,
    allocationIntervalMs: 20,
    shutdownGraceMs: 100,
    agentPingTimeoutMs: 50,
    executorReregistrationTimeoutMs: 300,
  })
  return connectScheduler(cluster.url)
}

function agentId(): { value: string } {
  return { value: cluster.agents[0]?.id ?? '' }
}

function post(call: object) {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
  const body = JSON.stringify(call)
  return ask(`${cluster.url}/api/v1`, { method: 'POST', headers, body })
}

function drain(more: object = {}) {
  return post({ type: 'DRAIN_AGENT', drain_agent: { agent_id: agentId(), ...more } })
}

async function readAgent(): Promise<Record<string, unknown> | undefined> {
  const { body } = await post({ type: 'GET_AGENTS' })
  return (JSON.parse(body) as { get_agents: { agents?: Record<string, unknown>[] } }).get_agents
    .agents?.[0]
}

async function launch(scheduler: Scheduler, command = 'sleep 100', more: object = {}) {
  const offer = await scheduler.takeOffer()
  await scheduler.launch(offer, { ...commandTask('t', offer, command), ...more })
  await scheduler.follow('t', 'TASK_RUNNING')
}

describe('DRAIN_AGENT', () => {
  it('kills tasks with its reason, offers nothing, and ends once the last update is acknowledged', async () => {
    const scheduler = await start()
    await launch(scheduler)
    const rest = await scheduler.takeOffer()
    expect(await drain()).toMatchObject({ status: 200, body: '' })
    expect((await scheduler.waitFor(isType('RESCIND'))).rescind.offerId).toEqual(rest.id)
    expect(await readAgent()).toMatchObject({
      active: false,
      deactivated: true,
      drain_info: { state: 'DRAINING', config: { mark_gone: false } },
    })
    expect(
      await post({ type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id: agentId() } }),
    ).toMatchObject({ status: 400, body: 'Agent is still in the DRAINING state' })
    // As recorded: the executor's update with the agent's reason.
    expect(await scheduler.follow('t', 'TASK_KILLED')).toMatchObject({
      reason: 'REASON_AGENT_DRAINING',
      source: 'SOURCE_EXECUTOR',
    })
    await expect.poll(readAgent).toMatchObject({ drain_info: { state: 'DRAINED' } })
    const offers = scheduler.events.filter(isType('OFFERS')).length
    await post({ type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id: agentId() } })
    await scheduler.takeOffer()
    expect(scheduler.events.filter(isType('OFFERS'))).toHaveLength(offers + 1)
    expect(await readAgent()).not.toHaveProperty('drain_info')
  })

  it('continues where the agent comes back, and gives up the agent at its end if asked to', async () => {
    const scheduler = await start()
    await launch(scheduler)
    await cluster.control.killAgent('agent-1')
    expect((await drain({ mark_gone: true })).status).toBe(200)
    await cluster.control.startAgent('agent-1')
    expect(await scheduler.follow('t', 'TASK_GONE_BY_OPERATOR')).toMatchObject({
      reason: 'REASON_AGENT_DRAINING',
    })
    await expect.poll(() => cluster.control.status().agents[0]?.state).toBe('stopped')
  })

  it('refuses what Mesos refuses, in its words', async () => {
    await start()
    const unknown = { agent_id: { value: 'nobody' } }
    const calls = [
      { type: 'DRAIN_AGENT', drain_agent: unknown },
      { type: 'DEACTIVATE_AGENT', deactivate_agent: unknown },
      { type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id: agentId() } },
      { type: 'MARK_AGENT_GONE', mark_agent_gone: unknown },
    ]
    const answers = await Promise.all(calls.map(post))
    expect(answers.map(({ status, body }) => `${status} ${body}`)).toEqual([
      '400 Unknown agent',
      '400 Unknown agent',
      '400 Agent is not deactivated',
      "404 Agent 'nobody' not found",
    ])
    await expect(cluster.control.reactivateAgent('agent-1')).rejects.toMatchObject({
      code: 'COMMAND_REFUSED',
      message: 'Agent is not deactivated',
    })
  })
})

describe('KILL of a plain command', () => {
  it('uses the grace period of its launch, not of its policy', async () => {
    const scheduler = await start()
    const stubborn =
      'trap "sleep 0.3; echo bye; exit" TERM; touch ready; while :; do sleep 0.05; done'
    await launch(scheduler, stubborn, {
      killPolicy: { gracePeriod: { nanoseconds: 60_000_000_000 } },
    })
    const folder = `${cluster.agents[0]?.workDir}/slaves/${agentId().value}/frameworks/${scheduler.frameworkId}/executors/t/runs/latest`
    await expect.poll(() => readFile(`${folder}/ready`, 'utf8').catch(() => undefined)).toBe('')
    const killPolicy = { gracePeriod: { nanoseconds: 0 } }
    await scheduler.call({ type: 'KILL', kill: { taskId: { value: 't' }, killPolicy } })
    await scheduler.follow('t', 'TASK_KILLED')
    expect(await readFile(`${folder}/stdout`, 'utf8')).toBe('bye\n')
  })
})
