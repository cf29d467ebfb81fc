import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isFieldLike } from '../../../src/domain/tasks/agent-fields.ts'
import { matchOffers } from '../../../src/machines/scheduler/offers/matching/offer-matching.ts'
import { valuesOf } from '../../../src/domain/persistent-map.ts'
import { findConstraintsFault } from '../../../src/domain/tasks/task-constraints.ts'
import type { PlacementRule, TaskConstraints } from '../../../src/domain/tasks/task-constraints.ts'
import {
  addTasks,
  launchTask,
  removeTask,
} from '../../../src/machines/scheduler/tasks/table/task-changes.ts'
import { emptyTaskTable } from '../../../src/machines/scheduler/tasks/table/task-table.ts'
import type { TaskTable } from '../../../src/machines/scheduler/tasks/table/task-table.ts'
import type { Attribute, Offer } from '../../../src/mesos/types.generated.ts'
import { offer } from '../../support/mesos/mesos-data.ts'

const size: Omit<Attribute, 'name'> = { type: 'SCALAR', scalar: { value: 4 } }
const slots: Omit<Attribute, 'name'> = {
  type: 'RANGES',
  ranges: {
    range: [
      { begin: 1, end: 3 },
      { begin: 7, end: 9 },
    ],
  },
}
const disks: Omit<Attribute, 'name'> = { type: 'SET', set: { item: ['ssd', 'nvme'] } }
const agents = [
  offer('o1', { agent: 'a1', attributes: { rack: 'r1', size, slots }, domain: ['eu', 'eu-1'] }),
  offer('o2', { agent: 'a2', attributes: { rack: 'r2', disks }, domain: ['us', 'us-1'] }),
  offer('o3', { agent: 'a3' }),
]

/** Submits so many tasks with these constraints and launches what is placed; tells how many went to each agent. */
function launch(
  offers: readonly Offer[],
  count: number,
  constraints: TaskConstraints,
  before: TaskTable = emptyTaskTable,
) {
  const requests = Array.from({ length: count }, (_, index) => ({
    id: `t${before.rows.size + index}`,
    work: { kind: 'shell', command: 'true' } as const,
    resources: { cpus: 0.01, memMb: 1 },
    constraints,
  }))
  let table = addTasks(before, requests)
  const placed: Record<string, number> = {}
  for (const { offer, placements } of matchOffers(offers, table, undefined)) {
    placed[offer.agentId.value] = placements.length
    for (const { row, counted } of placements) {
      table = launchTask(table, { ...row, state: 'launching' }, counted)
    }
  }
  return { table, placed }
}

function where(rule: PlacementRule): readonly string[] {
  const { placed } = launch(agents, 3, { rules: [rule] })
  return Object.keys(placed).filter((agent) => (placed[agent] ?? 0) > 0)
}

describe('rules about the agent', () => {
  it.each<[PlacementRule, readonly string[]]>([
    [{ field: 'hostname', operator: 'is', value: 'a2.example' }, ['a2']],
    [{ field: '@hostname', operator: 'like', value: 'a[13]\\..*' }, ['a1', 'a3']],
    [{ field: '@region', operator: 'is', value: 'eu' }, ['a1']],
    [{ field: '@zone', operator: 'in', values: ['us-1', 'us-2'] }, ['a2']],
    [{ field: 'rack', operator: 'is', value: 'r1' }, ['a1']],
    [{ field: 'rack', operator: 'in', values: ['r1', 'r2'] }, ['a1', 'a2']],
    [{ field: 'rack', operator: 'like', value: 'r\\d' }, ['a1', 'a2']],
    [{ field: 'rack', operator: 'like', value: 'r' }, []],
    [{ field: 'rack', operator: 'unlike', value: 'r1' }, ['a2', 'a3']],
    [{ field: 'size', operator: 'is', value: 4 }, ['a1']],
    [{ field: 'size', operator: 'is', value: '4.0' }, ['a1']],
    [{ field: 'size', operator: 'like', value: '[0-9]' }, ['a1']],
    [{ field: 'slots', operator: 'is', value: 8 }, ['a1']],
    [{ field: 'slots', operator: 'is', value: 5 }, []],
    [{ field: 'disks', operator: 'is', value: 'ssd' }, ['a2']],
    [{ field: 'disks', operator: 'like', value: 'nv.*' }, ['a2']],
    [{ field: 'disks', operator: 'unlike', value: 'nv.*' }, ['a1', 'a3']],
  ])('%j', (rule, expected) => {
    expect(where(rule)).toEqual(expected)
  })

  it('must all hold', () => {
    const rules: PlacementRule[] = [
      { field: 'rack', operator: 'like', value: 'r.' },
      { field: '@region', operator: 'unlike', value: 'eu' },
    ]
    expect(launch(agents, 5, { rules, attributes: { rack: 'r2' } }).placed).toMatchObject({ a2: 5 })
    expect(launch(agents, 5, { rules, hostname: 'a1.example' }).placed).toMatchObject({ a2: 0 })
  })

  it('take a pattern that other engines never finish', () => {
    const [agent] = agents
    const long = { ...agent, hostname: 'a'.repeat(50_000) } as Offer
    expect(isFieldLike(long, 'hostname', '(a+)+b')).toBe(false)
  })
})

