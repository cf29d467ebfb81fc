import { describe, expect, it } from 'vitest'
import { maintenanceMachine } from '../../../../src/machines/scheduler/maintenance/maintenance.ts'
import type {
  InverseOfferPolicy,
  MaintenanceEvent,
} from '../../../../src/machines/scheduler/maintenance/maintenance.ts'
import type { SchedulerInboxEvent } from '../../../../src/machines/scheduler/events.ts'
import { taskTableOf } from '../../../../src/machines/scheduler/components.ts'
import { asChild } from '../../../support/machines/as-child.ts'
import {
  call,
  offers,
  registered,
  schedulerWith,
  submit,
  update,
} from '../../../support/machines/run-scheduler.ts'
import { offer } from '../../../support/mesos/mesos-data.ts'

const unavailability = {
  start: { nanoseconds: 5_000_000 },
  duration: { nanoseconds: 2_000_000 },
}
const offered = {
  type: 'mesos.inverseOffers',
  inverseOffers: [
    {
      id: { value: 'i1' },
      frameworkId: { value: 'f1' },
      agentId: { value: 'a1' },
      unavailability,
      resources: [],
    },
  ],
} as const
const answer: MaintenanceEvent = {
  type: 'inverseOffer.answer',
  inverseOfferId: 'i1',
  accept: true,
}

function start(policy: InverseOfferPolicy, ...events: readonly MaintenanceEvent[]) {
  const component = asChild(maintenanceMachine, { policy })
  return { component, last: component.send(registered, ...events) }
}

const ids = { inverseOfferIds: [{ value: 'i1' }] }

describe('maintenanceMachine', () => {
  describe('inverse offers', () => {
    it.each([
      ['accept', 'ACCEPT_INVERSE_OFFERS', 'accepted'],
      ['decline', 'DECLINE_INVERSE_OFFERS', 'declined'],
      ['move', 'ACCEPT_INVERSE_OFFERS', 'moved'],
    ] as const)('are answered by the policy %s', (policy, type, said) => {
      const { last } = start(policy, offered)
      expect(last?.effects).toMatchObject([{ params: { type } }])
      expect(last?.facts).toMatchObject([
        { agentId: 'a1', startsAt: 5, durationMs: 2, answer: said },
      ])
    })

    it('are accepted by default', () => {
      const accept = call('ACCEPT_INVERSE_OFFERS', { acceptInverseOffers: ids })
      schedulerWith().then({ offers: 'open' }).when(offered).then({ offers: 'open' }, [accept])
      schedulerWith({ inverseOffers: 'decline' })
        .then({ offers: 'open' })
        .when(offered)
        .then({ offers: 'open' }, [call('DECLINE_INVERSE_OFFERS', { declineInverseOffers: ids })])
    })

    it('are answered by the user once, with the policy ask', () => {
      const { component, last } = start('ask', offered)
      expect(last?.effects).toEqual([])
      expect(component.send(answer)?.effects).toMatchObject([
        { params: { type: 'ACCEPT_INVERSE_OFFERS' } },
      ])
      expect(component.send(answer)?.effects).toEqual([])
    })

    it('can be declined by the user', () => {
      const refusal: SchedulerInboxEvent = {
        type: 'inverseOffer.answer',
        inverseOfferId: 'i1',
        accept: false,
      }
      const asking = schedulerWith({ inverseOffers: 'ask' }).when(offered)
      asking
        .then({ offers: 'open' })
        .when(refusal)
        .then({ offers: 'open' }, [call('DECLINE_INVERSE_OFFERS')])
        .when(refusal)
        .then({ offers: 'open' }, [])
      asking
        .then({ offers: 'open' })
        .when({ type: 'mesos.rescindInverseOffer', inverseOfferId: 'i1' }, refusal)
        .then({ offers: 'open' }, [])
    })

    it('are not answered after they were rescinded, or in another subscription', () => {
      const rescinded = { type: 'mesos.rescindInverseOffer', inverseOfferId: 'i1' } as const
      expect(start('ask', offered, rescinded, answer).last?.effects).toEqual([])
      const restarted = { type: 'process.restarted' } as const
      expect(start('ask', offered, restarted, registered, answer).last?.effects).toEqual([])
    })
  })

  describe('tasks on leaving agents', () => {
    it('move only with the policy move', () => {
      expect(start('move', offered).component.notices).toEqual([
        { type: 'task.move', agentIds: ['a1'] },
      ])
      expect(start('accept', offered).component.notices).toEqual([])
    })

    it('run elsewhere, and no failed attempt is counted', () => {
      const leaving = { ...offer('o2'), unavailability: unavailability }
      schedulerWith({ inverseOffers: 'move' })
        .when(submit('a'), offers(offer('o1')), update('a', 'TASK_RUNNING'))
        .then({ offers: 'open' })
        .when(offered)
        .then({ offers: 'open' }, [
          call('ACCEPT_INVERSE_OFFERS'),
          call('KILL', { kill: { taskId: { value: 'a' }, agentId: { value: 'a1' } } }),
        ])
        .when(update('a', 'TASK_KILLED'))
        .then({ offers: 'asking' }, [call('REVIVE')])
        .when(offers(leaving))
        .then({ offers: 'asking' }, [call('DECLINE')])
        .when(offers(offer('o3', { agent: 'a2' })))
        .then({ offers: 'suppressed' }, [
          call('ACCEPT', {
            accept: { operations: [{ launch: { taskInfos: [{ taskId: { value: 'a~2' } }] } }] },
          }),
          call('SUPPRESS'),
        ])
    })

    it('end when their user kills them while they move', () => {
      schedulerWith({ inverseOffers: 'move' })
        .when(submit('a'), offers(offer('o1')), offered, { type: 'task.kill', taskId: 'a' })
        .when(update('a', 'TASK_KILLED'))
        .then((snapshot) => expect(taskTableOf(snapshot).rows.size).toBe(0))
    })
  })
})
