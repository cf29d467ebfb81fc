import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addResources,
  containsResources,
  subtractResources,
  sumOf,
  takeRequest,
  takeScalar,
  takeValues,
} from '../../src/domain/resources.ts'
import type { Resource } from '../../src/mesos/types.generated.ts'
import { ports, scalar } from '../support/mesos-data.ts'

const reserved: Resource = {
  ...scalar('cpus', 1),
  reservations: [{ type: 'DYNAMIC', role: 'batch' }],
}

describe('takeScalar', () => {
  it('takes exact thousandths', () => {
    let rest: readonly Resource[] = [scalar('cpus', 1)]
    for (let count = 0; count < 10; count++) rest = takeScalar(rest, 'cpus', 0.1)?.rest ?? []
    expect(rest).toEqual([])
    expect(takeScalar([scalar('cpus', 0.3)], 'cpus', 0.1)?.rest).toEqual([scalar('cpus', 0.2)])
  })

  it('takes from several entries and keeps their reservations', () => {
    const taking = takeScalar([reserved, scalar('cpus', 2)], 'cpus', 1.5)
    expect(taking?.taken).toEqual([reserved, scalar('cpus', 0.5)])
    expect(taking?.rest).toEqual([scalar('cpus', 1.5)])
  })

  it('takes nothing when there is too little', () => {
    expect(takeScalar([scalar('cpus', 1)], 'cpus', 1.001)).toBeUndefined()
  })
})

describe('takeValues', () => {
  it('takes the lowest ports across ranges', () => {
    const taking = takeValues([ports([31000, 31001], [31005, 31009])], 'ports', 4)
    expect(taking?.taken).toEqual([ports([31000, 31001], [31005, 31006])])
    expect(taking?.rest).toEqual([ports([31007, 31009])])
  })
})

describe('takeRequest', () => {
  it('takes all of it or none', () => {
    const has = [scalar('cpus', 1), scalar('mem', 100), ports([1, 2])]
    expect(takeRequest(has, { cpus: 1, memMb: 64, ports: 1 })?.rest).toEqual([
      scalar('mem', 36),
      ports([2, 2]),
    ])
    expect(takeRequest(has, { cpus: 1, memMb: 101 })).toBeUndefined()
    expect(takeRequest(has, { gpus: 1 })).toBeUndefined()
  })
})

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
  it('adds what subtracting takes away again', () => {
    fc.assert(
      fc.property(bag, bag, (one, other) => {
        const sum = addResources(one, other)
        expect(containsResources(sum, one)).toBe(true)
        expect(subtractResources(sum, sum)).toEqual([])
        expect(sumOf(subtractResources(sum, one), 'cpus')).toBeCloseTo(sumOf(other, 'cpus'), 6)
      }),
    )
  })

  it('leaves in taken and rest together what there was', () => {
    fc.assert(
      fc.property(bag, fc.nat(20), (resources, count) => {
        const taking = takeValues(addResources([], resources), 'ports', count)
        fc.pre(taking !== undefined)
        expect(addResources(taking?.taken ?? [], taking?.rest ?? [])).toEqual(
          expect.arrayContaining([...addResources([], resources)]),
        )
      }),
    )
  })
})
