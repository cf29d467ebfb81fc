import { describe, expect, it } from 'vitest'
import { describeEvent } from '../../../src/cli/report/event-line.ts'
import { runtimeAwaited } from '../../../src/domain/runtimes/platforms.ts'
import { createRunLog } from '../../../src/cli/report/record/run-log.ts'
import { failed, fetched, finished, launched } from './reported-events.ts'

const log = createRunLog()
for (const event of [launched, finished]) log.record(event)

describe('describeEvent', () => {
  it('names hosts and durations from earlier events', () => {
    expect(describeEvent(fetched, log)?.text).toBe('east has a.jar, 1.5 kB, from its host cache')
    expect(describeEvent(finished, log)?.text).toBe('task sum finished in 1.5 s')
  })

  it('warns of tasks that failed', () => {
    expect(describeEvent(failed, log)).toEqual({
      kind: 'warning',
      text: 'task load TASK_FAILED: no class a.B (CLASS_NOT_FOUND)',
    })
  })

  it('says why a task is tried again, in the words of Mesos or of the scheduler', () => {
    const payload = { taskId: 'a', attempt: 1, at: 0 }
    const message = 'its agent was unreachable for 60 s'
    const told = describeEvent(
      { event: 'task.retried', at: 0, payload: { ...payload, message } },
      log,
    )
    expect(told?.text).toBe(`task a was lost: ${message}; retrying it`)
    const state = 'TASK_KILLED' as const
    const status = { taskId: { value: 'a' }, state, reason: 'REASON_AGENT_DRAINING' } as const
    const drained = { ...payload, state, status }
    expect(describeEvent({ event: 'task.retried', at: 0, payload: drained }, log)?.text).toBe(
      'task a TASK_KILLED: its agent is being drained; retrying it',
    )
  })

  it('tells once what is shipped to agents without a Node.js, however many tasks wait for it', () => {
    const payload = { taskId: 'a', attempt: 1, at: 0, message: runtimeAwaited }
    expect(describeEvent({ event: 'task.retried', at: 0, payload }, log)).toEqual({
      kind: 'notice',
      text: `task a waits: ${runtimeAwaited}`,
    })
    const platform = 'linux-x64' as const
    const served = { platform, version: '24.1.0', sizeBytes: 52_752_166 }
    expect(describeEvent({ event: 'runtime.served', at: 0, payload: served }, log)).toEqual({
      kind: 'warning',
      text: 'shipping Node.js 24.1.0, 52.8 MB, to agents (linux-x64) without one',
    })
    const needed = { platform, agentId: 'unknown' }
    expect(describeEvent({ event: 'runtime.needed', at: 0, payload: needed }, log)?.text).toMatch(
      /\(linux-x64\) has no Node\.js 20\.19 or newer: it gets one$/,
    )
  })

  it('distinguishes an attempt that came back from a task of another run', () => {
    const status = { taskId: { value: 'a' }, state: 'TASK_RUNNING' } as const
    const payload = { taskId: 'a', status, isKilled: true, isReplaced: true } as const
    expect(describeEvent({ event: 'task.unknown', at: 0, payload }, log)?.text).toBe(
      'task a runs, though another attempt replaced it; killing it',
    )
  })

  it('says how an executor ended', () => {
    const payload = { agentId: '0f-1a-S1', executorId: 'e', status: 127 << 8 }
    const line = describeEvent({ event: 'executor.failed', at: 0, payload }, log)
    expect(line?.text).toContain('an executor on east exited with status 127: ')
    const unknown = describeEvent({ event: 'executor.failed', at: 0, payload: {} }, log)
    expect(unknown?.text).toBe('an executor on an agent ended')
  })

  it('names waiting tasks and what they lack', () => {
    const nearest = { agentId: 'S1', hostname: 'east', has: { cpus: 2 }, lacks: ['cpus'] as const }
    const payload = { need: { cpus: 3 }, obstacles: { cpus: 2 }, nearest, at: 0 }
    const textOf = (more: { taskIds: string[]; count: number }) =>
      describeEvent({ event: 'task.waiting', at: 0, payload: { ...payload, ...more } }, log)?.text
    const why =
      'needs an offer of at least 3 cpus; the best agent, east, has 2 cpus: too few cpus; offers: 2 with too few cpus'
    expect(textOf({ taskIds: ['a'], count: 1 })).toBe(`task a waits: it ${why}`)
    expect(textOf({ taskIds: ['a', 'b'], count: 9 })).toBe(
      `9 tasks wait (a, b and 7 more): each ${why}`,
    )
  })

  it('says that the master makes no offers', () => {
    const payload = { silentMs: 10_000, at: 0 }
    expect(describeEvent({ event: 'offers.missing', at: 0, payload }, log)?.text).toContain(
      'the master has made no offer for 10.0 s',
    )
  })

  it('names tasks that wait for an agent out of reach', () => {
    const about = { agentId: '0f-1a-S1', hostname: 'east' }
    const payload = { ...about, count: 1, taskIds: ['a'], isUnlimited: true }
    const textOf = (more: object) =>
      describeEvent({ event: 'tasks.unreachable', at: 0, payload: { ...payload, ...more } }, log)
        ?.text
    expect(textOf({})).toBe(
      '1 task waits for the agent on east, which Mesos cannot reach: a; set unreachableMs (--unreachable SECONDS) to have them launched elsewhere',
    )
    expect(textOf({ count: 12, taskIds: ['a', 'b'], isUnlimited: false })).toBe(
      '12 tasks wait for the agent on east, which Mesos cannot reach: a, b and 10 more',
    )
    const answered = { taskId: { value: 'a' }, state: 'TASK_UNREACHABLE' as const }
    const update = { taskId: 'a', attempt: 1, hostname: 'east', state: answered.state, at: 0 }
    const lineOf = (reason: 'REASON_RECONCILIATION' | 'REASON_AGENT_REMOVED') =>
      describeEvent(
        { event: 'task.updated', at: 0, payload: { ...update, status: { ...answered, reason } } },
        log,
      )
    expect(lineOf('REASON_RECONCILIATION')?.text).toBe(
      'task a waits for its agent on east, which Mesos cannot reach',
    )
    expect(lineOf('REASON_AGENT_REMOVED')).toBeUndefined()
  })

  it('says that the end of a task is not yet confirmed by its agent', () => {
    const payload = { taskId: 'a', attempt: 1, state: 'TASK_FINISHED' as const, at: 0 }
    expect(describeEvent({ event: 'task.updated', at: 0, payload }, log)).toEqual({
      kind: 'notice',
      text: 'task a has ended according to the master; waiting for the update of its agent',
    })
  })

  it('removes control sequences from the output of others', () => {
    const payload = { call: 'ACCEPT', message: 'no\u001b[2J\u009b2J' }
    expect(describeEvent({ event: 'call.failed', at: 0, payload }, log)?.text).toBe(
      'call ACCEPT failed: no2J',
    )
  })

  it('is silent about staging under way and updates of no news', () => {
    const staging = { name: 'a.jar', stagedBytes: 1, sizeBytes: 2 }
    expect(
      describeEvent({ event: 'library.staging', at: 0, payload: staging }, log),
    ).toBeUndefined()
    expect(
      describeEvent({ event: 'offers.received', at: 0, payload: { count: 1, launched: 0 } }, log),
    ).toBeUndefined()
  })
})
