import { describe, expect, it } from 'vitest'
import { offersMachine } from '../../../../src/machines/scheduler/offers/offers.ts'
import type { Work } from '../../../../src/machines/scheduler/offers/offer-use.ts'
import type { OffersEvent, OffersInput } from '../../../../src/machines/scheduler/offers/setup.ts'
import { emptyOperationTable } from '../../../../src/machines/scheduler/operations/operation-table.ts'
import {
  addTasks,
  emptyTaskTable,
} from '../../../../src/machines/scheduler/tasks/table/task-table.ts'
import { asChild } from '../../../support/machines/as-child.ts'
import { offer } from '../../../support/mesos/mesos-data.ts'

const subscribed: OffersEvent = { type: 'mesos.subscribed', frameworkId: 'f1' }
const lost: OffersEvent = { type: 'connection.lost', code: '', message: '', retryable: true }

/** Work of so many tasks of one cpu. */
function work(...ids: readonly string[]): Work {
  const requests = ids.map((id) => ({
    id,
    work: { kind: 'shell', command: 'true' } as const,
    resources: { cpus: 1, memMb: 32 },
  }))
  return {
    tasks: addTasks(emptyTaskTable, requests),
    operations: emptyOperationTable,
    delivery: undefined,
  }
}

const offers = (waiting: Work, ...ids: readonly string[]): OffersEvent => ({
  type: 'mesos.offers',
  offers: ids.map((id) => offer(id)),
  work: waiting,
})
const ready = (waiting: Work): OffersEvent => ({ type: 'delivery.ready', work: waiting })
const changed = (waiting: Work): OffersEvent => ({ type: 'work.changed', work: waiting })

function start(input: Partial<OffersInput> = {}, ...events: readonly OffersEvent[]) {
  const component = asChild(offersMachine, { roles: ['team'], ...input })
  component.send(subscribed, ...events)
  return component
}

function callsOf(outcome: { effects: readonly { params: unknown }[] } | undefined) {
  return outcome?.effects.map(({ params }) => (params as { type: string }).type)
}

describe('offersMachine', () => {
  it('declines offers until the delivery is ready', () => {
    const component = start()
    expect(component.snapshot.value).toEqual({ subscribed: 'waitingForDelivery' })
    expect(callsOf(component.send(offers(work('a'), 'o1')))).toEqual(['DECLINE'])
    expect(component.notices).toEqual([])
  })

  it('accepts an offer that a task fits, and says what it launched', () => {
    const component = start({}, ready(work('a')))
    const used = component.send(offers(work('a'), 'o1'))
    expect(callsOf(used)).toEqual(['ACCEPT'])
    expect(used?.facts).toEqual([{ type: 'offers.received', count: 1, launched: 1 }])
    expect(component.notices).toEqual([
      {
        type: 'work.launched',
        launches: [{ taskId: 'a', agentId: 'a1', hostname: 'a1.example', counted: [] }],
        operationIds: [],
      },
    ])
  })

  it('suppresses offers while no work waits, and revives them for new work', () => {
    const component = start({}, ready(work('a')))
    expect(callsOf(component.send(changed(work())))).toEqual(['SUPPRESS'])
    expect(component.snapshot.value).toEqual({ subscribed: { open: 'suppressed' } })
    expect(callsOf(component.send(changed(work('b'))))).toEqual(['REVIVE'])
    expect(component.snapshot.value).toEqual({ subscribed: { open: 'asking' } })
  })

  it('names the waiting tasks when no offer is large enough', () => {
    const huge = work('a', 'b', 'c')
    const component = start({}, ready(huge))
    const small: OffersEvent = {
      type: 'mesos.offers',
      offers: [offer('o', { cpus: 0 })],
      work: huge,
    }
    expect(component.send(small)?.facts).toMatchObject([
      { type: 'offers.received', launched: 0 },
      { type: 'task.waiting', count: 3, taskIds: ['a', 'b', 'c'] },
    ])
  })

  it('launches new work with held offers, without waiting for others', () => {
    const component = start({ holdMs: 1000 }, ready(work()), offers(work(), 'o1'))
    expect(component.snapshot.value).toEqual({ subscribed: { open: 'holding' } })
    expect(callsOf(component.send(changed(work('a'))))).toEqual(['ACCEPT'])
    expect(component.snapshot.context.held.size).toBe(0)
  })

  it('declines held offers when their time is over', () => {
    const component = start({ holdMs: 1000 }, ready(work()), offers(work(), 'o1'))
    expect(component.after(500).effects).toEqual([])
    expect(callsOf(component.after(500))).toEqual(['DECLINE', 'SUPPRESS'])
  })

  it('forgets held offers with their subscription, and makes no call', () => {
    const component = start({ holdMs: 1000 }, ready(work()), offers(work(), 'o1'))
    expect(component.send(lost)?.effects).toEqual([])
    expect(component.snapshot).toMatchObject({ value: 'away', context: { held: { size: 0 } } })
    expect(component.after(5000).effects).toEqual([])
  })

  it('puts no task on an agent with announced maintenance if tasks must move', () => {
    const leaving = {
      ...offer('o1'),
      unavailability: { start: { nanoseconds: 1 } },
    }
    const event: OffersEvent = { type: 'mesos.offers', offers: [leaving], work: work('a') }
    expect(callsOf(start({}, ready(work('a'))).send(event))).toEqual(['ACCEPT'])
    const unused = start({ leavingAgents: 'unused' }, ready(work('a')))
    expect(callsOf(unused.send(event))).toEqual(['DECLINE'])
  })

  it('declines the offers of an ACCEPT that failed', () => {
    const component = start({}, ready(work()))
    const failed: OffersEvent = {
      type: 'call.failed',
      call: 'ACCEPT',
      launchIds: ['a'],
      offerIds: ['o1'],
      outcome: 'unsent',
      message: 'ended',
    }
    expect(component.send(failed)?.effects).toMatchObject([
      { params: { type: 'DECLINE', decline: { offerIds: [{ value: 'o1' }] } } },
    ])
    expect(component.send({ ...failed, code: 'NOT_SUBSCRIBED' })?.effects).toEqual([])
  })

  it('ignores offers once the framework stops', () => {
    const component = start({}, ready(work()), { type: 'offers.close' })
    expect(component.send(offers(work('a'), 'o1'))?.effects).toEqual([])
  })
})
