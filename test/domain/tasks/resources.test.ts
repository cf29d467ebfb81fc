import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addResources,
  containsResources,
  subtractResources,
  sumOf,
} from '../../../src/domain/tasks/resources.ts'
import type { Resource } from '../../../src/mesos/types.generated.ts'
import { ports, scalar } from '../../support/mesos/mesos-data.ts'

const reserved: Resource = {
  ...scalar('cpus', 1),
  reservations: [{ type: 'DYNAMIC', role: 'batch' }],
}

const amount = fc.integer({ min: 1, max: 8000 }).map((millis) => millis / 1000)
const range = fc
  .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 10 }))
  .map(([begin, length]) => ports([begin, begin + length]))
const labels: Resource = { name: 'disks', type: 'SET', set: { item: ['sda', 'sdb'] } }
const bag = fc.array(
  fc.oneof(
    amount.map((value) => scalar('cpus', value)),
    amount.map((value) => ({ ...reserved, scalar: { value } })),
    range,
    fc.constant(labels),
  ),
  { maxLength: 6 },
)

describe('resource arithmetic', () => {
  it('adds back what was subtracted', () => {
    fc.assert(
      fc.property(bag, bag, (one, other) => {
        const sum = addResources(one, other)
        expect(containsResources(sum, one)).toBe(true)
        expect(subtractResources(sum, sum)).toEqual([])
        expect(sumOf(subtractResources(sum, one), 'cpus')).toBeCloseTo(sumOf(other, 'cpus'), 6)
      }),
    )
  })
})
