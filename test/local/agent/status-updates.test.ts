import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { StatusUpdates } from '../../../src/local/agent/status-updates.ts'
import type { TaskState, TaskStatus } from '../../../src/mesos/types.generated.ts'

let updates: StatusUpdates
let sent: { at: number; uuid: string; latest: TaskState }[]
let done: string[]

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
  sent = []
  done = []
  updates = new StatusUpdates({
    forward: (_frameworkId, { uuid = '' }, latest) =>
      sent.push({ at: Date.now(), uuid, latest: latest.state }),
    onTaskDone: (_frameworkId, taskId) => done.push(taskId),
  })
})

afterEach(() => {
  updates.close()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

function status(uuid: string, state: TaskState): TaskStatus {
  return { taskId: { value: 't' }, state, uuid }
}

describe('StatusUpdates', () => {
  it('sends again after 10, 20, 40 s, up to every 10 min', () => {
    updates.add('f', status('u1', 'TASK_RUNNING'))
    vi.advanceTimersByTime(3_600_000)
    const waits = sent.map(({ at }, index) => at - (sent[index - 1]?.at ?? 0)).slice(1)
    expect(waits.slice(0, 8)).toEqual([10e3, 20e3, 40e3, 80e3, 160e3, 320e3, 600e3, 600e3])
  })

  it('keeps one in flight, and sends the newest state with it', () => {
    updates.add('f', status('u1', 'TASK_STARTING'))
    updates.add('f', status('u2', 'TASK_FINISHED'))
    expect(sent.map(({ uuid }) => uuid)).toEqual(['u1'])
    vi.advanceTimersByTime(10_000)
    expect(sent.at(-1)).toMatchObject({ uuid: 'u1', latest: 'TASK_FINISHED' })
    updates.acknowledge('f', 't', 'u1')
    expect(sent.at(-1)).toMatchObject({ uuid: 'u2', latest: 'TASK_FINISHED' })
  })

  it('forgets a task when its terminal update is acknowledged', () => {
    updates.add('f', status('u1', 'TASK_FAILED'))
    updates.acknowledge('f', 't', 'other')
    expect(done).toEqual([])
    updates.acknowledge('f', 't', 'u1')
    updates.acknowledge('f', 't', 'u1')
    expect(done).toEqual(['t'])
  })

  it('drops repeated updates and updates after the terminal one', () => {
    updates.add('f', status('u1', 'TASK_RUNNING'))
    updates.add('f', status('u1', 'TASK_RUNNING'))
    updates.acknowledge('f', 't', 'u1')
    updates.add('f', status('u2', 'TASK_FINISHED'))
    updates.add('f', status('u3', 'TASK_KILLED'))
    expect(sent.map(({ uuid }) => uuid)).toEqual(['u1', 'u2'])
  })

  it('sends to a framework that is back after the answers of the master, and waits the first retry again', () => {
    updates.add('f', status('u1', 'TASK_RUNNING'))
    vi.advanceTimersByTime(35_000)
    updates.resend('f')
    updates.resend('other')
    vi.advanceTimersByTime(10_000)
    expect(sent.map(({ at }) => at)).toEqual([0, 10_000, 30_000, 35_020])
    vi.advanceTimersByTime(20)
    expect(sent.at(-1)?.at).toBe(45_020)
  })

  it('forgets a framework that is removed', () => {
    updates.add('f', status('u1', 'TASK_RUNNING'))
    updates.dropFramework('f')
    vi.advanceTimersByTime(60_000)
    expect(sent).toHaveLength(1)
  })
})
