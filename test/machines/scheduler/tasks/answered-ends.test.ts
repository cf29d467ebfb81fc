import { describe, expect, it } from 'vitest'
import { taskTableOf } from '../../../../src/machines/scheduler/components.ts'
import { storyOf } from '../../../support/machines/story.ts'
import type { TaskRequest } from '../../../../src/domain/tasks/task-request.ts'
import { findTask } from '../../../../src/machines/scheduler/tasks/table/task-table.ts'
import { createMemoryJournal } from '../../../../src/journal/journal.ts'
import { createRuntime } from '../../../../src/journal/runtime/runtime.ts'
import type {
  SchedulerFact,
  SchedulerInboxEvent,
} from '../../../../src/machines/scheduler/events.ts'
import type { SchedulerPolicy } from '../../../../src/machines/scheduler/input.ts'
import { schedulerMachine } from '../../../../src/machines/scheduler/scheduler.ts'
import type { SchedulerCall, TaskState, TaskStatus } from '../../../../src/mesos/types.generated.ts'
import { createManualClock } from '../../../../src/testing/manual-clock.ts'
import { offer, status } from '../../../support/mesos/mesos-data.ts'

const minuteMs = 60_000
const agentId = { value: 'a1' }
const uuid = 'AAAAAAAAAAAAAAAAAAAAAA=='
const registered: SchedulerInboxEvent = { type: 'mesos.subscribed', frameworkId: 'f1' }
const kill: SchedulerInboxEvent = { type: 'task.kill', taskId: 'a' }
const lost: SchedulerInboxEvent = {
  type: 'connection.lost',
  code: 'STREAM_ENDED',
  message: 'the stream has ended',
  retryable: true,
}

function updateOf(one: TaskStatus): SchedulerInboxEvent {
  return { type: 'mesos.update', status: one }
}

/** What a master answers to a reconciliation: no uuid, no data, no reason of its own. */
function answer(state: TaskState, id = 'a', more: Partial<TaskStatus> = {}): SchedulerInboxEvent {
  return updateOf(
    status(id, state, {
      message: 'Reconciliation: Latest task state',
      source: 'SOURCE_MASTER',
      reason: 'REASON_RECONCILIATION',
      agentId,
      ...more,
    }),
  )
}

/** What an agent sends until it is acknowledged. */
function update(state: TaskState, id = 'a', more: Partial<TaskStatus> = {}): SchedulerInboxEvent {
  return updateOf(status(id, state, { source: 'SOURCE_EXECUTOR', agentId, uuid, ...more }))
}

function submit(...requests: readonly Partial<TaskRequest>[]): SchedulerInboxEvent {
  const work = { kind: 'js', module: 'm.mjs', export: 'e' } as const
  const resources = { cpus: 0.1, memMb: 32 }
  return {
    type: 'task.submit',
    requests: requests.map((request) => ({ id: 'a', work, resources, ...request })),
  }
}

const offers: SchedulerInboxEvent = { type: 'mesos.offers', offers: [offer('o1', { cpus: 8 })] }

/** A scheduler on a clock of its own, whose process can be killed and started again. */
function schedulerOf(policy: SchedulerPolicy = {}) {
  const clock = createManualClock()
  const journal = createMemoryJournal<SchedulerInboxEvent>(clock.now())
  const facts: SchedulerFact[] = []
  const calls: SchedulerCall[] = []
  const boot = () => {
    const runtime = createRuntime(schedulerMachine, {
      input: {
        framework: { user: 'u', name: 'n' },
        hasLibraries: false,
        timeoutMs: 10 * minuteMs,
        remembersOutcomes: true,
        policy: { reconcileEveryMs: 5 * minuteMs, ...policy },
      },
      journal,
      recoveryEvent: { type: 'process.restarted' },
      clock,
    })
    runtime.effect$.subscribe(({ type, params }) => {
      if (type === 'fx.call') calls.push(params as SchedulerCall)
    })
    runtime.fact$.subscribe((fact) => facts.push(fact))
    runtime.start()
    return runtime
  }
  let runtime = boot()
  return {
    /** Events come in, with minutes between them. Tells of tasks, and calls, since the last time. */
    on(...steps: readonly (SchedulerInboxEvent | number)[]) {
      facts.length = 0
      calls.length = 0
      for (const step of steps) {
        if (typeof step === 'number') clock.advance(step * minuteMs)
        else runtime.dispatch(step)
      }
      return {
        facts: facts.filter(({ type }) => type.startsWith('task.')),
        /** What was told of ends and further attempts. */
        ends: facts.flatMap((fact) =>
          fact.type === 'task.ended' || fact.type === 'task.retried' ? [fact] : [],
        ),
        calls: calls.map(({ type }) => type),
        asked: calls.flatMap((call) => (call.type === 'RECONCILE' ? [call.reconcile] : [])),
      }
    },
    restart(awayMinutes: number) {
      runtime.stop()
      clock.advance(awayMinutes * minuteMs)
      runtime = boot()
    },
    rowOf: (id = 'a') => findTask(taskTableOf(runtime.snapshot), id),
    get value() {
      return storyOf(runtime.snapshot)
    },
  }
}

