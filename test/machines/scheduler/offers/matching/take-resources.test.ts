import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addResources } from '../../../../../src/domain/tasks/resources.ts'
import {
  portsOf,
  takePorts,
  takeRequest,
  takeScalar,
} from '../../../../../src/machines/scheduler/offers/matching/take-resources.ts'
import type { Resource } from '../../../../../src/mesos/types.generated.ts'
import { ports, scalar } from '../../../../support/mesos/mesos-data.ts'

const reserved: Resource = {
  ...scalar('cpus', 1),
  reservations: [{ type: 'DYNAMIC', role: 'batch' }],
}
const refined: Resource = {
  ...scalar('cpus', 1),
  reservations: [
    { type: 'STATIC', role: 'batch' },
    { type: 'DYNAMIC', role: 'batch/night' },
  ],
}
const revocable: Resource = { ...scalar('cpus', 4), revocable: {} }
const volume: Resource = {
  ...scalar('disk', 64),
  disk: { persistence: { id: 'db' }, volume: { mode: 'RW', containerPath: 'data' } },
}
const mount: Resource = { ...scalar('disk', 500), disk: { source: { type: 'MOUNT' } } }

describe('takeScalar', () => {
  it('takes exact thousandths', () => {
    let rest: readonly Resource[] = [scalar('cpus', 1)]
    for (let count = 0; count < 10; count++) rest = takeScalar(rest, 'cpus', 0.1)?.rest ?? []
    expect(rest).toEqual([])
    expect(takeScalar([scalar('cpus', 0.3)], 'cpus', 0.1)?.rest).toEqual([scalar('cpus', 0.2)])
  })

  it('takes what is reserved first, the most refined before the others', () => {
    const taking = takeScalar([scalar('cpus', 2), reserved, refined], 'cpus', 1.5)
    expect(taking?.taken).toEqual([refined, { ...reserved, scalar: { value: 0.5 } }])
  })

  it('takes revocable resources only if asked for, and never mixes them', () => {
    expect(takeScalar([revocable], 'cpus', 1)).toBeUndefined()
    expect(takeScalar([scalar('cpus', 1), revocable], 'cpus', 2, true)?.rest).toEqual([
      scalar('cpus', 1),
      { ...revocable, scalar: { value: 2 } },
    ])
    expect(takeScalar([scalar('cpus', 8), revocable], 'cpus', 6, true)?.taken).toEqual([
      scalar('cpus', 6),
    ])
    expect(takeScalar([scalar('cpus', 3), revocable], 'cpus', 6, true)).toBeUndefined()
  })

  it('leaves volumes and disks of their own alone', () => {
    expect(takeScalar([volume, mount], 'disk', 10)).toBeUndefined()
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

describe('takePorts', () => {
  it('takes the lowest ports across ranges', () => {
    const taking = takePorts([ports([31000, 31001], [31005, 31009])], 4)
    expect(taking?.taken).toEqual([ports([31000, 31001], [31005, 31006])])
    expect(taking?.rest).toEqual([ports([31007, 31009])])
  })

  it('takes the very ports that are asked for', () => {
    const taking = takePorts([ports([1, 10], [20, 30])], [25, 3, 4])
    expect(taking?.taken).toEqual([ports([3, 4], [25, 25])])
    expect(taking?.rest).toEqual([ports([1, 2], [5, 10], [20, 24], [26, 30])])
    expect(takePorts([ports([1, 10])], [3, 11])).toBeUndefined()
  })

  it('gives ports in the requested order, or ascending', () => {
    expect(portsOf([ports([3, 4], [25, 25])], { ports: [25, 3, 4] })).toEqual([25, 3, 4])
    expect(portsOf([scalar('cpus', 1), ports([3, 4], [9, 9])], { ports: 3 })).toEqual([3, 4, 9])
  })
})

describe('takeRequest', () => {
  it('takes a volume by its id, whole', () => {
    const taking = takeRequest([volume, scalar('disk', 100)], { diskMb: 10, volumes: ['db'] })
    expect(taking?.taken).toEqual([scalar('disk', 10), volume])
    expect(takeRequest([volume], { volumes: ['other'] })).toBeUndefined()
  })

  it('leaves a shared volume for the next task', () => {
    const shared = { ...volume, shared: {} }
    expect(takeRequest([shared], { volumes: ['db'] })).toEqual({ taken: [shared], rest: [shared] })
  })

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
const plain = fc
  .tuple(fc.constantFrom('cpus', 'mem', 'disk', 'gpus'), amount)
  .map(([name, value]) => scalar(name, value))
// A port is offered once: reserved or not.
const rangeFrom = (least: number) =>
  fc
    .tuple(fc.integer({ min: least, max: least + 24 }), fc.integer({ min: 0, max: 10 }))
    .map(([begin, length]) => ports([begin, begin + length]))
const { reservations = [] } = reserved
const range = fc.oneof(
  rangeFrom(1),
  rangeFrom(36).map((resource): Resource => ({ ...resource, reservations })),
)
const decorated = fc
  .tuple(plain, fc.constantFrom(reserved, refined, revocable, volume, mount))
  .map(([resource, { scalar: _, name: __, type: ___, ...decoration }]) => ({
    ...resource,
    ...decoration,
  }))
const bag = fc.array(fc.oneof(plain, range, decorated), { minLength: 4, maxLength: 14 })
const asked = fc.integer({ min: 0, max: 2500 }).map((millis) => millis / 1000)
const request = fc.record(
  {
    cpus: asked,
    memMb: asked,
    diskMb: asked,
    gpus: fc.nat(3),
    ports: fc.oneof(fc.nat(12), fc.uniqueArray(fc.integer({ min: 1, max: 70 }), { maxLength: 3 })),
    revocable: fc.boolean(),
  },
  { requiredKeys: [] },
)

describe('takeRequest, whatever is offered and asked for', () => {
  it('leaves taken and rest together equal to the offer', () => {
    fc.assert(
      fc.property(bag, request, (resources, wanted) => {
        const offered = addResources([], resources)
        const taking = takeRequest(offered, wanted)
        fc.pre(taking !== undefined)
        if (taking === undefined) return
        const together = addResources(taking.taken, taking.rest)
        expect(new Set(together.map(toText))).toEqual(new Set(offered.map(toText)))
        expect(together).toHaveLength(offered.length)
      }),
    )
  })

  it('takes exactly what is asked for', () => {
    fc.assert(
      fc.property(bag, request, (resources, wanted) => {
        const taken = takeRequest(addResources([], resources), wanted)?.taken
        fc.pre(taken !== undefined)
        if (taken === undefined) return
        const { cpus = 0, memMb = 0, diskMb = 0, gpus = 0, ports: asked = 0 } = wanted
        const sums = ['cpus', 'mem', 'disk', 'gpus'].map((name) => millisOf(taken, name))
        expect(sums).toEqual([cpus, memMb, diskMb, gpus].map((value) => Math.round(value * 1000)))
        const told = portsOf(taken, wanted)
        if (typeof asked === 'number') expect(told).toHaveLength(asked)
        else expect(told).toEqual(asked)
        expect(new Set(told).size).toBe(told.length)
      }),
    )
  })
})

function toText(resource: Resource): string {
  return JSON.stringify(
    Object.entries(resource).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  )
}

function millisOf(resources: readonly Resource[], name: string): number {
  return resources
    .filter((resource) => resource.name === name)
    .reduce((sum, { scalar }) => sum + Math.round((scalar?.value ?? 0) * 1000), 0)
}
