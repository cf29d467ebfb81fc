import { describe, expect, it } from 'vitest'
import { describeEvent } from '../../../src/cli/report/event-line.ts'
import { createRunLog } from '../../../src/cli/report/run-log.ts'
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

  it('says what waiting tasks lack', () => {
    const payload = {
      taskIds: ['a', 'b'],
      count: 2,
      need: { cpus: 2, memMb: 32 },
      executor: { cpus: 0.1, memMb: 128 },
      obstacles: { cpus: 2, role: 1 },
      nearest: { cpus: 2, memMb: 4096, diskMb: 10, gpus: 0 },
      at: 0,
    }
    expect(describeEvent({ event: 'task.waiting', at: 0, payload }, log)?.text).toBe(
      '2 tasks wait; the first, a, needs an offer of at least 2.1 cpus (0.1 for its executor), 160 MB of memory (128 for its executor); offers: 2 with too few cpus, 1 of another role; the nearest has 2 cpus, 4096 MB of memory',
    )
  })

  it('says where waiting tasks may run', () => {
    const rules = [
      { field: 'rack', operator: 'unique' },
      { field: '@zone', operator: 'in', values: ['a', 'b'] },
    ] as const
    const payload = {
      taskIds: ['a'],
      count: 1,
      need: { ports: [80] },
      constraints: { hostname: 'h', rules },
      role: 'web',
      obstacles: { ports: 1 },
      nearest: { ports: 3 },
      at: 0,
    }
    expect(describeEvent({ event: 'task.waiting', at: 0, payload }, log)?.text).toBe(
      '1 task waits for an offer of role web of at least port 80 where hostname is h and rack unique and @zone in a b; offers: 1 without these ports; the nearest has 3 ports',
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
