/** The component of offers alone, and the events that it takes. */
import { offersMachine } from '../../../../src/machines/scheduler/offers/offers.ts'
import type { Work } from '../../../../src/machines/scheduler/offers/accepts.ts'
import type { OffersEvent, OffersInput } from '../../../../src/machines/scheduler/offers/setup.ts'
import { emptyOperationTable } from '../../../../src/machines/scheduler/operations/operation-table.ts'
import { addTasks } from '../../../../src/machines/scheduler/tasks/table/task-changes.ts'
import { emptyTaskTable } from '../../../../src/machines/scheduler/tasks/table/task-table.ts'
import { asChild } from '../../../support/machines/as-child.ts'
import { registered } from '../../../support/machines/run-scheduler.ts'
import { offer } from '../../../support/mesos/mesos-data.ts'

/** Waiting tasks of one cpu. */
export function work(...ids: readonly string[]): Work {
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

export const offered = (waiting: Work, ...ids: readonly string[]): OffersEvent => ({
  type: 'mesos.offers',
  offers: ids.map((id) => offer(id)),
  work: waiting,
})
export const ready = (waiting: Work): OffersEvent => ({ type: 'delivery.ready', work: waiting })
export const changed = (waiting: Work): OffersEvent => ({ type: 'work.changed', work: waiting })

export function start(input: Partial<OffersInput> = {}, ...events: readonly OffersEvent[]) {
  const component = asChild(offersMachine, { roles: ['team'], ...input })
  component.send(registered, ...events)
  return component
}