describe('policy', () => {
  it('spreads by default, and packs if asked to', () => {
    expect(launch(agents, 4, {}).placed).toEqual({ a1: 2, a2: 1, a3: 1 })
    expect(launch(agents, 4, { policy: 'pack' }).placed).toEqual({ a1: 4, a2: 0, a3: 0 })
  })
})

describe('rules about the other tasks', () => {
  const racks = ['r1', 'r1', 'r2', 'r2', 'r2'].map((rack, index) =>
    offer(`o${index}`, { agent: `a${index}`, attributes: { rack } }),
  )

  it('unique and max-per count what runs already', () => {
    const rules: PlacementRule[] = [{ field: 'hostname', operator: 'unique' }]
    const first = launch(agents, 5, { rules })
    expect(first.placed).toEqual({ a1: 1, a2: 1, a3: 1 })
    expect(launch(agents, 0, { rules }, first.table).placed).toEqual({ a1: 0, a2: 0, a3: 0 })
    const ended = removeTask(first.table, 't1')
    expect(launch(agents, 0, { rules }, ended).placed).toEqual({ a1: 0, a2: 1, a3: 0 })
  })

  it('max-per counts by value, over all agents with it', () => {
    const rules: PlacementRule[] = [{ field: 'rack', operator: 'max-per', count: 3 }]
    const { placed } = launch(racks, 20, { rules })
    expect([placed['a0'], placed['a1']].reduce((sum = 0, one = 0) => sum + one)).toBe(3)
    expect([placed['a2'], placed['a3'], placed['a4']]).toEqual([1, 1, 1])
  })

  it('counts other tasks separately, unless they name a group', () => {
    const unique: PlacementRule = { field: 'hostname', operator: 'unique' }
    const other: PlacementRule = { field: 'hostname', operator: 'max-per', count: 1 }
    const first = launch(agents, 1, { rules: [unique] })
    expect(launch(agents, 3, { rules: [other] }, first.table).placed).toEqual({
      a1: 1,
      a2: 1,
      a3: 1,
    })
    const named = launch(agents, 1, { rules: [unique], among: 'db' })
    expect(launch(agents, 3, { rules: [other], among: 'db' }, named.table).placed).toEqual({
      a1: 0,
      a2: 1,
      a3: 1,
    })
  })

  it('group-by waits for values that are missing', () => {
    const rules: PlacementRule[] = [{ field: 'rack', operator: 'group-by', count: 2 }]
    const [first, , second] = racks
    const alone = launch([first as Offer], 10, { rules })
    expect(alone.placed).toEqual({ a0: 1 })
    expect(launch([first as Offer, second as Offer], 0, { rules }, alone.table).placed).toEqual({
      a0: 4,
      a2: 5,
    })
  })

  it('group-by stays balanced for any offers, and max-per within its bound', () => {
    const rounds = fc.array(
      fc.record({
        racks: fc.uniqueArray(fc.constantFrom('r1', 'r2', 'r3', 'r4'), { minLength: 1 }),
        hosts: fc.integer({ min: 1, max: 3 }),
        count: fc.nat(30),
        end: fc.nat(5),
      }),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(rounds, fc.integer({ min: 1, max: 4 }), (list, expected) => {
        const rules: PlacementRule[] = [
          { field: 'rack', operator: 'group-by', count: expected },
          { field: 'hostname', operator: 'max-per', count: 5 },
        ]
        let table = emptyTaskTable
        const running = new Map<string, { rack: string; host: string }>()
        let number = 0
        for (const { racks, hosts, count, end } of list) {
          const offers = racks.flatMap((rack) =>
            Array.from({ length: hosts }, (_, host) =>
              offer(`${rack}-${host}`, { agent: `${rack}-${host}`, attributes: { rack } }),
            ),
          )
          const requests = Array.from({ length: count }, () => ({
            id: `t${number++}`,
            work: { kind: 'shell', command: 'true' } as const,
            resources: { cpus: 0.01, memMb: 1 },
            constraints: { rules },
          }))
          table = addTasks(table, requests)
          const got = new Set<string>()
          for (const plan of matchOffers(offers, table, undefined)) {
            for (const { row, counted } of plan.placements) {
              table = launchTask(table, { ...row, state: 'launching' }, counted)
              const [rack = ''] = plan.offer.agentId.value.split('-')
              got.add(rack)
              running.set(row.request.id, { rack, host: plan.offer.hostname })
            }
          }
          const known = new Set([...racks, ...[...running.values()].map(({ rack }) => rack)])
          const counts = new Map([...known].map((rack) => [rack, onRack(running, rack)]))
          const least = known.size < expected ? 0 : Math.min(...counts.values())
          // Only those with the fewest got one.
          for (const rack of got) expect(counts.get(rack)).toBeLessThanOrEqual(least + 1)
          for (const host of new Set([...running.values()].map(({ host }) => host))) {
            expect(onHost(running, host)).toBeLessThanOrEqual(5)
          }
          expect(totalOf(table)).toBe(running.size * 2)
          for (const id of [...running.keys()].slice(0, end)) {
            running.delete(id)
            table = removeTask(table, id)
          }
        }
      }),
    )
  })
})

