import { describe, expect, it } from 'vitest'
import { taskTableOf } from '../../../../src/machines/scheduler/components.ts'
import type { TaskRequest } from '../../../../src/domain/tasks/task-request.ts'
import { tasksOf } from '../../../../src/machines/scheduler/tasks/table/task-table.ts'
import { createMemoryJournal } from '../../../../src/journal/journal.ts'
import { createRuntime } from '../../../../src/journal/runtime/runtime.ts'
import type {
  SchedulerFact,
  SchedulerInboxEvent,
} from '../../../../src/machines/scheduler/events.ts'
import { schedulerMachine } from '../../../../src/machines/scheduler/scheduler.ts'
import type { SchedulerCall, TaskState, TaskStatus } from '../../../../src/mesos/types.generated.ts'
import { createManualClock } from '../../../../src/testing/manual-clock.ts'
import { offer, status } from '../../../support/mesos/mesos-data.ts'

const subscribed: SchedulerInboxEvent = { type: 'mesos.subscribed', frameworkId: 'f1' }

/** A scheduler on a clock of its own; `restart` goes on from its journal in another process. */
function start() {
  const clock = createManualClock()
  const journal = createMemoryJournal<SchedulerInboxEvent>(clock.now())
  const calls: SchedulerCall[] = []
  const facts: SchedulerFact[] = []
  const open = () => {
    const runtime = createRuntime(schedulerMachine, {
      input: { framework: { user: 'u', name: 'n' }, hasLibraries: false, timeoutMs: 600_000 },
      journal,
      clock,
      recoveryEvent: { type: 'process.restarted' },
    })
    runtime.effect$.subscribe(({ type, params }) => {
      if (type === 'fx.call') calls.push(params as SchedulerCall)
    })
    runtime.fact$.subscribe((fact) => facts.push(fact))
    return runtime
  }
  let runtime = open()
  runtime.start()
  const tell = (event: SchedulerInboxEvent): void => runtime.dispatch(event)
  return {
    clock,
    calls,
    tell,
    submit(...requests: readonly Partial<TaskRequest>[]) {
      const work = { kind: 'shell', command: 'true' } as const
      tell({
        type: 'task.submit',
        requests: requests.map((request) => ({
          id: 'a',
          work,
          resources: { cpus: 1 },
          ...request,
        })),
      })
    },
    offers: (agent: string) =>
      tell({ type: 'mesos.offers', offers: [offer(`of-${agent}`, { agent })] }),
    update: (id: string, state: TaskState, more: Partial<TaskStatus> = {}) =>
      tell({
        type: 'mesos.update',
        status: status(id, state, { agentId: { value: 'a1' }, ...more }),
      }),
    /** The agent is unreachable since the second `since`. */
    unreachable(since: number, ...ids: readonly string[]) {
      for (const id of ids)
        this.update(id, 'TASK_UNREACHABLE', { unreachableTime: { nanoseconds: since * 1e9 } })
    },
    restart() {
      runtime.stop()
      runtime = open()
      runtime.start()
    },
    /** What was told of tasks since the last call. */
    told: () =>
      facts.splice(0).flatMap((fact) => {
        if (!fact.type.startsWith('task.') || !('taskId' in fact)) return []
        return `${fact.type} ${fact.taskId}${'attempt' in fact ? ` ${fact.attempt}` : ''}`
      }),
    killed: () =>
      calls.splice(0).flatMap((call) => (call.type === 'KILL' ? call.kill.taskId.value : [])),
    states: () =>
      Array.from(tasksOf(taskTableOf(runtime.snapshot)), ({ request, state, attempt }) => {
        return `${request.id} ${attempt} ${state}`
      }),
  }
}

/** Task `a` on agent `a1`, which is unreachable from second 1 on. */
function away(request: Partial<TaskRequest> = { unreachableMs: 60_000 }) {
  const it = start()
  it.tell(subscribed)
  it.submit(request)
  it.offers('a1')
  it.update('a', 'TASK_RUNNING')
  it.unreachable(1, 'a')
  it.told()
  it.killed()
  return it
}

