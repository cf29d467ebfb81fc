import { describe, expect, it } from 'vitest'
import { fitColumns } from '../../../src/cli/output/fit-columns.ts'

describe('fitColumns', () => {
  it('leaves what fits as it is', () => {
    expect(fitColumns([3, 20, 7], 30)).toEqual([3, 20, 7])
  })

  it('cuts the widest first, and equal ones alike', () => {
    expect(fitColumns([3, 50, 7], 30)).toEqual([3, 20, 7])
    expect(fitColumns([40, 50, 10], 40)).toEqual([15, 15, 10])
  })

  it('leaves short columns whole as long as long ones can be cut', () => {
    expect(fitColumns([47, 7, 13, 7, 57], 52)).toEqual([12, 7, 13, 7, 13])
  })

  it('leaves six characters of each', () => {
    expect(fitColumns([3, 50, 1_000_000], 1)).toEqual([3, 6, 6])
  })

  it.each([20, 37, 59, 100])('never takes more than %i, where that is possible', (room) => {
    const widths = fitColumns([36, 5, 12, 13, 7, 99], room)
    const sum = widths.reduce((total, width) => total + width, 0)
    expect(sum).toBeLessThanOrEqual(Math.max(room, 6 * 5 + 5))
  })
})
