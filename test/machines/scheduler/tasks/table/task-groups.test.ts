import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  launchIdsOf,
  launchOperations,
} from '../../../../../src/machines/scheduler/offers/launch.ts'
import { matchOffers } from '../../../../../src/machines/scheduler/offers/matching/offer-matching.ts'
import {
  addTasks,
  launchTask,
  removeTask,
  requeueTask,
  returnTask,
} from '../../../../../src/machines/scheduler/tasks/table/task-changes.ts'
import { canLaunchAgain } from '../../../../../src/machines/scheduler/tasks/table/task-groups.ts'
import {
  pendingOf,
  queuesOf,
} from '../../../../../src/machines/scheduler/tasks/table/task-queues.ts'
import {
  emptyTaskTable,
  findTask,
  tasksOf,
} from '../../../../../src/machines/scheduler/tasks/table/task-table.ts'
import type { TaskTable } from '../../../../../src/machines/scheduler/tasks/table/task-table.ts'
import type { TaskRequest } from '../../../../../src/domain/tasks/task-request.ts'
import type { Offer } from '../../../../../src/mesos/types.generated.ts'
import { offer, scalar } from '../../../../support/mesos/mesos-data.ts'

const disk = [scalar('disk', 1000)]

function member(id: string, group: string, cpus = 0.5): TaskRequest {
  const work = { kind: 'shell', command: `echo ${id}` } as const
  return { id, group, work, resources: { cpus, memMb: 10 } }
}

function queued(table: TaskTable): readonly string[] {
  return queuesOf(table).flatMap((queue) =>
    [...pendingOf(table, queue)].map((row) => row.request.id),
  )
}

/** Launches what is placed; the table after it, and the ids by offer. */
function launch(before: TaskTable, offers: readonly Offer[]) {
  let table = before
  const plans = matchOffers(offers, table, undefined)
  for (const { placements } of plans) {
    for (const { row, counted } of placements) {
      table = launchTask(table, { ...row, state: 'launching', agentId: 'a1' }, counted)
    }
  }
  const placed = plans.map(({ placements }) => placements.map(({ row }) => row.request.id))
  return { table, plans, placed }
}

function rowOf(table: TaskTable, id: string) {
  const row = findTask(table, id)
  if (row === undefined) throw new Error(`${id} is not in the table`)
  return row
}

