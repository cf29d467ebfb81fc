import { describe, expect, it } from 'vitest'
import { indexFrom, nextFound } from '../../../../src/inspector/page/log/log-state.ts'

const found = [3, 7, 9]

describe('nextFound', () => {
  it.each([
    [0, 1, 3],
    [3, 1, 7],
    [8, 1, 9],
    [9, 1, 3],
    [9, -1, 7],
    [8, -1, 7],
    [3, -1, 9],
  ] as const)('from entry %i in direction %i is entry %i', (seq, direction, next) => {
    expect(nextFound(found, seq, direction)).toBe(next)
  })

  it('finds nothing in nothing', () => {
    expect(nextFound([], 5, 1)).toBeUndefined()
  })
})

describe('indexFrom', () => {
  it('finds the first that is not before an entry', () => {
    expect([0, 3, 4, 9, 10].map((seq) => indexFrom(found, seq))).toEqual([0, 0, 1, 2, 3])
  })
})
