import { describe, expect, it } from 'vitest'
import type { SchedulerInboxEvent } from '../../../../src/machines/scheduler/events.ts'
import { taskTableOf } from '../../../../src/machines/scheduler/components.ts'
import { given } from '../../../../src/testing/given.ts'
import { callsOf } from '../../../support/machines/as-child.ts'
import {
  acceptFailed,
  call,
  lost,
  offers,
  registered,
  run,
  schedulerWith,
  submit,
  typesOf,
  update,
} from '../../../support/machines/run-scheduler.ts'
import { heldOf } from '../../../support/machines/story.ts'
import { offer } from '../../../support/mesos/mesos-data.ts'
import { changed, offered, ready, start, work } from './offers-steps.ts'

describe('offersMachine', () => {
  describe('offers that it holds', () => {
    const holding = schedulerWith({ offerHoldMs: 1000 }).when(offers(offer('o1')))

    it('are accepted for new work at once', () => {
      const component = start({ holdMs: 1000 }, ready(work()), offered(work(), 'o1'))
      expect(component.snapshot.value).toEqual({ subscribed: { open: 'holding' } })
      expect(callsOf(component.send(changed(work('a'))))).toEqual(['ACCEPT'])
      expect(component.snapshot.context.held.size).toBe(0)
    })

    it('are accepted for tasks that are submitted later', () => {
      holding
        .then({ offers: 'holding' }, [])
        .after(400)
        .when(submit('a'))
        .then({ offers: 'idle' }, [call('ACCEPT', { accept: { offerIds: [{ value: 'o1' }] } })])
        .after(1000)
        .then({ offers: 'suppressed' }, [call('SUPPRESS')])
    })

    it('end the wait of the tasks that they take', () => {
      holding.when(submit('a')).then(({ children }) => {
        const waits = children.offers?.getSnapshot().children.waits
        expect(waits?.getSnapshot().value).toBe('idle')
      })
    })

    it('are declined when their time is over', () => {
      const component = start({ holdMs: 1000 }, ready(work()), offered(work(), 'o1'))
      expect(component.after(500).effects).toEqual([])
      expect(callsOf(component.after(500))).toEqual(['DECLINE', 'SUPPRESS'])
    })

    it('are declined in time, before SUPPRESS', () => {
      holding
        .then({ offers: 'holding' })
        .after(500)
        .then({ offers: 'holding' }, [])
        .after(500)
        .then({ offers: 'suppressed' }, [
          call('DECLINE', { decline: { offerIds: [{ value: 'o1' }] } }),
          call('SUPPRESS'),
        ])
    })

    it('are never held longer than the limit, however late they came', () => {
      holding
        .after(499)
        .when(offers(offer('o2')))
        .then({ offers: 'holding' })
        .after(1)
        .after(500)
        .then({ offers: 'suppressed' }, [
          call('DECLINE', { decline: { offerIds: [{ value: 'o2' }, { value: 'o1' }] } }),
          call('SUPPRESS'),
        ])
    })

    it('are accepted for a task that runs again', () => {
      holding
        .when(submit('a'), offers(offer('o2', { agent: 'a2' })))
        .then({ offers: 'holding' })
        .when(update('a', 'TASK_DROPPED'))
        .then(
          (snapshot) => expect(taskTableOf(snapshot).pendingCount).toBe(0),
          [call('ACCEPT', { accept: { offerIds: [{ value: 'o2' }] } })],
        )
    })

    it('are forgotten when they are rescinded', () => {
      holding
        .when({ type: 'mesos.rescind', offerId: 'o1' }, submit('a'))
        .then((snapshot) => {
          expect(heldOf(snapshot)?.size).toBe(0)
          expect(taskTableOf(snapshot).pendingCount).toBe(1)
        })
        .when({ type: 'mesos.rescind', offerId: 'never' })
        .then({ offers: 'asking' })
    })

    it('are forgotten with their subscription, without a call', () => {
      const component = start({ holdMs: 1000 }, ready(work()), offered(work(), 'o1'))
      expect(component.send(lost)?.effects).toEqual([])
      expect(component.snapshot).toMatchObject({ value: 'away', context: { held: { size: 0 } } })
      expect(component.after(5000).effects).toEqual([])
    })

    it('are not accepted in the next subscription', () => {
      holding
        .when(lost, registered, submit('a'))
        .then((snapshot) => {
          expect(heldOf(snapshot)?.size).toBe(0)
        })
        .when(offers(offer('o2')))
        .then({ offers: 'idle' })
    })
  })

  describe('offers of several roles', () => {
    const framework = { user: 'u', name: 'n', roles: ['a', 'b'] }
    const input = { framework, hasLibraries: false, timeoutMs: 60_000 }
    const of = (role: string, id: string) => ({ ...offer(id), allocationInfo: { role } })
    const bound: SchedulerInboxEvent = {
      type: 'task.submit',
      requests: [{ id: 't', role: 'b', work: { kind: 'shell', command: 'true' } }],
    }

    it('are suppressed and revived as tasks wait for them', () => {
      given({ input, records: [] })
        .when(registered)
        .then({ offers: 'open' }, [call('SUPPRESS')])
        .when(bound)
        .then({ offers: 'open' }, [call('REVIVE', { revive: { roles: ['b'] } })])
        .when(submit('any'))
        .then({ offers: 'open' }, [call('REVIVE', { revive: { roles: ['a'] } })])
        .when({ type: 'task.kill', taskId: 'any' })
        .then({ offers: 'open' }, [call('SUPPRESS', { suppress: { roles: ['a'] } })])
    })

    it('are accepted for tasks of their role only', () => {
      given({ input, records: [] })
        .when(registered, bound)
        .then({ offers: 'open' })
        .when({ type: 'mesos.offers', offers: [of('a', 'o1'), of('b', 'o2')] })
        .then({ offers: 'open' }, [
          call('ACCEPT', { accept: { offerIds: [{ value: 'o2' }] } }),
          call('DECLINE', { decline: { offerIds: [{ value: 'o1' }] } }),
          call('SUPPRESS'),
        ])
    })
  })

  describe('offers of an ACCEPT that failed', () => {
    it('are declined', () => {
      const component = start({}, ready(work()))
      const failed = { ...acceptFailed('unsent', 'a'), offerIds: ['o1'] }
      expect(component.send(failed)?.effects).toMatchObject([
        { params: { type: 'DECLINE', decline: { offerIds: [{ value: 'o1' }] } } },
      ])
      expect(component.send({ ...failed, code: 'NOT_SUBSCRIBED' })?.effects).toEqual([])
    })

    it.each(['unsent', 'unknown', 'refused'] as const)('are declined when it was %s', (outcome) => {
      const failed = { ...acceptFailed(outcome, 'a'), offerIds: ['o1'] }
      const { calls } = run(registered, submit('a', 'b'), offers(offer('o1')), failed)
      expect(calls).toContainEqual({
        type: 'DECLINE',
        frameworkId: { value: 'f1' },
        decline: { offerIds: [{ value: 'o1' }], filters: { refuseSeconds: 0 } },
      })
    })

    it.each(['unsent', 'unknown'] as const)(
      'are left alone when their subscription has ended, %s',
      (outcome) => {
        const late = {
          ...acceptFailed(outcome, 'a'),
          offerIds: ['o1'],
          code: 'CALL_TIMEOUT' as const,
        }
        const failed = { ...late, code: 'NOT_SUBSCRIBED' as const }
        const events = [registered, submit('a'), offers(offer('o1'))]
        for (const order of [
          [failed, lost],
          [lost, failed],
          [lost, late],
        ])
          expect(run(...events, ...order).calls).toEqual([])
        const back = run(...events, lost, failed, registered)
        expect(typesOf(back.calls)).toContain('RECONCILE')
        expect(typesOf(back.calls)).not.toContain('DECLINE')
      },
    )
  })

  describe('offers without a subscription', () => {
    it('are not answered', () => {
      const away = run(registered, submit('a'), lost, offers(offer('o1')))
      expect(away.calls).toEqual([])
      expect(typesOf(run(registered, lost, offers(offer('o1'))).calls)).toEqual([])
    })

    it('are not answered once the framework stops', () => {
      const component = start({}, ready(work()), { type: 'offers.close' })
      expect(component.send(offered(work('a'), 'o1'))?.effects).toEqual([])
    })
  })
})
