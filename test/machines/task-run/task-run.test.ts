import { describe, expect, it } from 'vitest'
import { initialTransition, transition } from 'xstate'
import { taskRunMachine } from '../../../src/machines/task-run/task-run.ts'
import type { HostOutcome } from '../../../src/machines/task-run/run-report.ts'
import type { TaskRunEvent, TaskRunInput } from '../../../src/machines/task-run/events.ts'

const input: TaskRunInput = {
  taskId: 't',
  work: { kind: 'shell', command: 'true' },
  maxResultBytes: 100,
  setIds: [],
  installed: [],
  killGraceMs: 3000,
}
const set = { setId: 's', folder: '/libraries/s', classPath: ['/libraries/s/a.jar'] }
const good: HostOutcome = { ok: true, message: 'exited with status 0', report: { version: 1 } }
const bad: HostOutcome = {
  ok: false,
  message: 'exited with status 3',
  report: { version: 1, code: 'TASK_FAILED', exitStatus: 3 },
}

function run(start: TaskRunInput, ...events: readonly TaskRunEvent[]) {
  const [initial, firstActions] = initialTransition(taskRunMachine, start)
  let snapshot = initial
  let actions: readonly { type: string; params: unknown }[] = firstActions
  for (const event of events) [snapshot, actions] = transition(taskRunMachine, snapshot, event)
  const effects = actions.filter(({ type }) => type.startsWith('fx.'))
  const [grace] = actions.flatMap(({ type, params }) =>
    type === 'xstate.raise' ? [(params as { delay?: number }).delay] : [],
  )
  return {
    snapshot,
    effects: effects.map(({ type, params }) => ({ type, params })),
    graceMs: grace,
  }
}

const killing = (reason: string) => ({ killing: { reason, signal: 'terminating' } })
const graceOver = {
  type: 'xstate.after.killGrace.task-run.killing.signal.terminating',
} as unknown as TaskRunEvent

const longRunning = {
  type: 'xstate.after.reportDelay.task-run.hosted.running.unprobed.fresh',
} as unknown as TaskRunEvent

const started: TaskRunEvent = { type: 'host.started', taskId: 't' }
const kill: TaskRunEvent = { type: 'kill.requested', taskId: 't' }
const exited = (outcome: HostOutcome): TaskRunEvent => ({
  type: 'host.exited',
  taskId: 't',
  outcome,
})

