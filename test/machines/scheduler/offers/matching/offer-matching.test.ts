import { describe, expect, it } from 'vitest'
import { executorIdOf } from '../../../../../src/domain/tasks/executors.ts'
import type { ExecutorPlan } from '../../../../../src/domain/tasks/executors.ts'
import { matchOffers } from '../../../../../src/machines/scheduler/offers/matching/offer-matching.ts'
import type { OfferPlan } from '../../../../../src/machines/scheduler/offers/matching/offer-matching.ts'
import { addTask } from '../../../../../src/machines/scheduler/tasks/table/task-changes.ts'
import { emptyTaskTable } from '../../../../../src/machines/scheduler/tasks/table/task-table.ts'
import type { TaskRequest } from '../../../../../src/domain/tasks/task-request.ts'
import { offer, scalar } from '../../../../support/mesos/mesos-data.ts'

const executor: ExecutorPlan = {
  name: 'e',
  command: { value: 'run' },
  resources: { cpus: 0.5, memMb: 64 },
}
const delivery = { executor }

function tableOf(...requests: readonly Partial<TaskRequest>[]) {
  return requests.reduce(
    (table, request, index) =>
      addTask(table, { id: `t${index}`, work: { kind: 'shell', command: 'true' }, ...request }),
    emptyTaskTable,
  )
}

function placed(plans: readonly OfferPlan[]): Record<string, string[]> {
  return Object.fromEntries(
    plans.map((plan) => [plan.offer.id.value, plan.placements.map(({ row }) => row.request.id)]),
  )
}

describe('matchOffers', () => {
  it('places many tasks on one offer until it is full', () => {
    const one = { resources: { cpus: 0.5, memMb: 32 } }
    expect(placed(matchOffers([offer('o1')], tableOf(one, one, one, one, one), undefined))).toEqual(
      {
        o1: ['t0', 't1', 't2', 't3'],
      },
    )
  })

  it('spreads tasks over the offers', () => {
    const offers = [offer('o1'), offer('o2', { agent: 'a2' })]
    expect(placed(matchOffers(offers, tableOf({}, {}, {}), undefined))).toEqual({
      o1: ['t0', 't2'],
      o2: ['t1'],
    })
  })

  it('takes the executor once where it does not run yet', () => {
    const whole = { resources: { cpus: 1.5, memMb: 32 } }
    const offers = [offer('o1'), offer('o2', { cpus: 1.5, executorIds: [executorIdOf(executor)] })]
    const [fresh, running] = matchOffers(offers, tableOf(whole, whole), delivery)
    expect(fresh?.executorResources).toEqual({
      [executorIdOf(executor)]: [scalar('cpus', 0.5), scalar('mem', 64)],
    })
    expect(running?.executorResources).toEqual({})
    expect([fresh?.placements.length, running?.placements.length]).toEqual([1, 1])
  })

  it('launches nothing where the executor has no room', () => {
    const small = { resources: { cpus: 0.1, memMb: 32 } }
    expect(placed(matchOffers([offer('o1', { cpus: 0.4 })], tableOf(small), delivery))).toEqual({
      o1: [],
    })
  })

  it('asks for the needs of its kind of task host when a task names nothing', () => {
    const jvm = { work: { kind: 'load-class', className: 'a.B' } } as const
    const plans = matchOffers([offer('o1')], tableOf(jvm, {}), undefined)
    expect(plans[0]?.placements.map(({ resources }) => resources)).toEqual([
      [scalar('cpus', 0.5), scalar('mem', 512)],
      [scalar('cpus', 0.1), scalar('mem', 32)],
    ])
  })

  it('keeps hostname and attribute constraints', () => {
    const offers = [offer('o1', { attributes: { rack: 'r1' } }), offer('o2', { agent: 'a2' })]
    const table = tableOf(
      { constraints: { hostname: 'a2.example' } },
      { constraints: { attributes: { rack: 'r1' } } },
      { constraints: { attributes: { rack: 'r9' } } },
    )
    expect(placed(matchOffers(offers, table, undefined))).toEqual({ o1: ['t1'], o2: ['t0'] })
  })

  it('lets small tasks pass a large one that fits nowhere', () => {
    const table = tableOf({ resources: { cpus: 64 } }, { resources: { cpus: 1 } })
    expect(placed(matchOffers([offer('o1')], table, undefined))).toEqual({ o1: ['t1'] })
  })
})