describe('findConstraintsFault', () => {
  it.each([
    [{ rack: 'r1' }, /constraints.rack is none of/],
    [{ hostname: 7 }, /hostname must be/],
    [{ attributes: { rack: 1 } }, /attributes must hold/],
    [{ policy: 'scatter' }, /policy must be/],
    [{ rules: {} }, /rules must be a list/],
    [{ rules: ['rack UNIQUE'] }, /rules\[0\] must be an object/],
    [{ rules: [{ field: '', operator: 'unique' }] }, /rules\[0\].field must be/],
    [{ rules: [{ field: '@rack', operator: 'unique' }] }, /@rack is none of/],
    [{ rules: [{ field: 'rack', operator: 'near' }] }, /operator must be/],
    [{ rules: [{ field: 'rack', operator: 'is' }] }, /value must be/],
    [{ rules: [{ field: 'rack', operator: 'in', values: [] }] }, /values must be/],
    [{ rules: [{ field: 'rack', operator: 'like', value: '(' }] }, /not a regular expression/],
    [{ rules: [{ field: 'rack', operator: 'like', value: '(?=a)' }] }, /not a regular expression/],
    [{ rules: [{ field: 'rack', operator: 'like', value: 'a'.repeat(300) }] }, /at most 256/],
    [{ rules: [{ field: 'rack', operator: 'max-per', count: 0 }] }, /count must be/],
    [
      { rules: ['rack', '@zone'].map((field) => ({ field, operator: 'group-by' })) },
      /two rules with group-by/,
    ],
  ])('refuses %j', (constraints, why) => {
    expect(findConstraintsFault(constraints)).toMatch(why)
  })
})

type Running = ReadonlyMap<string, { readonly rack: string; readonly host: string }>

function onRack(running: Running, rack: string): number {
  return [...running.values()].filter((one) => one.rack === rack).length
}

function onHost(running: Running, host: string): number {
  return [...running.values()].filter((one) => one.host === host).length
}

/** The sum over all tallies. */
function totalOf({ counts }: TaskTable): number {
  return [...valuesOf(counts)]
    .flatMap((tally) => [...valuesOf(tally)])
    .reduce((sum, count) => sum + count, 0)
}
