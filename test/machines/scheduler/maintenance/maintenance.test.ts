import { describe, expect, it } from 'vitest'
import { maintenanceMachine } from '../../../../src/machines/scheduler/maintenance/maintenance.ts'
import type {
  InverseOfferPolicy,
  MaintenanceEvent,
} from '../../../../src/machines/scheduler/maintenance/maintenance.ts'
import { asChild } from '../../../support/machines/as-child.ts'

const subscribed: MaintenanceEvent = { type: 'mesos.subscribed', frameworkId: 'f1' }
const offered: MaintenanceEvent = {
  type: 'mesos.inverseOffers',
  inverseOffers: [
    {
      id: { value: 'i1' },
      frameworkId: { value: 'f1' },
      agentId: { value: 'a1' },
      unavailability: { start: { nanoseconds: 5_000_000 }, duration: { nanoseconds: 2_000_000 } },
      resources: [],
    },
  ],
}
const answer: MaintenanceEvent = {
  type: 'inverseOffer.answer',
  inverseOfferId: 'i1',
  accept: true,
}

function start(policy: InverseOfferPolicy, ...events: readonly MaintenanceEvent[]) {
  const component = asChild(maintenanceMachine, { policy })
  return { component, last: component.send(subscribed, ...events) }
}

describe('maintenanceMachine', () => {
  it.each([
    ['accept', 'ACCEPT_INVERSE_OFFERS', 'accepted'],
    ['decline', 'DECLINE_INVERSE_OFFERS', 'declined'],
    ['move', 'ACCEPT_INVERSE_OFFERS', 'moved'],
  ] as const)('answers by the policy %s', (policy, type, said) => {
    const { last } = start(policy, offered)
    expect(last?.effects).toMatchObject([{ params: { type } }])
    expect(last?.facts).toMatchObject([{ agentId: 'a1', startsAt: 5, durationMs: 2, answer: said }])
  })

  it('asks for tasks to be moved only if they must move', () => {
    expect(start('move', offered).component.notices).toEqual([
      { type: 'task.move', agentIds: ['a1'] },
    ])
    expect(start('accept', offered).component.notices).toEqual([])
  })

  it('leaves the answer to the user, once', () => {
    const { component, last } = start('ask', offered)
    expect(last?.effects).toEqual([])
    expect(component.send(answer)?.effects).toMatchObject([
      { params: { type: 'ACCEPT_INVERSE_OFFERS' } },
    ])
    expect(component.send(answer)?.effects).toEqual([])
  })

  it('does not answer what the master took back, or another subscription offered', () => {
    const rescinded = { type: 'mesos.rescindInverseOffer', inverseOfferId: 'i1' } as const
    expect(start('ask', offered, rescinded, answer).last?.effects).toEqual([])
    const restarted = { type: 'process.restarted' } as const
    expect(start('ask', offered, restarted, subscribed, answer).last?.effects).toEqual([])
  })
})
