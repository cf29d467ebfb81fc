import { describe, expect, it } from 'vitest'
import { needsOf } from '../../../../../src/machines/scheduler/offers/waits/needs.ts'
import type { WaitsEvent } from '../../../../../src/machines/scheduler/offers/waits/setup.ts'
import { waitsMachine } from '../../../../../src/machines/scheduler/offers/waits/waits.ts'
import type { TaskRequest } from '../../../../../src/domain/tasks/task-request.ts'
import { addTasks } from '../../../../../src/machines/scheduler/tasks/table/task-changes.ts'
import { emptyTaskTable } from '../../../../../src/machines/scheduler/tasks/table/task-table.ts'
import { asChild } from '../../../../support/machines/as-child.ts'
import { offer } from '../../../../support/mesos/mesos-data.ts'

/** Tasks of 8 cpus, more than offers have. */
function tableOf(...requests: readonly Partial<TaskRequest>[]) {
  return addTasks(
    emptyTaskTable,
    requests.map((request) => ({
      id: 'a',
      work: { kind: 'shell', command: 'true' } as const,
      resources: { cpus: 8 },
      ...request,
    })),
  )
}

const waiting = (...requests: readonly Partial<TaskRequest>[]): WaitsEvent => ({
  type: 'needs.changed',
  needs: needsOf(tableOf(...requests)),
})
const round = (
  requests: readonly Partial<TaskRequest>[],
  ...launchedIds: readonly string[]
): WaitsEvent => ({
  type: 'round.over',
  offers: [offer('o1')],
  work: {
    tasks: tableOf(...requests),
    delivery: undefined,
  },
  launchedIds,
})

const start = (holdMs = 0) => asChild(waitsMachine, { holdMs })

/** The ids of the explained tasks, or that the master is silent. */
function told(outcome: { readonly facts: readonly unknown[] } | undefined) {
  const facts = (outcome?.facts ?? []) as { type: string; taskIds?: readonly string[] }[]
  return facts.map(({ type, taskIds }) => taskIds?.join() ?? type)
}

describe('waitsMachine', () => {
  const one = [{ id: 'a' }]

  it('explains the first offers that fit no task', () => {
    const waits = start()
    waits.send(waiting(...one))
    const { facts } = waits.send(round(one)) ?? { facts: [] }
    expect(facts).toMatchObject([
      { type: 'task.waiting', count: 1, taskIds: ['a'], nearest: { lacks: ['cpus'] } },
    ])
  })

  it('explains again at growing intervals', () => {
    const waits = start()
    waits.send(waiting(...one), round(one))
    const gaps = [10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 600_000, 600_000]
    for (const gap of gaps) {
      waits.after(gap - 1)
      expect(told(waits.send(round(one)))).toEqual([])
      waits.after(1)
      expect(told(waits.send(round(one)))).toEqual(['a'])
    }
  })

  it('explains each need on its own, a new one at once', () => {
    const two = [{ id: 'a' }, { id: 'b', resources: { cpus: 9 } }]
    const waits = start()
    waits.send(waiting(...one), round(one), waiting(...two))
    expect(told(waits.send(round(two)))).toEqual(['b'])
    waits.after(10_000)
    expect(told(waits.send(round(two)))).toEqual(['a', 'b'])
  })

  it('explains at most ten needs, the oldest', () => {
    const many = Array.from({ length: 12 }, (_, index) => ({
      id: `t${index}`,
      resources: { cpus: 8 + index },
    }))
    const waits = start()
    waits.send(waiting(...many))
    expect(told(waits.send(round(many)))).toEqual(many.slice(0, 10).map(({ id }) => id))
    expect(told(waits.send(round(many)))).toEqual([])
  })

  it('does not explain tasks that wait for their turn', () => {
    const more = [{ id: 'a' }, { id: 'b' }]
    const waits = start()
    waits.send(waiting(...more))
    expect(told(waits.send(round(more, 'a')))).toEqual([])
    waits.after(10_000)
    expect(told(waits.send(round(more, 'a')))).toEqual([])
    waits.after(10_000)
    expect(told(waits.send(round([{ id: 'b' }])))).toEqual(['b'])
  })

  it('reports a master that makes no offers, later if they are held', () => {
    const waits = start()
    waits.send(waiting(...one))
    expect(told(waits.after(9999))).toEqual([])
    expect(told(waits.after(1))).toEqual(['offers.missing'])
    const holding = start(5000)
    holding.send(waiting(...one))
    expect(told(holding.after(14_999))).toEqual([])
    expect(told(holding.after(1))).toEqual(['offers.missing'])
  })

  describe('the limit of a need', () => {
    const limited = [{ id: 'a', waitTimeoutMs: 60_000 }]

    it('ends the wait with the reason of the latest offers', () => {
      const waits = start()
      waits.send(waiting(...limited), round(limited))
      waits.after(59_999)
      expect(waits.notices).toEqual([])
      waits.after(1)
      expect(waits.notices).toMatchObject([
        { type: 'need.unmet', order: 0, limitMs: 60_000, reason: { need: { cpus: 8 } } },
      ])
    })

    it('names the best agent, not a remainder of it', () => {
      const waits = start()
      waits.send(waiting(...limited), round(limited))
      const rest = round(limited)
      if (rest.type !== 'round.over') throw new Error('no round')
      waits.send({ ...rest, offers: [offer('o2', { cpus: 0.1, memMb: 32 })] })
      waits.after(60_000)
      expect(waits.notices).toMatchObject([{ reason: { nearest: { has: { cpus: 2 } } } }])
    })

    it('has no reason without offers', () => {
      const waits = start()
      waits.send(waiting(...limited))
      waits.after(60_000)
      expect(waits.notices).toEqual([{ type: 'need.unmet', order: 0, limitMs: 60_000 }])
    })

    it('starts anew when one of its tasks is launched', () => {
      const waits = start()
      waits.send(waiting(...limited))
      waits.after(50_000)
      waits.send(round(limited, 'a'))
      waits.after(59_999)
      expect(waits.notices).toEqual([])
      waits.after(1)
      expect(waits.notices).toHaveLength(1)
    })

    it.each([
      ['nothing waits any more', waiting()],
      ['the subscription ends', { type: 'offers.over' }],
    ] as const)('ends when %s', (_, event) => {
      const waits = start()
      waits.send(waiting(...limited), event)
      expect(waits.snapshot.value).toBe('idle')
      waits.after(60_000)
      expect(waits.notices).toEqual([])
    })
  })
})
