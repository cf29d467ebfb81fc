import { describe, expect, it } from 'vitest'
import { scrollTopFor, windowOf } from '../../../../src/inspector/page/parts/list-window.ts'

const size = { count: 1_000, rowHeight: 20, viewHeight: 200 }
const huge = { count: 5_000_000, rowHeight: 20, viewHeight: 200 }

describe('windowOf', () => {
  it('draws what is seen, and a few rows around it', () => {
    expect(windowOf(size, 4_000)).toEqual({ height: 20_000, first: 192, end: 218, top: 3_840 })
  })

  it('ends where the list does', () => {
    expect(windowOf(size, 0)).toMatchObject({ first: 0, top: 0 })
    expect(windowOf(size, 19_800)).toMatchObject({ end: 1_000 })
    expect(windowOf({ ...size, count: 0 }, 0)).toMatchObject({ height: 0, first: 0, end: 0 })
  })

  it('scales a list that is higher than browsers draw', () => {
    const { height } = windowOf(huge, 0)
    expect(height).toBe(8_000_000)
    const last = windowOf(huge, height - 200)
    expect(last.end).toBe(huge.count)
    expect(last.top + (last.end - last.first) * 20).toBeCloseTo(height)
  })
})

describe('scrollTopFor', () => {
  it('stays where the row is seen', () => {
    expect(scrollTopFor(size, 205, 4_000)).toBe(4_000)
  })

  it('moves no further than it must', () => {
    expect(scrollTopFor(size, 199, 4_000)).toBe(3_980)
    expect(scrollTopFor(size, 210, 4_000)).toBe(4_020)
  })

  it('puts a row from far away in the middle', () => {
    expect(scrollTopFor(size, 500, 0)).toBe(9_910)
  })

  it('finds any row of a scaled list', () => {
    for (const index of [0, 1_234_567, 4_999_999]) {
      const { first, end } = windowOf(huge, scrollTopFor(huge, index, 3_000_000))
      expect(index).toBeGreaterThanOrEqual(first)
      expect(index).toBeLessThan(end)
    }
  })
})
