import { describe, expect, it } from 'vitest'
import { stripeCount, stripesOf } from '../../../src/domain/relay/stripes.ts'

const chunk = (sizeBytes: number) => ({ sizeBytes, sha256: 'a'.repeat(64) })

describe('stripesOf', () => {
  it('deals out every chunk once, in runs that lie one after the other', () => {
    const chunks = Array.from({ length: 300 }, (_, index) => chunk(1 + ((index * 7919) % 65_536)))
    const stripes = stripesOf(chunks)
    const runs = stripes.flat().toSorted((one, other) => one.offset - other.offset)
    expect(runs.flatMap((run) => run.chunks)).toEqual(chunks)
    let end = 0
    for (const { offset, sizeBytes } of runs) {
      expect(offset).toBe(end)
      end += sizeBytes
    }
  })

  it('gives each stripe its turn', () => {
    const stripes = stripesOf(Array.from({ length: 8 }, () => chunk(32 * 1024)))
    expect(stripes.map((runs) => runs.map(({ offset }) => offset / (32 * 1024)))).toEqual([
      [0, 4],
      [1, 5],
      [2, 6],
      [3, 7],
    ])
  })

  it('has all stripes for a library of one chunk', () => {
    expect(stripesOf([chunk(5)]).map(({ length }) => length)).toEqual([1, 0, 0, 0])
    expect(stripesOf([])).toHaveLength(stripeCount)
  })
})
