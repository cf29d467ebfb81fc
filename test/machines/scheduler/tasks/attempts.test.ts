import { describe, expect, it } from 'vitest'
import { findTask } from '../../../../src/machines/scheduler/tasks/table/task-table.ts'
import type { SchedulerInboxEvent } from '../../../../src/machines/scheduler/events.ts'
import { callsOf } from '../../../support/machines/as-child.ts'
import {
  acceptFailed,
  offers,
  registered,
  run,
  submit,
  typesOf,
  update,
} from '../../../support/machines/run-scheduler.ts'
import { offer } from '../../../support/mesos/mesos-data.ts'
import { agent, launch, launched, start } from './tasks-steps.ts'

describe('tasksMachine', () => {
  describe('another attempt', () => {
    it('has another id, and follows the policy of a failed task', () => {
      const policy = submit({ id: 'a', retry: { maxAttempts: 2 } })
      const failed = update('a', 'TASK_FAILED', agent)
      const retried = run(registered, policy, offers(offer('o1')), failed)
      expect(retried.facts).toMatchObject([{ type: 'task.retried', attempt: 1 }])
      expect(typesOf(retried.calls)).toEqual(['REVIVE'])
      const again = [registered, policy, offers(offer('o1')), failed, offers(offer('o2'))] as const
      expect(run(...again).calls).toMatchObject([
        { accept: { operations: [{ launch: { taskInfos: [{ taskId: { value: 'a~2' } }] } }] } },
        { type: 'SUPPRESS' },
      ])
      const over = run(...again, update('a~2', 'TASK_FAILED', agent))
      expect(over.facts).toMatchObject([{ type: 'task.ended', attempt: 2 }])
    })

    it('is made for a task whose container could not be launched', () => {
      const reason = 'REASON_CONTAINER_LAUNCH_FAILED'
      const unfetched = run(...launched, update('a', 'TASK_FAILED', { ...agent, reason }))
      expect(unfetched.facts).toMatchObject([{ type: 'task.retried', taskId: 'a' }])
    })

    it('is made for a dropped task without any policy, up to a limit', () => {
      const events: SchedulerInboxEvent[] = [...launched]
      for (let attempt = 1; attempt <= 6; attempt++) {
        const id = attempt === 1 ? 'a' : `a~${attempt}`
        const dropped = run(...events, update(id, 'TASK_DROPPED'))
        expect(dropped.facts[0]?.type).toBe(attempt <= 5 ? 'task.retried' : 'task.ended')
        events.push(update(id, 'TASK_DROPPED'), offers(offer(`o${attempt + 1}`)))
      }
    })

    it('is made after a reconciliation when the offer was invalid', () => {
      const invalid = update('a', 'TASK_DROPPED', { ...agent, reason: 'REASON_INVALID_OFFERS' })
      const asked = run(...launched, invalid)
      expect(asked.calls).toMatchObject([
        { type: 'RECONCILE', reconcile: { tasks: [{ taskId: { value: 'a' } }] } },
      ])
      expect(asked.facts).toEqual([])
      const gone = update('a', 'TASK_GONE', { ...agent, reason: 'REASON_RECONCILIATION' })
      expect(run(...launched, invalid, gone).facts).toMatchObject([
        { type: 'task.retried', taskId: 'a' },
      ])
    })

    it('is made after a restart for a launch that the master does not know', () => {
      const unknown = update('a', 'TASK_UNKNOWN', { reason: 'REASON_RECONCILIATION' })
      const events = [
        registered,
        submit('a'),
        offers(offer('o1')),
        { type: 'process.restarted' } as const,
        registered,
        unknown,
      ]
      expect(typesOf(run(...events, offers(offer('o2'))).calls)).toEqual(['ACCEPT', 'SUPPRESS'])
    })
  })

  describe('an ACCEPT that failed', () => {
    it('returns its tasks to their queue when it was not sent', () => {
      const component = start({}, submit('a'), launch('a'), acceptFailed('unsent', 'a'))
      expect(findTask(component.snapshot.context.table, 'a')).toMatchObject({
        state: 'pending',
        attempt: 1,
      })
    })

    it('has its tasks launched on the next offer when it was not sent', () => {
      const failed = acceptFailed('unsent', 'a')
      const back = run(registered, submit('a'), offers(offer('o1')), failed, offers(offer('o2')))
      expect(back.calls).toMatchObject([
        { accept: { operations: [{ launch: { taskInfos: [{ taskId: { value: 'a' } }] } }] } },
        { type: 'SUPPRESS' },
      ])
    })

    it('ends its tasks when the master refused it', () => {
      const component = start({}, submit('a'), launch('a'))
      expect(component.send(acceptFailed('refused', 'a'))?.facts).toMatchObject([
        { type: 'task.ended', taskId: 'a', code: 'CALL_REJECTED' },
      ])
    })

    it('ends its tasks with the reason of the master', () => {
      const refused = acceptFailed('refused', 'a')
      const over = run(registered, submit('a'), offers(offer('o1')), refused)
      expect(over.facts.at(-1)).toMatchObject({
        type: 'task.ended',
        taskId: 'a',
        code: 'CALL_REJECTED',
        message: 'no answer',
      })
    })

    it('has its tasks reconciled when the master may have taken it', () => {
      const component = start({}, submit('a'), launch('a'))
      expect(callsOf(component.send(acceptFailed('unknown', 'a')))).toEqual(['RECONCILE'])
      expect(findTask(component.snapshot.context.table, 'a')?.state).toBe('launching')
    })

    it('makes the scheduler reconcile when the master may have taken it', () => {
      const failed = acceptFailed('unknown', 'a')
      const asked = run(registered, submit('a'), offers(offer('o1')), failed)
      expect(typesOf(asked.calls)).toEqual(['RECONCILE'])
    })
  })
})
