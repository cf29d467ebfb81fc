import { describe, expect, it } from 'vitest'
import type { TasksEvent } from '../../../../src/machines/scheduler/tasks/events.ts'
import { tasksMachine } from '../../../../src/machines/scheduler/tasks/tasks.ts'
import { findTask } from '../../../../src/machines/scheduler/tasks/table/task-table.ts'
import type { SchedulerInboxEvent } from '../../../../src/machines/scheduler/events.ts'
import { asChild, callsOf } from '../../../support/machines/as-child.ts'
import {
  call,
  lost,
  offers,
  registered,
  run,
  runWith,
  schedulerWith,
  submit,
  typesOf,
  update,
} from '../../../support/machines/run-scheduler.ts'
import { offer } from '../../../support/mesos/mesos-data.ts'
import { agent, launch, launched, start } from './tasks-steps.ts'

describe('tasksMachine', () => {
  describe('notices', () => {
    it('name waiting tasks, and the end of the last one', () => {
      const component = start({}, submit('a'))
      expect(component.notices).toEqual([{ type: 'work.changed' }])
      component.send(launch('a'), update('a', 'TASK_RUNNING'))
      expect(component.notices).toHaveLength(2)
      component.send(update('a', 'TASK_FINISHED'))
      expect(component.notices).toHaveLength(3)
    })

    it('name the library sets that tasks need', () => {
      const component = start({}, { type: 'sets.changed', setId: 's1' }, submit('a', 'b'))
      const needed = () => component.notices.filter(({ type }) => type === 'sets.needed')
      expect(needed()).toEqual([{ type: 'sets.needed', setIds: ['s1'] }])
      component.send(launch('a', 'b'), update('a', 'TASK_FINISHED'))
      expect(needed()).toHaveLength(1)
      component.send(update('b', 'TASK_FINISHED'))
      expect(needed().at(-1)).toEqual({ type: 'sets.needed', setIds: [] })
    })
  })

  describe('status updates', () => {
    it('are acknowledged when an agent has sent them', () => {
      const component = start({}, submit('a'), launch('a'))
      const agents = { uuid: 'dXVpZA==', agentId: { value: 'a1' } }
      expect(callsOf(component.send(update('a', 'TASK_RUNNING', agents)))).toEqual(['ACKNOWLEDGE'])
      expect(callsOf(component.send(update('a', 'TASK_RUNNING')))).toEqual([])
    })

    it('are acknowledged with their uuid', () => {
      const running = run(...launched, update('a', 'TASK_RUNNING', { ...agent, uuid: 'dXVpZA==' }))
      expect(running.calls).toMatchObject([
        { type: 'ACKNOWLEDGE', acknowledge: { taskId: { value: 'a' }, uuid: 'dXVpZA==' } },
      ])
    })

    it('are not acknowledged without a uuid', () => {
      expect(run(...launched, update('a', 'TASK_RUNNING', agent)).calls).toEqual([])
    })

    it('are acknowledged without a fact when their task is unknown', () => {
      const unknown = run(registered, update('x', 'TASK_FINISHED', { ...agent, uuid: 'dXVpZA==' }))
      expect(typesOf(unknown.calls)).toEqual(['ACKNOWLEDGE'])
      expect(unknown.facts).toEqual([])
    })

    it('end a task once', () => {
      const over = update('a', 'TASK_FINISHED', { ...agent, uuid: 'dXVpZA==' })
      expect(run(...launched, over).facts).toMatchObject([{ type: 'task.ended', taskId: 'a' }])
      expect(run(...launched, over, over).facts).toEqual([])
    })
  })

  describe('subscriptions', () => {
    it('reconcile launched tasks, then resend kills', () => {
      const kill: TasksEvent = { type: 'task.kill', taskId: 'a' }
      const component = start({}, submit('a', 'b'), launch('a', 'b'), kill, lost)
      expect(callsOf(component.send(registered))).toEqual(['RECONCILE', 'KILL'])
    })

    it('reconcile all tasks of an earlier run of the framework', () => {
      expect(callsOf(asChild(tasksMachine, { outcomes: 'forgotten' }).send(registered))).toEqual([])
      const again = asChild(tasksMachine, { outcomes: 'forgotten', frameworkId: 'f1' })
      expect(callsOf(again.send(registered))).toEqual(['RECONCILE'])
    })

    it('are needed for every call', () => {
      const component = start({}, submit('a'), launch('a'), lost)
      expect(component.send({ type: 'task.kill', taskId: 'a' })?.effects).toEqual([])
      expect(component.after(3_600_000).effects).toEqual([])
    })
  })

  describe('leaving agents and executors', () => {
    it('kills the tasks of leaving agents without counting an attempt', () => {
      const component = start({}, submit('a', 'b'), launch('a'), update('a', 'TASK_RUNNING'))
      expect(callsOf(component.send({ type: 'task.move', agentIds: ['a1'] }))).toEqual(['KILL'])
      component.send(update('a', 'TASK_KILLED'))
      expect(findTask(component.snapshot.context.table, 'a')).toMatchObject({
        state: 'pending',
        attempt: 2,
        failures: 0,
      })
    })

    it('ends the tasks of an executor that its user shuts down', () => {
      const task = {
        type: 'task.launched',
        launches: [
          { taskId: 'a', agentId: 'a1', hostname: 'h1', executorId: 'jarcast-1', counted: [] },
        ],
      } as const
      const component = start({}, submit('a'), task)
      const shutdown = {
        type: 'executor.shutdown',
        agentId: 'a1',
        executorId: 'jarcast-1',
      } as const
      expect(callsOf(component.send(shutdown))).toEqual(['SHUTDOWN'])
      expect(component.send(update('a', 'TASK_LOST'))?.facts).toMatchObject([
        { type: 'task.ended' },
      ])
    })

    it('launches a task again unless its user shut its executor down', () => {
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
      expect(run(...before, of('other'), ended).facts).toMatchObject([{ type: 'task.retried' }])
      expect(run(...before, of('mine'), ended).facts).toMatchObject([{ type: 'task.ended' }])
    })

    it('shuts an executor down if it is idle, where that is asked', () => {
      const shutdown = {
        type: 'executor.shutdown',
        agentId: 'a1',
        executorId: 'a',
        ifIdle: true,
      } as const
      const component = start({}, submit('a'), launch('a'))
      expect(callsOf(component.send(shutdown))).toEqual([])
      component.send(update('a', 'TASK_FINISHED'))
      expect(callsOf(component.send(shutdown))).toEqual(['SHUTDOWN'])
    })

    it('sends messages and shutdowns to executors, and requests for offers', () => {
      const where = { agentId: 'a1', executorId: 'e1' }
      schedulerWith()
        .then({ offers: 'open' })
        .when({ type: 'executor.tell', ...where, data: 'aGk=' })
        .then({ offers: 'open' }, [call('MESSAGE', { message: { data: 'aGk=' } })])
        .when({ type: 'executor.shutdown', ...where })
        .then({ offers: 'open' }, [call('SHUTDOWN', { shutdown: { executorId: { value: 'e1' } } })])
        .when({ type: 'offers.request', requests: [{ agentId: { value: 'a1' } }] })
        .then({ offers: 'open' }, [call('REQUEST')])
    })
  })

  describe('remembered outcomes', () => {
    it('are reported when their tasks are submitted again', () => {
      const ended = [submit('a'), launch('a'), update('a', 'TASK_FINISHED')]
      const component = start({ outcomes: 'remembered' }, ...ended)
      expect(component.send(submit('a'))?.facts).toMatchObject([
        { type: 'task.ended', taskId: 'a' },
      ])
      expect(component.snapshot.context.table.rows.size).toBe(0)
    })

    it('survive a restart', () => {
      const events = [registered, submit('a'), offers(offer('o1')), update('a', 'TASK_FINISHED')]
      const again = runWith(
        { remembersOutcomes: true },
        ...events,
        { type: 'process.restarted' } as const,
        registered,
        submit('a'),
      )
      expect(again.facts).toMatchObject([{ type: 'task.ended', taskId: 'a' }])
      expect(again.calls).toEqual([])
    })
  })

  describe('the end of the framework', () => {
    it('rejects new tasks', () => {
      const why = { code: 'FRAMEWORK_STOPPED', message: 'it is draining' }
      const [request] = [{ id: 'a', work: { kind: 'shell', command: 'true' } as const }]
      const component = start({})
      expect(component.send({ type: 'task.refuse', requests: [request], why })?.facts).toEqual([
        { type: 'task.rejected', taskId: 'a', ...why },
      ])
    })

    it('ends every task, and no call follows', () => {
      const component = start({}, submit('a', 'b'), launch('a'), { type: 'task.kill', taskId: 'a' })
      const abandoned = component.send({ type: 'task.abandon', why: undefined })
      const code = 'FRAMEWORK_STOPPED'
      expect(abandoned?.facts).toHaveLength(2)
      for (const taskId of ['a', 'b'])
        expect(abandoned?.facts).toContainEqual(expect.objectContaining({ taskId, code }))
      expect(component.after(3_600_000).effects).toEqual([])
    })

    it('ends each task with a message that names its state', () => {
      const { facts } = run(
        registered,
        submit('waits', { id: 'huge', resources: { cpus: 9, memMb: 32 } }, 'runs', 'away', 'dies'),
        offers(offer('o1', { cpus: 4 })),
        update('runs', 'TASK_RUNNING'),
        update('away', 'TASK_UNREACHABLE'),
        update('dies', 'TASK_KILLING'),
        { type: 'framework.stop', detach: false },
      )
      const reports = facts.flatMap((fact) =>
        fact.type === 'task.ended' ? `${fact.taskId} ${fact.code}: ${fact.message}` : [],
      )
      const code = 'FRAMEWORK_STOPPED'
      expect(reports.toSorted()).toEqual([
        `away ${code}: its agent was unreachable when the framework stopped`,
        `dies ${code}: its executor was killing it when the framework stopped`,
        `huge ${code}: it was not launched before the framework stopped`,
        `runs ${code}: it was still running when the framework stopped`,
        `waits ${code}: Mesos had not reported it when the framework stopped`,
      ])
    })
  })
})
