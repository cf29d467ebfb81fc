import { describe, expect, it } from 'vitest'
import { explainWaiting } from '../../../../../src/machines/scheduler/offers/matching/explain-waiting.ts'
import { executorIdOf } from '../../../../../src/domain/tasks/executors.ts'
import type { ExecutorPlan } from '../../../../../src/domain/tasks/executors.ts'
import { matchOffers } from '../../../../../src/machines/scheduler/offers/matching/offer-matching.ts'
import {
  addTasks,
  addTask,
} from '../../../../../src/machines/scheduler/tasks/table/task-changes.ts'
import { queuesOf } from '../../../../../src/machines/scheduler/tasks/table/task-queues.ts'
import { emptyTaskTable } from '../../../../../src/machines/scheduler/tasks/table/task-table.ts'
import type { TaskTable } from '../../../../../src/machines/scheduler/tasks/table/task-table.ts'
import type { TaskRequest } from '../../../../../src/domain/tasks/task-request.ts'
import type { Offer } from '../../../../../src/mesos/types.generated.ts'
import { offer, scalar } from '../../../../support/mesos/mesos-data.ts'

const executor: ExecutorPlan = {
  name: 'e',
  command: { value: 'run' },
  resources: { cpus: 0.1, memMb: 64 },
}
const delivery = { executor }

function requestOf(more: Partial<TaskRequest>): TaskRequest {
  return { id: 't', work: { kind: 'shell', command: 'true' }, ...more }
}

function explain(table: TaskTable, offers: readonly Offer[], plan: typeof delivery | undefined) {
  // Else there would be nothing to explain.
  expect(matchOffers(offers, table, plan).flatMap(({ placements }) => placements)).toEqual([])
  const [queue] = queuesOf(table)
  if (queue === undefined) throw new Error('no task waits')
  return explainWaiting(table, queue, offers, plan)
}

const ask = (more: Partial<TaskRequest>) => addTask(emptyTaskTable, requestOf(more))

describe('explainWaiting', () => {
  it('counts the executor that has to be started, too', () => {
    const table = ask({ resources: { cpus: 2, memMb: 100 } })
    expect(explain(table, [offer('o1', { cpus: 2 })], delivery)).toMatchObject({
      need: { cpus: 2, memMb: 100 },
      executor: { cpus: 0.1, memMb: 64 },
      obstacles: { cpus: 1 },
      nearest: { hostname: 'a1.example', has: { cpus: 2 }, lacks: ['cpus'] },
    })
  })

  it('leaves the executor out where it runs', () => {
    const table = ask({ resources: { cpus: 3, memMb: 100 } })
    const offers = [offer('o1', { cpus: 2, executorIds: [executorIdOf(executor)] })]
    expect(explain(table, offers, delivery)).not.toHaveProperty('executor')
  })

  it('gives the amounts of one offer, not the maximum of all offers', () => {
    const table = ask({ resources: { cpus: 4, memMb: 2000, diskMb: 1 } })
    const offers = [
      { ...offer('o1'), resources: [scalar('cpus', 8), scalar('mem', 100)] },
      { ...offer('o2'), resources: [scalar('cpus', 1), scalar('mem', 4000), scalar('disk', 9)] },
    ]
    const reason = explain(table, offers, undefined)
    expect(reason.obstacles).toEqual({ memMb: 1, cpus: 1 })
    expect(reason.nearest?.has).toMatchObject({ cpus: 1, memMb: 4000, diskMb: 9 })
  })

  it('leaves out resources that the task may not use', () => {
    const table = ask({ resources: { cpus: 2, memMb: 1, diskMb: 10 } })
    const [cpus, disk] = [scalar('cpus', 4), scalar('disk', 100)]
    const volume = { ...disk, disk: { persistence: { id: 'v' } } }
    const resources = [{ ...cpus, revocable: {} }, scalar('cpus', 1), scalar('mem', 9), volume]
    const reason = explain(table, [{ ...offer('o1'), resources }], undefined)
    expect(reason.nearest?.has).toMatchObject({ cpus: 1, memMb: 9, diskMb: 0 })
  })

  it('adds up the needs of the tasks of a group', () => {
    const one = { resources: { cpus: 0.6, memMb: 10, ports: 1 }, group: 'g' }
    const requests = ['a', 'b'].map((id) => requestOf({ ...one, id }))
    const reason = explain(
      addTasks(emptyTaskTable, requests),
      [offer('o1', { cpus: 1 })],
      undefined,
    )
    expect(reason.need).toEqual({ cpus: 1.2, memMb: 20, ports: 2 })
  })

  it.each([
    ['role', { role: 'web' }, { allocationInfo: { role: 'db' } }],
    ['constraints', { constraints: { hostname: 'elsewhere' } }, {}],
    ['maintenance', {}, { resources: [] }],
    ['gpus', { resources: { gpus: 1 } }, {}],
    ['ports', { resources: { ports: [80] } }, {}],
    ['volumes', { resources: { volumes: ['v'] } }, {}],
  ] as const)('names as the obstacle: %s', (obstacle, request, more) => {
    const reason = explain(ask(request), [{ ...offer('o1'), ...more }], undefined)
    expect(reason.obstacles).toEqual({ [obstacle]: 1 })
    const isOfResources = ['gpus', 'ports', 'volumes'].includes(obstacle)
    expect(reason.nearest === undefined).toBe(!isOfResources)
  })

  it('names limits on how many tasks an agent may have', () => {
    const rules = [{ field: 'hostname', operator: 'max-per', count: 0 }] as const
    const reason = explain(ask({ constraints: { rules } }), [offer('o1')], undefined)
    expect(reason.obstacles).toEqual({ limits: 1 })
  })

  it('names each constraint that agents do not meet, with the value of one of them', () => {
    const rules = [
      { field: 'rack', operator: 'is', value: 'r9' },
      { field: 'gen', operator: 'like', value: '2.*' },
    ] as const
    const at = (id: string, rack: string) => ({
      ...offer(id),
      attributes: [{ name: 'rack', type: 'TEXT' as const, text: { value: rack } }],
    })
    const offers = [at('o1', 'r1'), at('o2', 'r1'), at('o3', 'r9')]
    const reason = explain(ask({ constraints: { rules } }), offers, undefined)
    expect(reason.obstacles).toEqual({ constraints: 3 })
    expect(reason.unmet).toEqual([
      { constraint: 'rack is r9', offers: 2, hostname: 'a1.example', value: 'r1' },
      { constraint: 'gen like 2.*', offers: 1, hostname: 'a1.example' },
    ])
  })
})