describe('taskRunMachine', () => {
  it('starts the host at once, and reports nothing before it runs', () => {
    const { snapshot, effects } = run(input)
    expect(snapshot.value).toEqual({ hosted: 'starting' })
    expect(effects).toEqual([
      {
        type: 'fx.startHost',
        params: {
          taskId: 't',
          work: input.work,
          maxResultBytes: 100,
          libraries: [],
          environment: {},
        },
      },
    ])
  })

  it('waits for every library set, in class-path order', () => {
    const other = { ...set, setId: 'seed' }
    const wanting = { ...input, setIds: ['s', 'seed'], installed: [other] }
    const waiting = run(wanting)
    expect(waiting.snapshot.value).toBe('awaitingLibraries')
    expect(waiting.effects).toEqual([
      { type: 'fx.report', params: { taskId: 't', state: 'TASK_STARTING' } },
    ])
    const { snapshot, effects } = run(wanting, { type: 'libraries.ready', installed: set })
    expect(snapshot.value).toEqual({ hosted: 'starting' })
    expect(effects[0]?.params).toMatchObject({ libraries: [set, other] })
  })

  it('fails when one of its sets fails', () => {
    const { snapshot, effects } = run(
      { ...input, setIds: ['s'] },
      { type: 'libraries.failed', setId: 's', code: 'LIBRARY_UNAVAILABLE', message: 'no a.jar' },
    )
    expect(snapshot.value).toEqual({ reporting: 'failed' })
    expect(effects).toEqual([
      {
        type: 'fx.report',
        params: {
          taskId: 't',
          state: 'TASK_FAILED',
          reason: 'REASON_CONTAINER_LAUNCH_FAILED',
          message: 'no a.jar',
          report: { version: 1, code: 'LIBRARY_UNAVAILABLE' },
        },
      },
    ])
  })

  it('ignores the failure of another set', () => {
    const { snapshot } = run(
      { ...input, setIds: ['s'] },
      { type: 'libraries.failed', setId: 'x', code: 'LIBRARY_UNAVAILABLE', message: 'no' },
    )
    expect(snapshot.value).toBe('awaitingLibraries')
  })

  it('reports TASK_RUNNING when it has run for a while, then the end of the host', () => {
    expect(run(input, started, longRunning).effects).toEqual([
      { type: 'fx.report', params: { taskId: 't', state: 'TASK_RUNNING' } },
    ])
    expect(run(input, started, longRunning, exited(good)).effects).toEqual([
      {
        type: 'fx.report',
        params: { taskId: 't', state: 'TASK_FINISHED', message: good.message, report: good.report },
      },
    ])
    expect(run(input, started, exited(bad)).snapshot.value).toEqual({ reporting: 'failed' })
  })

  it('reports only the end of a short task', () => {
    const { effects } = run(input, started)
    expect(effects).toEqual([])
    expect(run(input, started, exited(good)).effects).toMatchObject([
      { params: { state: 'TASK_FINISHED' } },
    ])
  })

  it('fails when the host cannot start', () => {
    expect(run(input, exited(bad)).effects[0]?.params).toMatchObject({ state: 'TASK_FAILED' })
  })

  it('terminates first and kills after the grace', () => {
    const { snapshot, effects } = run(input, started, kill)
    expect(snapshot.value).toEqual(killing('requested'))
    expect(effects).toEqual([{ type: 'fx.killHost', params: { taskId: 't', signal: 'SIGTERM' } }])
    expect(run(input, started, kill, graceOver).effects).toEqual([
      { type: 'fx.killHost', params: { taskId: 't', signal: 'SIGKILL' } },
    ])
  })

  it('counts the grace of the latest kill', () => {
    expect(run(input, started, kill).graceMs).toBe(3000)
    const again = run(input, started, kill, { ...kill, graceMs: 7 })
    expect(again.graceMs).toBe(7)
    expect(again.effects).toEqual([
      { type: 'fx.killHost', params: { taskId: 't', signal: 'SIGTERM' } },
    ])
    expect(run(input, started, kill, graceOver, { ...kill, graceMs: 7 }).graceMs).toBe(7)
  })

  it('reports a killed task as killed, with any status', () => {
    expect(run(input, started, kill, exited(good)).effects).toEqual([
      {
        type: 'fx.report',
        params: {
          taskId: 't',
          state: 'TASK_KILLED',
          message: 'killed: exited with status 0',
          report: { version: 1 },
        },
      },
    ])
    expect(run({ ...input, setIds: ['s'] }, kill).effects[0]?.params).toEqual({
      taskId: 't',
      state: 'TASK_KILLED',
      message: 'killed before it started',
    })
  })

  it('is done when its last update is acknowledged', () => {
    const { snapshot } = run(input, started, exited(good), { type: 'completion.acknowledged' })
    expect(snapshot.status).toBe('done')
  })

  describe('with a health check', () => {
    const healthCheck = { type: 'TCP', tcp: { port: 80 } } as const
    const checked = { ...input, healthCheck, environment: { A: '1' } }
    const health = (healthy: boolean, isLast = false): TaskRunEvent => ({
      type: 'health.checked',
      taskId: 't',
      healthy,
      isLast,
    })

    it('probes the task only while it runs', () => {
      const { snapshot, effects } = run(checked, started)
      expect(snapshot.value).toEqual({ hosted: { running: 'probed' } })
      expect(effects.at(-1)).toEqual({
        type: 'fx.startProbes',
        params: { taskId: 't', healthCheck, environment: { A: '1' } },
      })
      for (const end of [exited(good), kill]) {
        expect(run(checked, started, end).effects).toContainEqual({
          type: 'fx.stopProbes',
          params: { taskId: 't' },
        })
      }
    })

    it('reports results of the check', () => {
      const reason = 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED'
      expect(run(checked, started, health(true)).effects).toEqual([
        {
          type: 'fx.report',
          params: { taskId: 't', state: 'TASK_RUNNING', healthy: true, reason },
        },
      ])
      expect(run(checked, started, health(false)).snapshot.value).toEqual({
        hosted: { running: 'probed' },
      })
    })

    it('kills an unhealthy task, and reports that with its end', () => {
      const { snapshot, effects } = run(checked, started, health(false, true))
      expect(snapshot.value).toEqual(killing('unhealthy'))
      expect(effects.map(({ type }) => type)).toEqual(['fx.stopProbes', 'fx.report', 'fx.killHost'])
      expect(
        run(checked, started, health(false, true), exited(bad)).effects[0]?.params,
      ).toMatchObject({
        state: 'TASK_KILLED',
        healthy: false,
        message: expect.stringContaining('health checks failed'),
      })
    })

    it('ignores late results', () => {
      expect(run(checked, started, kill, health(false, true)).effects).toEqual([])
    })
  })

  it('reports the status of a check with every update', () => {
    const check = { type: 'HTTP', http: { port: 80 } } as const
    const status = { type: 'HTTP', http: { statusCode: 503 } } as const
    const checked = { ...input, check }
    expect(run(checked, started).effects[0]?.params).toEqual({
      taskId: 't',
      state: 'TASK_RUNNING',
      checkStatus: { type: 'HTTP', http: {} },
    })
    const changed: TaskRunEvent = { type: 'check.changed', taskId: 't', status }
    expect(run(checked, started, changed).effects).toEqual([
      {
        type: 'fx.report',
        params: {
          taskId: 't',
          state: 'TASK_RUNNING',
          checkStatus: status,
          reason: 'REASON_TASK_CHECK_STATUS_UPDATED',
        },
      },
    ])
  })

  it('kills an overdue task at once', () => {
    const limited = { ...input, maxCompletionMs: 500 }
    const overdue: TaskRunEvent = { type: 'completion.overdue' }
    const { snapshot, effects, graceMs } = run(limited, started, overdue)
    expect(snapshot.value).toEqual(killing('overdue'))
    expect(graceMs).toBe(0)
    expect(effects).toEqual([{ type: 'fx.killHost', params: { taskId: 't', signal: 'SIGTERM' } }])
    expect(run(limited, started, overdue, exited(bad)).effects[0]?.params).toMatchObject({
      state: 'TASK_FAILED',
      reason: 'REASON_MAX_COMPLETION_TIME_REACHED',
      message: 'killed: it ran longer than its maximum of 500 ms',
    })
  })
})
