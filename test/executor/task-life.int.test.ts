/** Other duties of an executor: checks, time limits, groups. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TaskStatus } from '../../src/mesos/types.generated.ts'
import { reportOf } from './support/connection.ts'
import { startHarness } from './support/harness.ts'
import type { Harness } from './support/harness.ts'

let harness: Harness

beforeEach(async () => {
  harness = await startHarness({})
})

afterEach(() => harness.close())

const sleep = { kind: 'shell', command: 'exec sleep 1000' } as const
const soon = { delaySeconds: 0, intervalSeconds: 0.02, gracePeriodSeconds: 0 }

function statusWhere(taskId: string, matches: (status: TaskStatus) => boolean) {
  const { agent } = harness
  return agent.until(() => agent.statuses(taskId).find(matches))
}

describe('tasks of an executor', () => {
  it('get their own variables, and run without a shell if they have arguments', async () => {
    const { agent, sandbox } = harness
    const work = { kind: 'shell', command: 'printenv', args: ['OWN', 'PORT0'] } as const
    agent.launch('t', work, { environment: { OWN: '$HOME', PORT0: '31000' } })
    expect((await agent.last('t')).state).toBe('TASK_FINISHED')
    expect(await readFile(join(sandbox, 'tasks/t/stdout'), 'utf8')).toBe('$HOME\n31000\n')
  })

  it('are healthy once their check passes, and killed after enough failures', async () => {
    const { agent, sandbox } = harness
    const value = 's=1; test -e up && test ! -e down && s=0; test $s = 0 && echo x >> seen; exit $s'
    const healthCheck = {
      type: 'COMMAND',
      command: { value },
      consecutiveFailures: 2,
      ...soon,
    } as const
    const command =
      'touch up; while ! test -s seen; do sleep 0.05; done; touch down; exec sleep 1000'
    const info = { healthCheck: { ...healthCheck, gracePeriodSeconds: 60 } }
    agent.launch('t', { kind: 'shell', command }, { info })
    const healthy = await statusWhere('t', (status) => status.healthy === true)
    expect(healthy).toMatchObject({
      state: 'TASK_RUNNING',
      reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED',
    })
    const last = await agent.last('t')
    expect(last).toMatchObject({ state: 'TASK_KILLED', healthy: false })
    const unhealthy = agent
      .statuses('t')
      .filter(({ healthy, state }) => !healthy && state === 'TASK_RUNNING')
    // The first TASK_RUNNING has no result.
    expect(unhealthy.slice(1).map(({ healthy }) => healthy)).toEqual([false, false])
    expect(existsSync(join(sandbox, 'down'))).toBe(true)
  })

  it("report every change of a check's result", async () => {
    const { agent } = harness
    const command = { value: 'test -e ready; s=$?; echo x >> seen; exit $s' }
    const check = {
      type: 'COMMAND',
      command: { command },
      delaySeconds: 0,
      intervalSeconds: 0.02,
    } as const
    agent.launch(
      't',
      {
        kind: 'shell',
        command: 'while ! test -s seen; do sleep 0.05; done; touch ready; exec sleep 1000',
      },
      { info: { check } },
    )
    await statusWhere('t', ({ checkStatus }) => checkStatus?.command?.exitCode === 0)
    const seen = agent.statuses('t').filter(({ state }) => state === 'TASK_RUNNING')
    expect(seen.map(({ checkStatus, reason }) => [checkStatus?.command?.exitCode, reason])).toEqual(
      [
        [undefined, undefined],
        [1, 'REASON_TASK_CHECK_STATUS_UPDATED'],
        [0, 'REASON_TASK_CHECK_STATUS_UPDATED'],
      ],
    )
  })

  it('fail if they run longer than their maximum', async () => {
    const { agent } = harness
    agent.launch(
      't',
      { kind: 'shell', command: "trap '' TERM; sleep 1000 & wait; wait" },
      {
        info: { maxCompletionTime: { nanoseconds: 100e6 } },
      },
    )
    expect(await agent.last('t')).toMatchObject({
      state: 'TASK_FAILED',
      reason: 'REASON_MAX_COMPLETION_TIME_REACHED',
    })
  })
})

describe('a group of tasks', () => {
  it('ends as a whole when one fails', async () => {
    const { agent } = harness
    agent.launchGroup({ a: sleep, b: { kind: 'shell', command: 'sleep 0.2; exit 3' }, c: sleep })
    const [one, failed, other] = await Promise.all(['a', 'b', 'c'].map((id) => agent.last(id)))
    expect([one?.state, failed?.state, other?.state]).toEqual([
      'TASK_KILLED',
      'TASK_FAILED',
      'TASK_KILLED',
    ])
  })

  it('ends as a whole when one is killed, and continues when one finishes', async () => {
    const { agent } = harness
    agent.launchGroup({ a: { kind: 'shell', command: 'true' }, b: sleep, c: sleep })
    expect((await agent.last('a')).state).toBe('TASK_FINISHED')
    await statusWhere('b', ({ state }) => state === 'TASK_RUNNING')
    await statusWhere('c', ({ state }) => state === 'TASK_RUNNING')
    agent.tell({ type: 'KILL', kill: { taskId: { value: 'b' } } })
    const ends = await Promise.all([agent.last('b'), agent.last('c')])
    expect(ends.map(({ state }) => state)).toEqual(['TASK_KILLED', 'TASK_KILLED'])
  })

  it('ends as a whole when one is invalid, without effect on other groups', async () => {
    const { agent } = harness
    agent.launch('apart', sleep)
    agent.launchGroup({ a: { kind: 'dance' } as never, b: sleep })
    const [refused, killed] = await Promise.all([agent.last('a'), agent.last('b')])
    expect(refused.state).toBe('TASK_FAILED')
    expect(reportOf(refused).code).toBe('TASK_INVALID')
    expect(killed.state).toBe('TASK_KILLED')
    expect(harness.states('apart').at(-1)).not.toBe('TASK_KILLED')
  })
})