describe('a task whose agent is unreachable', () => {
  it('is waited for without limit unless it has one', () => {
    const it = away({})
    it.clock.advance(24 * 3_600_000)
    expect(it.states()).toEqual(['a 1 unreachable'])
  })

  it('is launched elsewhere after its time, and not before', () => {
    const it = away()
    it.clock.advance(59_999)
    expect(it.states()).toEqual(['a 1 unreachable'])
    it.clock.advance(1)
    expect(it.told()).toEqual(['task.retried a 1'])
    it.offers('a2')
    expect(it.states()).toEqual(['a 2 launching'])
  })

  it('is killed when its agent returns after another attempt was launched', () => {
    const it = away()
    it.clock.advance(60_000)
    it.offers('a2')
    it.update('a~2', 'TASK_RUNNING', { agentId: { value: 'a2' } })
    it.told()
    it.update('a', 'TASK_RUNNING', { reason: 'REASON_AGENT_REREGISTERED' })
    expect(it.told()).toEqual(['task.unknown a'])
    expect(it.killed()).toEqual(['a'])
    it.update('a', 'TASK_KILLED')
    expect(it.states()).toEqual(['a 2 running'])
    it.update('a~2', 'TASK_FINISHED')
    expect(it.told()).toEqual(['task.ended a 2'])
  })

  it.each([
    ['TASK_RUNNING', ['a 1 running'], ['task.updated a 1']],
    ['TASK_FINISHED', [], ['task.ended a 1']],
    ['TASK_FAILED', [], ['task.ended a 1']],
    ['TASK_GONE', ['a 2 pending'], []],
    ['TASK_UNREACHABLE', ['a 2 pending'], []],
  ] as const)(
    'is its old self when that returns as %s before another is launched',
    (state, left, told) => {
      const it = away()
      it.clock.advance(60_000)
      it.told()
      it.update('a', state)
      expect([it.states(), it.told(), it.killed()]).toEqual([left, told, []])
      it.offers('a2')
      expect(it.calls.some(({ type }) => type === 'ACCEPT')).toBe(left[0] === 'a 2 pending')
    },
  )

  it('is asked for after each subscription, and killed if its agent returned meanwhile', () => {
    const it = away()
    it.clock.advance(60_000)
    it.offers('a2')
    it.update('a~2', 'TASK_RUNNING', { agentId: { value: 'a2' } })
    it.restart()
    it.tell(subscribed)
    const asked = it.calls.flatMap((call) =>
      call.type === 'RECONCILE' ? (call.reconcile.tasks ?? []) : [],
    )
    expect(asked.map(({ taskId, agentId }) => [taskId.value, agentId?.value])).toEqual([
      ['a~2', 'a2'],
      ['a', 'a1'],
    ])
    it.told()
    it.killed()
    const answer = { reason: 'REASON_RECONCILIATION', source: 'SOURCE_MASTER' } as const
    it.update('a', 'TASK_UNREACHABLE', answer)
    expect([it.told(), it.killed()]).toEqual([[], []])
    it.update('a', 'TASK_RUNNING', answer)
    expect(it.killed()).toEqual(['a'])
  })

  it('waits its whole time again after it was back in between', () => {
    const it = away()
    it.clock.advance(30_000)
    it.update('a', 'TASK_RUNNING')
    it.unreachable(40, 'a')
    it.clock.advance(59_999)
    expect(it.states()).toEqual(['a 1 unreachable'])
    it.clock.advance(1)
    expect(it.states()).toEqual(['a 2 pending'])
  })

  it('is given up at its time though the process was started anew meanwhile', () => {
    const it = away()
    it.clock.advance(40_000)
    it.restart()
    it.tell(subscribed)
    it.update('a', 'TASK_UNREACHABLE', {
      reason: 'REASON_RECONCILIATION',
      unreachableTime: { nanoseconds: 1e9 },
    })
    it.clock.advance(20_000)
    expect(it.states()).toEqual(['a 2 pending'])
  })

  it('is over, and killed on its return, when its user killed it', () => {
    const it = away()
    it.tell({ type: 'task.kill', taskId: 'a' })
    it.update('a', 'TASK_UNREACHABLE', { unreachableTime: { nanoseconds: 1e9 } })
    it.clock.advance(60_000)
    expect(it.told()).toContain('task.ended a 1')
    it.killed()
    it.clock.advance(60_000)
    expect(it.killed()).toContain('a')
  })

  it('goes with its group, which is launched again as a whole and never taken back in part', () => {
    const it = start()
    it.tell(subscribed)
    it.submit({ unreachableMs: 1000, group: 'g' }, { id: 'b', unreachableMs: 1000, group: 'g' })
    it.tell({
      type: 'mesos.offers',
      offers: [
        offer('o', { cpus: 4, more: [{ name: 'disk', type: 'SCALAR', scalar: { value: 100 } }] }),
      ],
    })
    it.unreachable(1, 'a', 'b')
    it.clock.advance(1000)
    expect(it.states().toSorted()).toEqual(['a 2 pending', 'b 2 pending'])
    it.killed()
    it.update('a', 'TASK_RUNNING')
    expect(it.killed()).toEqual(['a'])
    expect(it.states().toSorted()).toEqual(['a 2 pending', 'b 2 pending'])
  })

  it('shares one timer with all tasks of its agent that wait equally long', () => {
    const it = start()
    it.tell(subscribed)
    it.submit({ id: 'a', unreachableMs: 1000 }, { id: 'b', unreachableMs: 1000 })
    it.offers('a1')
    it.unreachable(1, 'a')
    it.clock.advance(500)
    it.unreachable(1, 'b')
    it.clock.advance(500)
    expect(it.states().toSorted()).toEqual(['a 2 pending', 'b 2 pending'])
  })
})
