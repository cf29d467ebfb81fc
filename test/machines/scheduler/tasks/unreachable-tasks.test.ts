import { describe, expect, it } from 'vitest'
import { createRuntime } from '../../../../src/journal/runtime/runtime.ts'
import type {
  SchedulerFact,
  SchedulerInboxEvent,
} from '../../../../src/machines/scheduler/events.ts'
import { schedulerMachine } from '../../../../src/machines/scheduler/scheduler.ts'
import { createManualClock } from '../../../../src/testing/manual-clock.ts'
import { offer, status } from '../../../support/mesos/mesos-data.ts'

const registered: SchedulerInboxEvent = { type: 'mesos.subscribed', frameworkId: 'f1' }
const lost: SchedulerInboxEvent = {
  type: 'connection.lost',
  code: 'STREAM_ENDED',
  message: 'the stream has ended',
  retryable: true,
}

function submit(ids: readonly string[], more: object = {}): SchedulerInboxEvent {
  const work = { kind: 'shell', command: 'true' } as const
  const resources = { cpus: 0.1, memMb: 32 }
  return { type: 'task.submit', requests: ids.map((id) => ({ id, work, resources, ...more })) }
}

function offers(agent: string): SchedulerInboxEvent {
  return { type: 'mesos.offers', offers: [offer(`of-${agent}`, { agent })] }
}

function unreachable(id: string): SchedulerInboxEvent {
  return { type: 'mesos.update', status: status(id, 'TASK_UNREACHABLE') }
}

/** What is told of tasks out of reach when the last event comes in. */
function toldBy(...events: readonly SchedulerInboxEvent[]) {
  const clock = createManualClock()
  let facts: SchedulerFact[] = []
  const runtime = createRuntime(schedulerMachine, {
    input: { framework: { user: 'u', name: 'n' }, hasLibraries: false, timeoutMs: 60_000 },
    clock,
  })
  runtime.fact$.subscribe((fact) => facts.push(fact))
  runtime.start()
  for (const event of events) {
    facts = []
    runtime.dispatch(event)
  }
  return facts.filter(({ type }) => type === 'tasks.unreachable')
}

describe('tasks whose agent Mesos cannot reach', () => {
  const placed = [registered, submit(['a', 'b']), offers('a1'), submit(['c']), offers('a2')]
  const failure: SchedulerInboxEvent = { type: 'mesos.failure', agentId: { value: 'a1' } }
  const away = { type: 'tasks.unreachable', agentId: 'a1', hostname: 'a1.example' }

  it('are named when the agent is lost', () => {
    expect(toldBy(...placed, unreachable('a'), unreachable('b'), failure)).toEqual([
      { ...away, count: 2, taskIds: ['a', 'b'], isUnlimited: true },
    ])
  })

  it('are not named when they went elsewhere, or when an executor ended', () => {
    const gone: SchedulerInboxEvent = { type: 'mesos.update', status: status('a', 'TASK_GONE') }
    expect(toldBy(...placed, gone, unreachable('c'), failure)).toEqual([])
    const executor: SchedulerInboxEvent = { ...failure, executorId: { value: 'e' } }
    expect(toldBy(...placed, unreachable('a'), executor)).toEqual([])
  })

  it('are named agent by agent with each subscription', () => {
    const events = [...placed, unreachable('a'), unreachable('c')]
    expect(toldBy(...events, lost, registered)).toEqual([
      { ...away, count: 1, taskIds: ['a'], isUnlimited: true },
      {
        ...away,
        agentId: 'a2',
        hostname: 'a2.example',
        count: 1,
        taskIds: ['c'],
        isUnlimited: true,
      },
    ])
    expect(toldBy(...events, { type: 'process.restarted' }, registered)).toHaveLength(2)
    const back: SchedulerInboxEvent = { type: 'mesos.update', status: status('c', 'TASK_RUNNING') }
    expect(toldBy(...events, back, lost, registered)).toHaveLength(1)
  })

  it('are reported as limited when all of them are', () => {
    const limited = [registered, submit(['a', 'b'], { unreachableMs: 60_000 }), offers('a1')]
    expect(toldBy(...limited, unreachable('a'), unreachable('b'), failure)).toMatchObject([
      { isUnlimited: false },
    ])
  })

  it('are counted where they are many', () => {
    const ids = Array.from({ length: 20 }, (_, index) => `t${index}`)
    const [fact] = toldBy(
      registered,
      submit(ids, { resources: { cpus: 0.01, memMb: 1 } }),
      offers('a1'),
      ...ids.map(unreachable),
      failure,
    )
    expect(fact).toMatchObject({ count: 20 })
    expect(fact).toHaveProperty('taskIds.length', 10)
  })
})
