import { describe, expect, it } from 'vitest'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import {
  lost,
  offers,
  registered,
  run,
  runWith,
  serving,
  submit,
  typesOf,
  update,
} from '../../support/machines/run-scheduler.ts'
import { offer } from '../../support/mesos/mesos-data.ts'

describe('schedulerMachine', () => {
  describe('a lost connection', () => {
    it('is followed by SUBSCRIBE and a reconciliation', () => {
      const away = run(registered, submit('a'), offers(offer('o1')), lost)
      expect(away).toMatchObject({ value: 'disconnected', effects: ['fx.subscribe'] })
      away.runtime.dispatch(registered)
      expect(away.calls).toMatchObject([
        { type: 'RECONCILE', reconcile: { tasks: [{ taskId: { value: 'a' } }] } },
        { type: 'SUPPRESS' },
      ])
    })
  })

  describe('a restart of the process', () => {
    const restarted: SchedulerInboxEvent = { type: 'process.restarted' }

    it('subscribes, reconciles, and starts the jar server at the same address', () => {
      const events = [registered, serving, submit('a'), offers(offer('o1')), restarted]
      expect(runWith({ hasLibraries: true }, ...events)).toMatchObject({
        value: 'disconnected',
        effects: ['fx.subscribe'],
      })
      const back = runWith({ hasLibraries: true }, ...events, registered)
      expect(back.value).toBe('startingJarServer')
      expect(typesOf(back.calls)).toEqual(['RECONCILE', 'SUPPRESS'])
      expect(back.params('fx.startJarServer')).toEqual({ url: 'http://10.0.0.1:4000' })
    })

    it('continues a TEARDOWN', () => {
      const events = [registered, { type: 'framework.stop', detach: false }, restarted] as const
      expect(run(...events)).toMatchObject({
        value: { stopping: 'returning' },
        effects: ['fx.subscribe'],
      })
      expect(run(...events, registered).params('fx.close')).toMatchObject({
        call: { type: 'TEARDOWN' },
      })
    })

    it('does not subscribe while it leaves', () => {
      const leaving = run(registered, { type: 'framework.stop', detach: true }, restarted)
      expect(leaving.effects).toEqual(['fx.close'])
      expect(leaving.value).toEqual({ stopping: 'leaving' })
    })
  })

  describe('the end', () => {
    it('comes after the last task when the framework drains', () => {
      const draining = run(
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

    it('tears down the first framework id, not that of a second SUBSCRIBED', () => {
      const second = { ...registered, frameworkId: 'other' }
      expect(
        run(registered, second, { type: 'framework.stop', detach: false }).params('fx.close'),
      ).toMatchObject({ call: { frameworkId: { value: 'f1' } } })
    })

    it('tears the framework down, unless it detaches', () => {
      const stop = (detach: boolean) =>
        run(registered, { type: 'framework.stop', detach }).params('fx.close')
      expect(stop(false)).toMatchObject({ call: { type: 'TEARDOWN' } })
      expect(stop(true)).toEqual({ call: undefined })
    })
  })
})
