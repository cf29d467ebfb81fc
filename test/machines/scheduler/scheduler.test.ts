import { describe, expect, it } from 'vitest'
import { storyOf } from '../../support/machines/story.ts'
import type { TaskRequest } from '../../../src/domain/tasks/task-request.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import type { Effect } from '../../../src/journal/core/outbox.ts'
import type { SchedulerFact, SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import type { SchedulerCall } from '../../../src/mesos/types.generated.ts'
import { createManualClock } from '../../../src/testing/manual-clock.ts'
import { offer, status } from '../../support/mesos/mesos-data.ts'

const registered: SchedulerInboxEvent = { type: 'mesos.subscribed', frameworkId: 'f1' }
const lost: SchedulerInboxEvent = {
  type: 'connection.lost',
  code: 'STREAM_ENDED',
  message: 'the stream has ended',
  retryable: true,
}
const serving: SchedulerInboxEvent = {
  type: 'jarServer.started',
  url: 'http://10.0.0.1:4000',
  delivery: {
    executor: {
      name: 'jarcast',
      command: { value: 'node executor.mjs' },
      resources: { cpus: 0.1 },
    },
    librarySet: { id: 'set1', manifestUri: 'http://10.0.0.1:4000/sets/set1.json' },
  },
}

function submit(...ids: readonly (string | Partial<TaskRequest>)[]): SchedulerInboxEvent {
  return {
    type: 'task.submit',
    requests: ids.map((request) => ({
      id: 't1',
      work: { kind: 'shell', command: 'true' },
      resources: { cpus: 1, memMb: 32 },
      ...(typeof request === 'string' ? { id: request } : request),
    })),
  }
}

function offers(...list: readonly ReturnType<typeof offer>[]): SchedulerInboxEvent {
  return { type: 'mesos.offers', offers: list }
}

function update(...parts: Parameters<typeof status>): SchedulerInboxEvent {
  return { type: 'mesos.update', status: status(...parts) }
}

/** Runs the machine through the events and tells what the last one led to. */
function run(options: boolean | 'remembering', ...events: readonly SchedulerInboxEvent[]) {
  let effects: Effect[] = []
  let facts: SchedulerFact[] = []
  const clock = createManualClock()
  const runtime = createRuntime(schedulerMachine, {
    input: {
      framework: { user: 'u', name: 'n' },
      hasLibraries: options === true,
      timeoutMs: 60_000,
      remembersOutcomes: options === 'remembering',
    },
    clock,
  })
  runtime.effect$.subscribe((effect) => effects.push(effect))
  runtime.fact$.subscribe((fact) => facts.push(fact))
  runtime.start()
  for (const event of events) {
    effects = []
    facts = []
    runtime.dispatch(event)
  }
  return {
    clock,
    runtime,
    get value() {
      return storyOf(runtime.snapshot)
    },
    get effects() {
      return effects.map(({ type }) => type)
    },
    get calls() {
      return effects
        .filter(({ type }) => type === 'fx.call')
        .map(({ params }) => params as SchedulerCall)
    },
    get facts() {
      return facts
    },
    params: (type: string) => effects.find((effect) => effect.type === type)?.params,
  }
}

function types(calls: readonly SchedulerCall[]): string[] {
  return calls.map(({ type }) => type)
}

describe('schedulerMachine', () => {
  describe('what ends with the framework', () => {
    it('is said of each task by where it stands', () => {
      const { facts } = run(
        false,
        registered,
        submit('waits', { id: 'huge', resources: { cpus: 9, memMb: 32 } }, 'runs', 'away', 'dies'),
        offers(offer('o1', { cpus: 4 })),
        update('runs', 'TASK_RUNNING'),
        update('away', 'TASK_UNREACHABLE'),
        update('dies', 'TASK_KILLING'),
        { type: 'framework.stop', detach: false },
      )
      const told = facts.flatMap((fact) =>
        fact.type === 'task.ended' ? `${fact.taskId} ${fact.code}: ${fact.message}` : [],
      )
      const code = 'FRAMEWORK_STOPPED'
      expect(told.toSorted()).toEqual([
        `away ${code}: its agent was unreachable when the framework stopped`,
        `dies ${code}: its executor was killing it when the framework stopped`,
        `huge ${code}: it was not launched before the framework stopped`,
        `runs ${code}: it was still running when the framework stopped`,
        `waits ${code}: Mesos had not reported it when the framework stopped`,
      ])
    })

    it('is not launched again when the user shuts its executor down', () => {
      const ended = update('mine', 'TASK_FAILED', {
        reason: 'REASON_EXECUTOR_TERMINATED',
        source: 'SOURCE_AGENT',
      })
      const before = [
        registered,
        submit('mine'),
        offers(offer('o1')),
        update('mine', 'TASK_RUNNING'),
      ] as const
      const of = (executorId: string): SchedulerInboxEvent => ({
        type: 'executor.shutdown',
        agentId: 'a1',
        executorId,
      })
      expect(run(false, ...before, of('other'), ended).facts).toMatchObject([
        { type: 'task.retried' },
      ])
      expect(run(false, ...before, of('mine'), ended).facts).toMatchObject([{ type: 'task.ended' }])
    })
  })

  describe('registration', () => {
    it('subscribes first and does nothing else', () => {
      expect(run(true)).toMatchObject({ value: 'disconnected', effects: ['fx.subscribe'] })
    })

    it('starts the jar server once registered when there are libraries', () => {
      expect(run(true, registered)).toMatchObject({
        value: 'startingJarServer',
        effects: ['fx.startJarServer'],
      })
    })

    it('starts no jar server when there is nothing to ship', () => {
      expect(run(false, registered).value).toEqual({ offers: 'suppressed' })
    })

    it('declines offers that come before the jar server listens', () => {
      expect(types(run(true, submit('a'), registered, offers(offer('o1'))).calls)).toEqual([
        'DECLINE',
      ])
    })

    it('asks for those offers again once it listens', () => {
      const started = run(true, submit('a'), registered, offers(offer('o1')), serving)
      expect(started.value).toEqual({ offers: 'asking' })
      expect(types(started.calls)).toEqual(['REVIVE'])
    })

    it('tells waiting tasks why the jar server could not be started', () => {
      const failed: SchedulerInboxEvent = {
        type: 'jarServer.failed',
        code: 'JAR_SERVER_FAILED',
        message: 'port 80 is taken',
      }
      const why = { code: 'JAR_SERVER_FAILED', message: 'port 80 is taken' }
      expect(run(true, submit('a'), registered, failed).facts).toMatchObject([
        { type: 'task.ended', taskId: 'a', ...why },
      ])
      expect(run(true, registered, failed, submit('b')).facts).toMatchObject([
        { type: 'task.rejected', taskId: 'b', ...why },
      ])
    })

    it('fails when the jar server cannot be started', () => {
      const failed = run(
        true,
        registered,
        { type: 'jarServer.failed', code: 'JAR_SERVER_FAILED', message: 'port 80 is taken' },
        { type: 'framework.closed' },
      )
      expect(failed.value).toBe('failed')
      expect(failed.facts).toMatchObject([
        { type: 'framework.failed', message: 'port 80 is taken' },
      ])
    })
  })

  describe('offers', () => {
    it('launches many tasks on one offer in one ACCEPT', () => {
      const launched = run(false, registered, submit('a', 'b'), offers(offer('o1')))
      expect(launched.calls).toMatchObject([
        {
          type: 'ACCEPT',
          accept: {
            offerIds: [{ value: 'o1' }],
            operations: [
              {
                type: 'LAUNCH',
                launch: { taskInfos: [{ taskId: { value: 'a' } }, { taskId: { value: 'b' } }] },
              },
            ],
          },
        },
        { type: 'SUPPRESS' },
      ])
    })

    it('ships libraries with an executor whose id follows from its content', () => {
      const [accept] = run(true, registered, serving, submit('a'), offers(offer('o1'))).calls
      const [again] = run(true, registered, serving, submit('b'), offers(offer('o2'))).calls
      expect(executorOf(accept)).toMatch(/^jarcast-[0-9a-f]{16}$/)
      expect(executorOf(again)).toBe(executorOf(accept))
    })

    it('suppresses while nothing waits and revives when work comes', () => {
      const idle = run(false, registered)
      expect(types(idle.calls)).toEqual(['SUPPRESS'])
      expect(types(run(false, registered, submit('a')).calls)).toEqual(['REVIVE'])
    })

    it('declines what fits no task, for a short time while some wait', () => {
      const declined = run(false, registered, submit('a'), offers(offer('o1', { cpus: 0.5 })))
      expect(declined.calls).toMatchObject([
        {
          type: 'DECLINE',
          decline: { offerIds: [{ value: 'o1' }], filters: { refuseSeconds: 1 } },
        },
      ])
    })

    it('says what tasks wait for when no offer is enough', () => {
      const big = submit({ id: 'big', resources: { cpus: 64 } })
      const waiting = run(false, registered, big, offers(offer('o1'), offer('o2', { cpus: 4 })))
      expect(waiting.facts).toMatchObject([
        { type: 'offers.received' },
        {
          type: 'task.waiting',
          count: 1,
          taskIds: ['big'],
          need: { cpus: 64 },
          obstacles: { cpus: 2 },
        },
      ])
    })

    it('declines offers that come while nothing is pending', () => {
      expect(types(run(false, registered, offers(offer('o1'))).calls)).toEqual(['DECLINE'])
    })
  })

  describe('status updates', () => {
    const launched = [registered, submit('a'), offers(offer('o1'))] as const
    const agent = { agentId: { value: 'a1' } }

    it('acknowledges an update that has a uuid', () => {
      const running = run(
        false,
        ...launched,
        update('a', 'TASK_RUNNING', { ...agent, uuid: 'dXVpZA==' }),
      )
      expect(running.calls).toMatchObject([
        { type: 'ACKNOWLEDGE', acknowledge: { taskId: { value: 'a' }, uuid: 'dXVpZA==' } },
      ])
    })

    it('acknowledges no update that has none', () => {
      expect(run(false, ...launched, update('a', 'TASK_RUNNING', agent)).calls).toEqual([])
    })

    it('acknowledges updates of tasks it does not know and says nothing', () => {
      const unknown = run(
        false,
        registered,
        update('x', 'TASK_FINISHED', { ...agent, uuid: 'dXVpZA==' }),
      )
      expect(types(unknown.calls)).toEqual(['ACKNOWLEDGE'])
      expect(unknown.facts).toEqual([])
    })

    it('asks what became of a task whose offer was used up already', () => {
      const invalid = update('a', 'TASK_DROPPED', { ...agent, reason: 'REASON_INVALID_OFFERS' })
      const asked = run(false, ...launched, invalid)
      expect(asked.calls).toMatchObject([
        { type: 'RECONCILE', reconcile: { tasks: [{ taskId: { value: 'a' } }] } },
      ])
      expect(asked.facts).toEqual([])
      const gone = update('a', 'TASK_GONE', { ...agent, reason: 'REASON_RECONCILIATION' })
      expect(run(false, ...launched, invalid, gone).facts).toMatchObject([
        { type: 'task.retried', taskId: 'a' },
      ])
    })

    it('kills an attempt that was given up and runs all the same', () => {
      const dropped = update('a', 'TASK_DROPPED', agent)
      const running = update('a', 'TASK_RUNNING', { ...agent, uuid: 'dXVpZA==' })
      const calls = run(false, ...launched, dropped, running).calls
      expect(calls).toMatchObject([
        { type: 'ACKNOWLEDGE' },
        { type: 'KILL', kill: { taskId: { value: 'a' }, agentId: { value: 'a1' } } },
      ])
      const over = update('a~2', 'TASK_FINISHED', agent)
      const second = [offers(offer('o2')), over] as const
      expect(types(run('remembering', ...launched, dropped, ...second, running).calls)).toEqual([
        'ACKNOWLEDGE',
        'KILL',
      ])
    })

    it('forgets a task that is over, once', () => {
      const over = update('a', 'TASK_FINISHED', { ...agent, uuid: 'dXVpZA==' })
      expect(run(false, ...launched, over).facts).toMatchObject([
        { type: 'task.ended', taskId: 'a' },
      ])
      expect(run(false, ...launched, over, over).facts).toEqual([])
    })

    it('tries a failed task again as its policy says, under another id', () => {
      const policy = submit({ id: 'a', retry: { maxAttempts: 2 } })
      const failed = update('a', 'TASK_FAILED', agent)
      const retried = run(false, registered, policy, offers(offer('o1')), failed)
      expect(retried.facts).toMatchObject([{ type: 'task.retried', attempt: 1 }])
      expect(types(retried.calls)).toEqual(['REVIVE'])
      const again = [registered, policy, offers(offer('o1')), failed, offers(offer('o2'))] as const
      expect(run(false, ...again).calls).toMatchObject([
        { accept: { operations: [{ launch: { taskInfos: [{ taskId: { value: 'a~2' } }] } }] } },
        { type: 'SUPPRESS' },
      ])
      const over = run(false, ...again, update('a~2', 'TASK_FAILED', agent))
      expect(over.facts).toMatchObject([{ type: 'task.ended', attempt: 2 }])
    })

    it('launches a task again that never ran for want of what it needs', () => {
      const reason = 'REASON_CONTAINER_LAUNCH_FAILED'
      const unfetched = run(false, ...launched, update('a', 'TASK_FAILED', { ...agent, reason }))
      expect(unfetched.facts).toMatchObject([{ type: 'task.retried', taskId: 'a' }])
    })

    it('launches a dropped task again without any policy, but not for ever', () => {
      const events: SchedulerInboxEvent[] = [...launched]
      for (let attempt = 1; attempt <= 6; attempt++) {
        const id = attempt === 1 ? 'a' : `a~${attempt}`
        const dropped = run(false, ...events, update(id, 'TASK_DROPPED'))
        expect(dropped.facts[0]?.type).toBe(attempt <= 5 ? 'task.retried' : 'task.ended')
        events.push(update(id, 'TASK_DROPPED'), offers(offer(`o${attempt + 1}`)))
      }
    })
  })

  describe('kill', () => {
    it('forgets a task that waits', () => {
      const killed = run(false, registered, submit('a'), { type: 'task.kill', taskId: 'a' })
      expect(killed.facts).toMatchObject([
        { type: 'task.ended', taskId: 'a', message: 'it was killed before it was launched' },
      ])
      expect(types(killed.calls)).toEqual(['SUPPRESS'])
    })

    it('kills a task that runs and again after an absence', () => {
      const events = [registered, submit('a'), offers(offer('o1'))]
      const killed = run(false, ...events, { type: 'task.kill', taskId: 'a' })
      expect(killed.calls).toMatchObject([{ type: 'KILL', kill: { agentId: { value: 'a1' } } }])
      const back = run(false, ...events, { type: 'task.kill', taskId: 'a' }, lost, registered)
      expect(types(back.calls)).toEqual(['RECONCILE', 'KILL', 'SUPPRESS'])
    })

    it('does not try a killed task again', () => {
      const events = [
        registered,
        submit({ id: 'a', retry: { maxAttempts: 9 } }),
        offers(offer('o1')),
      ]
      const over = run(
        false,
        ...events,
        { type: 'task.kill', taskId: 'a' },
        update('a', 'TASK_FAILED'),
      )
      expect(over.facts).toMatchObject([{ type: 'task.ended' }])
    })
  })

  it.each(['TASK_GONE', 'TASK_DROPPED', 'TASK_UNKNOWN'] as const)(
    'does not launch a killed task again whose agent was out of reach before it was %s',
    (state) => {
      const events = [registered, submit('a'), offers(offer('o1')), update('a', 'TASK_RUNNING')]
      const kill: SchedulerInboxEvent = { type: 'task.kill', taskId: 'a' }
      const unreachable = update('a', 'TASK_UNREACHABLE')
      const over = run(false, ...events, kill, unreachable, update('a', state))
      expect(over.facts).toMatchObject([{ type: 'task.ended', taskId: 'a' }])
      const back = run(false, ...events, unreachable, update('a', state))
      expect(back.facts).toMatchObject([{ type: 'task.retried', taskId: 'a' }])
    },
  )

  describe('absence', () => {
    it('dials again with its framework id and asks after its tasks', () => {
      const away = run(false, registered, submit('a'), offers(offer('o1')), lost)
      expect(away).toMatchObject({ value: 'disconnected', effects: ['fx.subscribe'] })
      away.runtime.dispatch(registered)
      expect(away.calls).toMatchObject([
        { type: 'RECONCILE', reconcile: { tasks: [{ taskId: { value: 'a' } }] } },
        { type: 'SUPPRESS' },
      ])
    })

    it('gives up when no master answers in time, with the last error', () => {
      const dialing = run(false, lost)
      dialing.clock.advance(60_000)
      dialing.runtime.dispatch({ type: 'framework.closed' })
      expect(dialing.value).toBe('failed')
      expect(dialing.facts.at(-1)).toEqual({
        type: 'framework.failed',
        code: 'MASTER_UNREACHABLE',
        message: 'gave up after 60 s: the stream has ended',
      })
    })

    it('stops for good when the master removed the framework', () => {
      const removed = run(false, registered, {
        type: 'mesos.error',
        message: 'Framework has been removed',
      })
      expect(removed.value).toEqual({ stopping: 'leaving' })
    })

    it('puts tasks back whose ACCEPT was never sent', () => {
      const failed: SchedulerInboxEvent = {
        type: 'call.failed',
        call: 'ACCEPT',
        launchIds: ['a'],
        outcome: 'unsent',
        message: 'connection refused',
      }
      const back = run(
        false,
        registered,
        submit('a'),
        offers(offer('o1')),
        failed,
        offers(offer('o2')),
      )
      expect(back.calls).toMatchObject([
        { accept: { operations: [{ launch: { taskInfos: [{ taskId: { value: 'a' } }] } }] } },
        { type: 'SUPPRESS' },
      ])
    })

    it('ends tasks whose ACCEPT the master refused, with its reason', () => {
      const refused: SchedulerInboxEvent = {
        type: 'call.failed',
        call: 'ACCEPT',
        launchIds: ['a'],
        outcome: 'refused',
        message: 'the call is not valid',
      }
      const over = run(false, registered, submit('a'), offers(offer('o1')), refused)
      expect(over.facts.at(-1)).toMatchObject({
        type: 'task.ended',
        taskId: 'a',
        code: 'CALL_REJECTED',
        message: 'the call is not valid',
      })
    })

    it('asks after tasks whose ACCEPT may have been taken', () => {
      const failed: SchedulerInboxEvent = {
        type: 'call.failed',
        call: 'ACCEPT',
        launchIds: ['a'],
        outcome: 'unknown',
        message: 'no answer',
      }
      const asked = run(false, registered, submit('a'), offers(offer('o1')), failed)
      expect(types(asked.calls)).toEqual(['RECONCILE'])
    })

    it.each(['unsent', 'unknown', 'refused'] as const)(
      'gives the offers of an ACCEPT back that was %s',
      (outcome) => {
        const failed: SchedulerInboxEvent = {
          type: 'call.failed',
          call: 'ACCEPT',
          launchIds: ['a'],
          offerIds: ['o1'],
          outcome,
          message: 'no answer',
        }
        const { calls } = run(false, registered, submit('a', 'b'), offers(offer('o1')), failed)
        expect(calls).toContainEqual({
          type: 'DECLINE',
          frameworkId: { value: 'f1' },
          decline: { offerIds: [{ value: 'o1' }], filters: { refuseSeconds: 0 } },
        })
      },
    )
    it.each(['unsent', 'unknown'] as const)(
      'makes no call for the offers of an ACCEPT that its subscription took along, %s',
      (outcome) => {
        const failed: SchedulerInboxEvent = {
          type: 'call.failed',
          call: 'ACCEPT',
          launchIds: ['a'],
          offerIds: ['o1'],
          code: 'NOT_SUBSCRIBED',
          outcome,
          message: 'its subscription has ended',
        }
        const events = [registered, submit('a'), offers(offer('o1'))]
        const late: SchedulerInboxEvent = { ...failed, code: 'CALL_TIMEOUT' }
        for (const order of [
          [failed, lost],
          [lost, failed],
          [lost, late],
        ])
          expect(run(false, ...events, ...order).calls).toEqual([])
        const back = run(false, ...events, lost, failed, registered)
        expect(types(back.calls)).toContain('RECONCILE')
        expect(types(back.calls)).not.toContain('DECLINE')
      },
    )

    it('answers no offers of a subscription that has ended', () => {
      const away = run(false, registered, submit('a'), lost, offers(offer('o1')))
      expect(away.calls).toEqual([])
      expect(types(run(false, registered, lost, offers(offer('o1'))).calls)).toEqual([])
    })
  })

  describe('a restart of the process', () => {
    const restarted: SchedulerInboxEvent = { type: 'process.restarted' }

    it('dials with its id, asks after its tasks and serves again at the same address', () => {
      const events = [registered, serving, submit('a'), offers(offer('o1')), restarted]
      expect(run(true, ...events)).toMatchObject({
        value: 'disconnected',
        effects: ['fx.subscribe'],
      })
      const back = run(true, ...events, registered)
      expect(back.value).toBe('startingJarServer')
      expect(types(back.calls)).toEqual(['RECONCILE', 'SUPPRESS'])
      expect(back.params('fx.startJarServer')).toEqual({ url: 'http://10.0.0.1:4000' })
    })

    it('launches again what the master never heard of', () => {
      const unknown = update('a', 'TASK_UNKNOWN', { reason: 'REASON_RECONCILIATION' })
      const events = [registered, submit('a'), offers(offer('o1')), restarted, registered, unknown]
      expect(types(run(false, ...events, offers(offer('o2'))).calls)).toEqual([
        'ACCEPT',
        'SUPPRESS',
      ])
    })

    it('tears the framework down if it was about to', () => {
      const events = [registered, { type: 'framework.stop', detach: false }, restarted] as const
      expect(run(false, ...events)).toMatchObject({
        value: { stopping: 'returning' },
        effects: ['fx.subscribe'],
      })
      expect(run(false, ...events, registered).params('fx.close')).toMatchObject({
        call: { type: 'TEARDOWN' },
      })
    })

    it('does not subscribe again only to leave', () => {
      const leaving = run(false, registered, { type: 'framework.stop', detach: true }, restarted)
      expect(leaving.effects).toEqual(['fx.close'])
      expect(leaving.value).toEqual({ stopping: 'leaving' })
    })

    it('remembers how tasks ended and does not run them again', () => {
      const events = [registered, submit('a'), offers(offer('o1')), update('a', 'TASK_FINISHED')]
      const again = run('remembering', ...events, restarted, registered, submit('a'))
      expect(again.facts).toMatchObject([{ type: 'task.ended', taskId: 'a' }])
      expect(again.calls).toEqual([])
    })
  })

  describe('the end', () => {
    it('drains: takes no more tasks and stops after the last', () => {
      const draining = run(
        false,
        registered,
        submit('a'),
        offers(offer('o1')),
        { type: 'framework.drain' },
        submit('b'),
      )
      expect(draining.facts).toMatchObject([{ type: 'task.rejected', taskId: 'b' }])
      draining.runtime.dispatch(update('a', 'TASK_FINISHED'))
      expect(draining.value).toEqual({ stopping: 'tearingDown' })
    })

    it('tears down the framework that it registered, whatever a second SUBSCRIBED says', () => {
      const second = { ...registered, frameworkId: 'other' }
      expect(
        run(false, registered, second, { type: 'framework.stop', detach: false }).params(
          'fx.close',
        ),
      ).toMatchObject({ call: { frameworkId: { value: 'f1' } } })
    })

    it('tears the framework down, unless detached', () => {
      const stop = (detach: boolean) =>
        run(false, registered, { type: 'framework.stop', detach }).params('fx.close')
      expect(stop(false)).toMatchObject({ call: { type: 'TEARDOWN' } })
      expect(stop(true)).toEqual({ call: undefined })
    })

    it('stops a jar server that is still starting', () => {
      const stopping = run(
        true,
        registered,
        { type: 'framework.stop', detach: false },
        {
          type: 'framework.closed',
        },
      )
      expect(stopping).toMatchObject({ effects: ['fx.stopJarServer'] })
    })

    it('stops the jar server after the teardown', () => {
      const stopping = run(
        true,
        registered,
        serving,
        { type: 'framework.stop', detach: false },
        {
          type: 'framework.closed',
        },
      )
      expect(stopping).toMatchObject({ effects: ['fx.stopJarServer'] })
      stopping.runtime.dispatch({ type: 'jarServer.stopped' })
      expect(stopping.value).toBe('stopped')
      expect(stopping.facts.at(-1)).toEqual({ type: 'framework.stopped' })
    })
  })
})

function executorOf(call: SchedulerCall | undefined): string | undefined {
  if (call?.type !== 'ACCEPT') return undefined
  const [operation] = call.accept.operations ?? []
  return operation?.type === 'LAUNCH'
    ? operation.launch.taskInfos?.[0]?.executor?.executorId.value
    : undefined
}
