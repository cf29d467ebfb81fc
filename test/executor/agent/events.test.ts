import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { toMachineEvents, toTaskStatus } from '../../../src/executor/agent/events.ts'
import { executorCodec } from '../../../src/mesos/codec.ts'
import { createRecordDecoder } from '../../../src/mesos/recordio.ts'
import type { ExecutorEvent, TaskInfo } from '../../../src/mesos/types.generated.ts'

/** Events from a Mesos 1.12.0 agent to one executor. */
function recordedEvents(): readonly ExecutorEvent[] {
  const bytes = readFileSync('test/fixtures/mesos/executor/protobuf.recordio')
  const { decodeEvent } = executorCodec('application/x-protobuf')
  return createRecordDecoder().push(bytes).map(decodeEvent)
}

function task(id: string, payload: unknown, more: Partial<TaskInfo> = {}): TaskInfo {
  const data = Buffer.from(JSON.stringify(payload)).toString('base64')
  return { name: id, taskId: { value: id }, agentId: { value: 'a' }, data, ...more }
}

const payload = { version: 1, work: { kind: 'shell', command: 'true' }, maxResultBytes: 5 }

describe('toMachineEvents', () => {
  it('converts all recorded events of an agent', () => {
    const events = recordedEvents().flatMap(toMachineEvents)
    expect(events.map(({ type }) => type)).toEqual([
      'agent.subscribed',
      'task.launched',
      'task.launched',
      'update.acknowledged',
      'update.acknowledged',
      'update.acknowledged',
      'update.acknowledged',
      'kill.requested',
      'update.acknowledged',
      'shutdown.requested',
    ])
    expect(events[1]).toMatchObject({ task: { payload: { code: 'TASK_INVALID' } } })
  })

  it('launches each task of a group', () => {
    const tasks = [task('a', payload), task('b', payload)]
    const events = toMachineEvents({ type: 'LAUNCH_GROUP', launchGroup: { taskGroup: { tasks } } })
    expect(events).toMatchObject([{ task: { taskId: 'a', payload } }, { task: { taskId: 'b' } }])
  })

  it('uses the grace of the kill, of the task, or three seconds', () => {
    const killPolicy = { gracePeriod: { nanoseconds: 1_500_000_000 } }
    const launch = (info: TaskInfo) => toMachineEvents({ type: 'LAUNCH', launch: { task: info } })
    expect(launch(task('a', payload))).toMatchObject([{ task: { killGraceMs: 3000 } }])
    expect(launch(task('a', payload, { killPolicy }))).toMatchObject([
      { task: { killGraceMs: 1500 } },
    ])
    const kill = { taskId: { value: 'a' }, killPolicy }
    expect(toMachineEvents({ type: 'KILL', kill })).toEqual([
      { type: 'kill.requested', taskId: 'a', graceMs: 1500 },
    ])
  })

  it('ends with status 1 on ERROR', () => {
    const events = toMachineEvents({ type: 'ERROR', error: { message: 'unknown executor' } })
    expect(events).toMatchObject([{ message: 'unknown executor', exitStatus: 1 }])
  })

  it('ignores unknown events', () => {
    expect(toMachineEvents({ type: 'HEARTBEAT' })).toEqual([])
    expect(toMachineEvents({ type: 'UNKNOWN' })).toEqual([])
  })
})

describe('toTaskStatus', () => {
  it('makes a status that an agent accepts', () => {
    const report = { version: 1 as const, exitStatus: 3 }
    const update = { taskId: 't', state: 'TASK_FAILED' as const, report, message: 'exited' }
    const uuid = 'AoSJWFjFT4+CKy63nrEbJg=='
    const status = toTaskStatus({ ...update, uuid, timestampMs: 1500 }, 'e')
    expect(status).toEqual({
      taskId: { value: 't' },
      executorId: { value: 'e' },
      state: 'TASK_FAILED',
      source: 'SOURCE_EXECUTOR',
      uuid,
      timestamp: 1.5,
      message: 'exited',
      data: Buffer.from('{"version":1,"exitStatus":3}').toString('base64'),
    })
  })
})
