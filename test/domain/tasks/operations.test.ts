import { describe, expect, it } from 'vitest'
import {
  applyOperation,
  persistentVolume,
  reservedResources,
} from '../../../src/domain/tasks/operations.ts'
import type { ResourceOperation } from '../../../src/domain/tasks/operations.ts'
import { addResources, subtractResources } from '../../../src/domain/tasks/resources.ts'
import type { Resource } from '../../../src/mesos/types.generated.ts'

const allocationInfo = { role: 'team' }
const offered: readonly Resource[] = [
  { name: 'cpus', type: 'SCALAR', scalar: { value: 2 }, allocationInfo },
  { name: 'mem', type: 'SCALAR', scalar: { value: 4096 }, allocationInfo },
  { name: 'disk', type: 'SCALAR', scalar: { value: 10_000 }, allocationInfo },
]
const team = { role: 'team', principal: 'p' }
const reserved = reservedResources({ cpus: 0.5, memMb: 64, diskMb: 100 }, team)
const volume = persistentVolume({ ...team, id: 'vol-1', sizeMb: 100, containerPath: 'data' })
const reserve: ResourceOperation = { type: 'RESERVE', reserve: { resources: reserved } }
const create: ResourceOperation = { type: 'CREATE', create: { volumes: [volume] } }

/** What is left after all of them, one after another; undefined when one is not possible. */
function after(...operations: readonly ResourceOperation[]): readonly Resource[] | undefined {
  let rest: readonly Resource[] | undefined = offered
  for (const operation of operations)
    rest = rest && applyOperation(rest, operation, allocationInfo)?.rest
  return rest
}

function isSame(one: readonly Resource[] = [], other: readonly Resource[] = []): boolean {
  const nothing = [...subtractResources(one, other), ...subtractResources(other, one)]
  return nothing.length === 0
}

describe('applyOperation', () => {
  it('sends what a master was seen to take', () => {
    const sent = applyOperation(offered, reserve, allocationInfo)?.operation
    expect(sent).toMatchObject({
      type: 'RESERVE',
      reserve: {
        resources: [
          {
            name: 'cpus',
            scalar: { value: 0.5 },
            allocationInfo,
            reservations: [{ type: 'DYNAMIC', role: 'team', principal: 'p' }],
          },
          { name: 'mem' },
          { name: 'disk' },
        ],
      },
    })
  })

  it('takes unreserved resources for a reservation and leaves them reserved', () => {
    const rest = after(reserve) ?? []
    expect(rest).toContainEqual(expect.objectContaining({ name: 'cpus', scalar: { value: 1.5 } }))
    expect(rest).toContainEqual(
      expect.objectContaining({
        name: 'cpus',
        scalar: { value: 0.5 },
        reservations: [{ type: 'DYNAMIC', role: 'team', principal: 'p' }],
      }),
    )
  })

  it('gives everything back by the opposite operations', () => {
    const unreserve: ResourceOperation = { type: 'UNRESERVE', unreserve: { resources: reserved } }
    const destroy: ResourceOperation = { type: 'DESTROY', destroy: { volumes: [volume] } }
    expect(
      isSame(addResources([], after(reserve, create, destroy, unreserve) ?? []), offered),
    ).toBe(true)
  })

  it('grows and shrinks volumes', () => {
    const disk = reservedResources({ diskMb: 150 }, team)
    const more = reservedResources({ diskMb: 50 }, team)[0] as Resource
    const grow: ResourceOperation = {
      type: 'GROW_VOLUME',
      growVolume: { volume, addition: more },
    }
    const larger = persistentVolume({ ...team, id: 'vol-1', sizeMb: 150, containerPath: 'data' })
    const shrink: ResourceOperation = {
      type: 'SHRINK_VOLUME',
      shrinkVolume: { volume: larger, subtract: { value: 50 } },
    }
    const start: ResourceOperation = { type: 'RESERVE', reserve: { resources: disk } }
    const before = after(start, create)
    const grown = after(start, create, grow)
    expect(grown).toContainEqual(
      expect.objectContaining({ scalar: { value: 150 }, disk: volume.disk }),
    )
    expect(isSame(after(start, create, grow, shrink), before)).toBe(true)
  })

  it('refines a reservation', () => {
    const outer = { type: 'DYNAMIC', role: 'team', principal: 'p' } as const
    const inner = reservedResources({ cpus: 0.5 }, { role: 'team/web', within: [outer] })
    const refine: ResourceOperation = { type: 'RESERVE', reserve: { resources: inner } }
    expect(after(refine)).toBeUndefined()
    expect(after(reserve, refine)).toContainEqual(
      expect.objectContaining({ reservations: [outer, { type: 'DYNAMIC', role: 'team/web' }] }),
    )
  })

  it('is impossible with resources that the offer has not', () => {
    expect(after(create)).toBeUndefined()
    expect(after({ type: 'UNRESERVE', unreserve: { resources: reserved } })).toBeUndefined()
    const much = reservedResources({ cpus: 3 }, team)
    expect(after({ type: 'RESERVE', reserve: { resources: much } })).toBeUndefined()
  })

  it('takes fields in any order for the same', () => {
    const [cpus] = reserved
    const { reservations, scalar, ...rest } = cpus as Resource
    const turned = { scalar, reservations, ...rest } as Resource
    const destroy: ResourceOperation = { type: 'UNRESERVE', unreserve: { resources: [turned] } }
    expect(after(reserve, destroy)).toBeDefined()
  })
})