describe('groups of tasks', () => {
  const pair = addTasks(emptyTaskTable, [member('a', 'g'), member('b', 'g')])

  it('are placed on one offer, or not at all', () => {
    const small = [offer('o1', { cpus: 0.9, more: disk }), offer('o2', { cpus: 0.9, more: disk })]
    expect(launch(pair, small).placed).toEqual([[], []])
    // 0.1 cpus are for the executor.
    expect(launch(pair, [...small, offer('o3', { cpus: 1.1, more: disk })]).placed).toEqual([
      [],
      [],
      ['a', 'b'],
    ])
  })

  it('need disk for their executor', () => {
    expect(launch(pair, [offer('o1')]).placed).toEqual([[]])
  })

  it('let others pass that fit', () => {
    const table = addTasks(addTasks(emptyTaskTable, [member('a', 'g', 9), member('b', 'g')]), [
      member('c', 'h'),
      { id: 'd', work: { kind: 'shell', command: 'true' } },
    ])
    expect(launch(table, [offer('o1', { more: disk })]).placed).toEqual([['c', 'd']])
  })

  it('keep the limits of their members', () => {
    const rules = [{ field: 'hostname', operator: 'unique' }] as const
    const table = addTasks(
      emptyTaskTable,
      [member('a', 'g'), member('b', 'g')].map((task) => ({ ...task, constraints: { rules } })),
    )
    expect(launch(table, [offer('o1', { more: disk })]).placed).toEqual([[]])
  })

  it('are launched with LAUNCH_GROUP on an executor of their own', () => {
    const table = addTasks(pair, [{ id: 'single', work: { kind: 'shell', command: 'true' } }])
    const [plan] = launch(table, [offer('o1', { more: disk })]).plans
    const operations = plan === undefined ? [] : launchOperations(plan, 'f1', undefined)
    expect(operations).toMatchObject([
      {
        type: 'LAUNCH_GROUP',
        launchGroup: {
          executor: {
            type: 'DEFAULT',
            executorId: { value: 'group-g' },
            frameworkId: { value: 'f1' },
            resources: [scalar('cpus', 0.1), scalar('mem', 32), scalar('disk', 32)],
          },
          taskGroup: {
            tasks: [
              { taskId: { value: 'a' }, command: { shell: true, value: 'echo a' } },
              { taskId: { value: 'b' } },
            ],
          },
        },
      },
      { type: 'LAUNCH', launch: { taskInfos: [{ taskId: { value: 'single' } }] } },
    ])
    expect(launchIdsOf(operations)).toEqual(['a', 'b', 'single'])
  })

  it('run on the executor of the framework where it has one, with disk', () => {
    const executor = { name: 'e', command: { value: 'run' }, resources: { cpus: 0.2, memMb: 64 } }
    const [plan] = matchOffers([offer('o1', { more: disk })], pair, { executor })
    const operations = plan === undefined ? [] : launchOperations(plan, 'f1', { executor })
    expect(operations).toMatchObject([
      {
        type: 'LAUNCH_GROUP',
        launchGroup: {
          executor: {
            type: 'CUSTOM',
            command: { value: 'run' },
            resources: [scalar('cpus', 0.2), scalar('mem', 64), scalar('disk', 32)],
          },
          taskGroup: { tasks: [{ data: expect.any(String) }, { data: expect.any(String) }] },
        },
      },
    ])
  })

  it('wait again when their launch never arrived, once all are back', () => {
    let { table } = launch(pair, [offer('o1', { more: disk })])
    expect(queued(table)).toEqual([])
    table = returnTask(table, rowOf(table, 'a'))
    expect([queued(table), table.pendingCount]).toEqual([[], 1])
    table = returnTask(table, rowOf(table, 'b'))
    expect([queued(table), table.pendingCount]).toEqual([['a', 'b'], 2])
  })

  it('cannot start again without one that is over', () => {
    let { table } = launch(pair, [offer('o1', { more: disk })])
    expect(canLaunchAgain(table, rowOf(table, 'a'))).toBe(true)
    table = removeTask(table, 'b')
    expect(canLaunchAgain(table, rowOf(table, 'a'))).toBe(false)
    expect(removeTask(table, 'a').groups.size).toBe(0)
  })
})

const change = fc.record({
  kind: fc.constantFrom('add', 'launch', 'lose', 'return', 'remove'),
  group: fc.integer({ min: 0, max: 3 }),
  member: fc.integer({ min: 0, max: 2 }),
  size: fc.integer({ min: 1, max: 3 }),
})

describe('the queues of groups', () => {
  it('hold exactly the groups whose tasks are all pending', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 80 }), (changes) => {
        let table = emptyTaskTable
        for (const { kind, group, member: number, size } of changes) {
          const name = `g${group}`
          const row = findTask(table, `${name}-${number}`)
          if (kind === 'add' && ![...tasksOf(table)].some((one) => one.request.group === name)) {
            const ids = Array.from({ length: size }, (_, index) => `${name}-${index}`)
            table = addTasks(
              table,
              ids.map((id) => member(id, name, 0.01)),
            )
          } else if (kind === 'launch') {
            table = launch(table, [offer('o', { more: disk })]).table
          } else if (row !== undefined && kind === 'remove') {
            table = removeTask(table, row.request.id)
          } else if (row !== undefined && row.state !== 'pending' && canLaunchAgain(table, row)) {
            table = kind === 'lose' ? requeueTask(table, row, 0) : returnTask(table, row)
          }
        }
        const rows = [...tasksOf(table)]
        const complete = rows.filter(({ request: { group } }) =>
          rows.every((one) => one.request.group !== group || one.state === 'pending'),
        )
        const startable = complete.filter((row) => row.ticket > 0 || canLaunchAgain(table, row))
        expect(queued(table).toSorted()).toEqual(startable.map((row) => row.request.id).toSorted())
        expect(table.pendingCount).toBe(rows.filter(({ state }) => state === 'pending').length)
      }),
    )
  })
})
