import { describe, expect, it } from 'vitest'
import { findResourcesError } from '../../../src/local/resources/resource-validation.ts'
import { hasOverlap } from '../../../src/local/resources/value-validation.ts'
import type { Resource } from '../../../src/mesos/types.generated.ts'
import { scalar } from '../support/client.ts'

function ports(...range: readonly { readonly begin: number; readonly end: number }[]): Resource {
  return { name: 'ports', type: 'RANGES', ranges: { range } }
}

function set(...item: readonly string[]): Resource {
  return { name: 'gear', type: 'SET', set: { item } }
}

const dynamic = { type: 'DYNAMIC', role: 'a', principal: 'p' } as const
const persistence = { persistence: { id: 'v' } }
const volume = { containerPath: 'data', mode: 'RW' } as const

describe('findResourcesError', () => {
  it.each<[Resource, string]>([
    [scalar('cpus', -1), "Resource 'cpus:-1' is invalid: Invalid scalar resource: value <= 0"],
    [scalar('cpus', 0.0001), 'value <= 0'],
    [scalar('cpus', Number.NaN), 'value <= 0'],
    [scalar('', 1), 'Empty resource name'],
    [scalar('gpus', 0.5), "The 'gpus' resource must be an unsigned integer"],
    [{ name: 'cpus', type: 'SCALAR' }, 'Invalid scalar resource'],
    [{ ...scalar('cpus', 1), set: {} }, 'Invalid scalar resource'],
    [ports({ begin: 2, end: 1 }), 'begin > end'],
    [ports({ begin: 5, end: 9 }, { begin: 1, end: 5 }), 'overlapping ranges'],
    [{ name: 'gear', type: 'SET' }, 'Invalid set resource'],
    [set('a', 'a'), 'duplicated elements'],
    [{ ...scalar('cpus', 1), role: '/a' }, 'cannot start with a slash'],
    [{ ...scalar('cpus', 1), reservation: {} }, 'role "*" cannot be dynamically reserved'],
    [
      { ...scalar('cpus', 1), role: 'a', reservation: { type: 'DYNAMIC' } },
      "'Resource.ReservationInfo.type' must not be set",
    ],
    [{ ...scalar('cpus', 1), reservations: [{ role: 'a' }] }, "type' field must be set"],
    [
      { ...scalar('cpus', 1), reservations: [dynamic, { type: 'DYNAMIC', role: 'b' }] },
      "role 'b' is not a refinement of 'a'",
    ],
    [
      { ...scalar('cpus', 1), reservations: [dynamic, { type: 'STATIC', role: 'a/b' }] },
      'A refined reservation cannot be STATIC',
    ],
    [
      { ...scalar('cpus', 1), role: 'b', reservations: [dynamic] },
      "does not match the role 'a' in 'Resource.reservations'",
    ],
    [{ ...scalar('cpus', 1), disk: persistence }, 'DiskInfo should not be set for cpus resource'],
    [{ ...scalar('cpus', 1), shared: {} }, 'Resource cpus cannot be shared'],
    [{ ...scalar('disk', 1), shared: {} }, 'Only persistent volumes can be shared'],
    [
      { ...scalar('disk', 1), disk: { ...persistence, volume } },
      'Invalid DiskInfo: Persistent volumes cannot be created from unreserved resources',
    ],
    [{ ...scalar('disk', 1), disk: { volume } }, 'Non-persistent volume not supported'],
    [{ ...scalar('disk', 1), disk: {} }, 'DiskInfo is set but empty'],
    [
      {
        ...scalar('disk', 1),
        reservations: [dynamic],
        disk: { persistence: { id: '../up' }, volume },
      },
      'Invalid persistence ID for persistent volume',
    ],
    [
      { ...scalar('cpus', 1), reservations: [dynamic], revocable: {} },
      'cannot be created from revocable resources',
    ],
  ])('finds fault with %j', (resource, message) => {
    expect(findResourcesError([resource])).toContain(message)
  })

  it('takes good resources, in both forms of reservations', () => {
    const good: readonly Resource[] = [
      scalar('cpus', 0),
      ports({ begin: 1, end: 1 }, { begin: 2, end: 3 }),
      set('a'),
      { ...scalar('cpus', 1), role: 'a', reservation: { principal: 'p' } },
      { ...scalar('cpus', 1), reservations: [dynamic, { type: 'DYNAMIC', role: 'a/b' }] },
      { ...scalar('disk', 1), reservations: [dynamic], disk: { ...persistence, volume } },
    ]
    expect(findResourcesError(good)).toBeUndefined()
  })
})

describe('hasOverlap', () => {
  it('sees ports that two have both', () => {
    expect(hasOverlap([[ports({ begin: 1, end: 5 })], [ports({ begin: 5, end: 6 })]])).toBe(true)
    expect(hasOverlap([[ports({ begin: 1, end: 4 })], [ports({ begin: 5, end: 6 })]])).toBe(false)
  })
})
