import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAmounts } from '../../../src/local/resources/resource-text.ts'
import {
  addAmounts,
  amountsOf,
  containsAmounts,
  subtractAmounts,
  toResources,
} from '../../../src/local/resources/resources.ts'
import type { Resource } from '../../../src/mesos/types.generated.ts'
import { scalar } from '../support/client.ts'

function ports(...range: readonly { readonly begin: number; readonly end: number }[]): Resource {
  return { name: 'ports', type: 'RANGES', ranges: { range } }
}

function set(...item: readonly string[]): Resource {
  return { name: 'gear', type: 'SET', set: { item } }
}

const resources = fc.record({
  cpus: fc.nat(10_000).map((milli) => scalar('cpus', milli / 1000)),
  ports: fc
    .array(fc.record({ begin: fc.nat(50), length: fc.nat(10) }), { maxLength: 4 })
    .map((list) => ports(...list.map(({ begin, length }) => ({ begin, end: begin + length })))),
  set: fc.subarray(['a', 'b', 'c', 'd']).map((items) => set(...items)),
})
const amounts = resources.map((each) => amountsOf(Object.values(each)))

describe('amountsOf', () => {
  it('adds scalars in thousandths, so that tenths add up', () => {
    const list = [scalar('cpus', 0.1), scalar('cpus', 0.2)]
    expect(formatAmounts(amountsOf(list))).toBe('cpus:0.3')
  })

  it('merges ranges that touch or overlap', () => {
    const list = [ports({ begin: 5, end: 9 }), ports({ begin: 1, end: 4 }, { begin: 8, end: 12 })]
    expect(formatAmounts(amountsOf(list))).toBe('ports:[1-12]')
  })

  it('keeps reserved, revocable and foreign-role resources apart', () => {
    const reserved: Resource = {
      ...scalar('cpus', 9),
      allocationInfo: { role: 'team' },
      reservations: [{ type: 'DYNAMIC', role: 'team', principal: 'p' }],
    }
    expect(formatAmounts(amountsOf([reserved], 'team'), 'team')).toBe(
      'cpus(allocated: team)(reservations: [(DYNAMIC,team,p)]):9',
    )
    const plain = amountsOf([scalar('cpus', 9)], 'team')
    for (const odd of [
      reserved,
      { ...scalar('cpus', 1), revocable: {} },
      { ...scalar('cpus', 1), allocationInfo: { role: 'other' } },
      { ...scalar('cpus', 1), role: 'static' },
    ]) {
      expect(containsAmounts(plain, amountsOf([odd], 'team'))).toBe(false)
    }
  })
})

describe('subtractAmounts', () => {
  it('undoes addAmounts for scalars, and never leaves what was taken', () => {
    fc.assert(
      fc.property(amounts, amounts, (left, right) => {
        const rest = subtractAmounts(left, right)
        expect(containsAmounts(left, rest)).toBe(true)
        expect(containsAmounts(addAmounts(rest, right), left)).toBe(true)
        for (const [name] of right) {
          const still = rest.get(name)
          if (still?.kind === 'set')
            expect(containsAmounts(right, new Map([[name, still]]))).toBe(false)
        }
      }),
    )
  })

  it('cuts a range in two', () => {
    const rest = subtractAmounts(
      amountsOf([ports({ begin: 1, end: 9 })]),
      amountsOf([ports({ begin: 4, end: 5 })]),
    )
    expect(formatAmounts(rest)).toBe('ports:[1-3, 6-9]')
  })
})

describe('containsAmounts', () => {
  it('holds for every sum and its parts', () => {
    fc.assert(
      fc.property(amounts, amounts, (left, right) => {
        expect(containsAmounts(addAmounts(left, right), left)).toBe(true)
        expect(containsAmounts(addAmounts(left, right), right)).toBe(true)
      }),
    )
  })

  it('does not take a kind for another of the same name', () => {
    const left = amountsOf([{ name: 'x', type: 'SET', set: { item: ['a'] } }])
    expect(containsAmounts(left, amountsOf([scalar('x', 1)]))).toBe(false)
  })
})

describe('toResources', () => {
  it('gives back what amountsOf took', () => {
    fc.assert(
      fc.property(amounts, (each) => {
        expect(amountsOf(toResources(each))).toEqual(each)
      }),
    )
  })
})
