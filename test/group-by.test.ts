import { describe, expect, it } from 'vitest'
import { groupBy } from '../src/group-by.ts'

describe('groupBy', () => {
  it('keeps the order of keys and of the items of each', () => {
    const groups = groupBy([3, 1, 4, 1, 5], (item) => (item % 2 === 0 ? 'even' : 'odd'))
    expect([...groups]).toEqual([
      ['odd', [3, 1, 1, 5]],
      ['even', [4]],
    ])
  })
})