/** A scheduler whose task runs. */
function running(request: Partial<TaskRequest> = {}, policy: SchedulerPolicy = {}) {
  const scheduler = schedulerOf(policy)
  scheduler.on(registered, submit(request), offers, update('TASK_RUNNING'))
  return scheduler
}

const ends: readonly TaskState[] = ['TASK_FINISHED', 'TASK_FAILED', 'TASK_ERROR']
const losses: readonly TaskState[] = [
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
  'TASK_UNKNOWN',
]

describe('a task that the master reports as over', () => {
  it('launches it again when its agent reports that it never ran', () => {
    const scheduler = running()
    expect(scheduler.on(answer('TASK_FAILED')).ends).toEqual([])
    const reason = 'REASON_CONTAINER_LAUNCH_FAILED'
    const told = scheduler.on(update('TASK_FAILED', 'a', { reason, source: 'SOURCE_AGENT' }))
    expect(told.ends).toMatchObject([{ type: 'task.retried', status: { reason } }])
    expect(told.calls).toContain('ACKNOWLEDGE')
    expect(scheduler.rowOf()).toMatchObject({ state: 'pending', attempt: 2 })
    expect(scheduler.rowOf()).not.toHaveProperty('answer')
  })

  it.each(ends)('ends with what its agent sends after the answer %s', (state) => {
    const scheduler = running()
    const asked = scheduler.on(answer(state))
    expect(asked.facts).toMatchObject([{ type: 'task.updated', status: { state } }])
    expect(asked.calls).toEqual([])
    const data = 'eyJ2ZXJzaW9uIjoxfQ=='
    const told = scheduler.on(update(state, 'a', { data }))
    expect(told.facts).toMatchObject([{ type: 'task.ended', status: { state, data } }])
    expect(told.facts[0]).not.toHaveProperty('code')
    expect(told.calls).toEqual(['ACKNOWLEDGE'])
    expect(scheduler.on(40).facts).toEqual([])
  })

  it('ends with what its agent sends before the answer', () => {
    const scheduler = running()
    expect(scheduler.on(update('TASK_FINISHED'), answer('TASK_FINISHED')).facts).toMatchObject([
      { type: 'task.ended' },
    ])
    expect(scheduler.on(40).facts).toEqual([])
  })

  it('ends with the update of its agent, after any answer', () => {
    const scheduler = running()
    scheduler.on(answer('TASK_FAILED'))
    expect(scheduler.on(update('TASK_FINISHED')).ends).toMatchObject([
      { status: { state: 'TASK_FINISHED' } },
    ])
  })

  it('waits also when the master reports the end after its agent returns', () => {
    const scheduler = running()
    scheduler.on(answer('TASK_UNREACHABLE'))
    const reason = 'REASON_AGENT_REREGISTERED'
    expect(scheduler.on(answer('TASK_FINISHED', 'a', { reason })).ends).toEqual([])
    expect(scheduler.on(update('TASK_FINISHED')).ends).toMatchObject([{ type: 'task.ended' }])
  })

  it('is over at once when the master itself ended it', () => {
    const invalid = { reason: 'REASON_TASK_INVALID' } as const
    const told = running().on(answer('TASK_ERROR', 'a', invalid))
    expect(told.ends).toMatchObject([{ type: 'task.ended' }])
  })

  it.each<[TaskState, Partial<TaskRequest>, object]>([
    ['TASK_FINISHED', {}, { type: 'task.ended', code: 'RESULT_UNKNOWN' }],
    ['TASK_FAILED', {}, { type: 'task.ended', code: 'TASK_FAILED' }],
    ['TASK_FAILED', { retry: { maxAttempts: 2 } }, { type: 'task.retried' }],
    ['TASK_KILLED', {}, { type: 'task.retried' }],
  ])('is %s after 10 to 20 minutes without an update, with %o', (state, request, end) => {
    const scheduler = running(request)
    expect(scheduler.on(answer(state), 9.9).ends).toEqual([])
    const told = scheduler.on(10.2)
    expect(told.ends).toMatchObject([{ ...end, taskId: 'a', status: { state } }])
    expect(scheduler.on(update(state)).ends).toEqual([])
  })

  it('is complete when it is a shell command, which has no result', () => {
    const scheduler = running({ work: { kind: 'shell', command: 'true' } })
    const [end] = scheduler.on(answer('TASK_FINISHED'), 21).ends
    expect(end).toMatchObject({ type: 'task.ended', status: { state: 'TASK_FINISHED' } })
    expect(end).not.toHaveProperty('code')
  })

  it('waits no longer because the answer is given again', () => {
    const scheduler = running()
    for (let minute = 0; minute < 20; minute++)
      expect(scheduler.on(answer('TASK_FINISHED')).ends.length + scheduler.on(1).ends.length).toBe(
        minute === 19 ? 1 : 0,
      )
  })

  it('is asked after again by the next subscription, and waits from that answer on', () => {
    const scheduler = running()
    scheduler.on(answer('TASK_FINISHED'), 9, lost, 9)
    expect(scheduler.on(registered).asked).toMatchObject([{ tasks: [{ taskId: { value: 'a' } }] }])
    expect(scheduler.on(30).ends).toEqual([])
    expect(scheduler.on(answer('TASK_FINISHED'), 9.9).ends).toEqual([])
    expect(scheduler.on(10.2).ends).toMatchObject([{ code: 'RESULT_UNKNOWN' }])
  })

  it.each([0, 1, 60, 24 * 60])('waits across a process that is away for %d minutes', (minutes) => {
    const scheduler = running()
    scheduler.on(answer('TASK_FINISHED'), 9)
    scheduler.restart(minutes)
    expect(scheduler.on(0.1, registered).ends).toEqual([])
    expect(scheduler.on(answer('TASK_FINISHED'), 9).ends).toEqual([])
    expect(scheduler.on(update('TASK_FINISHED')).ends).toMatchObject([{ type: 'task.ended' }])
  })

  it('waits across a restart though its time was nearly over', () => {
    const scheduler = running()
    scheduler.on(answer('TASK_FINISHED'), 12)
    scheduler.restart(60)
    scheduler.on(0.1, registered)
    expect(scheduler.on(answer('TASK_FINISHED'), 9).ends).toEqual([])
    expect(scheduler.on(update('TASK_FINISHED')).ends).toMatchObject([{ type: 'task.ended' }])
  })

  it.each(losses)('ends by the answer when no agent has the task: %s', (state) => {
    const scheduler = running({ retry: { maxAttempts: 1 } })
    scheduler.on(answer('TASK_FINISHED'))
    expect(scheduler.on(answer(state)).ends).toMatchObject([
      { code: 'RESULT_UNKNOWN', status: { state: 'TASK_FINISHED' } },
    ])
    const other = running()
    other.on(answer('TASK_FINISHED'))
    const told = other.on(update(state))
    expect(told.ends).toMatchObject([{ code: 'RESULT_UNKNOWN' }])
    expect(told.calls).toEqual(['ACKNOWLEDGE'])
  })

  it.each(losses)('is launched again when the only answer is %s', (state) => {
    expect(running().on(answer(state)).ends).toMatchObject([{ type: 'task.retried' }])
  })

  it('waits for an agent out of reach no longer than for another', () => {
    const scheduler = running()
    scheduler.on(answer('TASK_FINISHED'), lost, registered)
    expect(scheduler.on(answer('TASK_UNREACHABLE'), 9.9).ends).toEqual([])
    expect(scheduler.rowOf()).toMatchObject({ state: 'ending' })
    expect(scheduler.on(10.2).ends).toMatchObject([{ code: 'RESULT_UNKNOWN' }])
  })

  it('acknowledges updates of its agent from before the end', () => {
    const scheduler = running()
    scheduler.on(answer('TASK_FINISHED'))
    for (const state of ['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING'] as const)
      expect(scheduler.on(update(state))).toMatchObject({ facts: [], calls: ['ACKNOWLEDGE'] })
    expect(scheduler.rowOf()).toMatchObject({ state: 'ending' })
    expect(scheduler.on(update('TASK_FINISHED')).ends).toMatchObject([{ type: 'task.ended' }])
  })

  it('is not killed any more, and not launched again when its user asks for a kill', () => {
    const scheduler = running()
    expect(scheduler.on(answer('TASK_FAILED'), kill, 3).calls).not.toContain('KILL')
    const reason = 'REASON_CONTAINER_LAUNCH_FAILED'
    expect(scheduler.on(update('TASK_FAILED', 'a', { reason })).ends).toMatchObject([
      { type: 'task.ended' },
    ])
  })

  it('waits when it was killed before, and KILL is not sent again', () => {
    const scheduler = running()
    expect(scheduler.on(kill).calls).toEqual(['KILL'])
    expect(scheduler.on(answer('TASK_KILLED'), 9).calls).not.toContain('KILL')
    expect(scheduler.on(update('TASK_FINISHED')).ends).toMatchObject([
      { status: { state: 'TASK_FINISHED' } },
    ])
    const other = running()
    const [end] = other.on(kill, answer('TASK_KILLED'), 21).ends
    expect(end).toMatchObject({ type: 'task.ended', status: { state: 'TASK_KILLED' } })
    expect(end).not.toHaveProperty('code')
  })

  it('is launched elsewhere when it was killed to move', () => {
    const scheduler = running({}, { inverseOffers: 'move' })
    const unavailability = { start: { nanoseconds: 1e15 } }
    const id = { value: 'i1' }
    const frameworkId = { value: 'f1' }
    const inverseOffers = [{ id, frameworkId, agentId, unavailability }]
    const asked: SchedulerInboxEvent = { type: 'mesos.inverseOffers', inverseOffers }
    scheduler.on(asked, answer('TASK_KILLED'))
    expect(scheduler.on(asked).calls).not.toContain('KILL')
    expect(scheduler.on(update('TASK_KILLED')).ends).toMatchObject([{ type: 'task.retried' }])
  })

  it('does not concern an attempt that was replaced', () => {
    const scheduler = running({ retry: { maxAttempts: 3 } })
    scheduler.on(update('TASK_FAILED'), {
      type: 'mesos.offers',
      offers: [offer('o2', { cpus: 8 })],
    })
    expect(scheduler.on(answer('TASK_FINISHED'), update('TASK_FINISHED'), 30).facts).toEqual([])
    expect(scheduler.rowOf()).toMatchObject({ attempt: 2, state: 'launching' })
  })

  it('holds up a framework that drains', () => {
    const scheduler = running()
    scheduler.on(answer('TASK_FINISHED'), { type: 'framework.drain' }, 5)
    expect(scheduler.value).toBe('draining')
    scheduler.on(update('TASK_FINISHED'))
    expect(scheduler.value).toEqual({ stopping: 'tearingDown' })
  })

  it('is reported as far as it is known when the framework stops', () => {
    const scheduler = running()
    const stop: SchedulerInboxEvent = { type: 'framework.stop', detach: false }
    expect(scheduler.on(answer('TASK_FINISHED'), stop).ends).toMatchObject([
      { code: 'RESULT_UNKNOWN', status: { state: 'TASK_FINISHED' } },
    ])
    expect(scheduler.on(40).facts).toEqual([])
  })

  it('is remembered with its unknown result', () => {
    const scheduler = running()
    scheduler.on(answer('TASK_FINISHED'), 21)
    expect(scheduler.on(submit({})).ends).toMatchObject([{ code: 'RESULT_UNKNOWN' }])
  })

  it('ends each of many when its time has come', () => {
    const scheduler = schedulerOf()
    const ids = Array.from({ length: 40 }, (_, index) => `t${index}`)
    const resources = { cpus: 0.1, memMb: 8 }
    scheduler.on(registered, submit(...ids.map((id) => ({ id, resources }))), offers)
    const [early, late] = [ids.slice(0, 20), ids.slice(20)]
    scheduler.on(...early.map((id) => answer('TASK_FINISHED', id)), 6)
    scheduler.on(...late.map((id) => answer('TASK_FINISHED', id)))
    expect(
      scheduler.on(...early.slice(0, 10).map((id) => update('TASK_FINISHED', id))).ends,
    ).toHaveLength(10)
    expect(
      scheduler
        .on(30)
        .ends.map(({ taskId }) => taskId)
        .toSorted(),
    ).toEqual([...early.slice(10), ...late].toSorted())
  })
})
