import { describe, expect, it } from 'vitest'
import { extend, rangeBetween } from '../../../../../src/inspector/page/views/lanes/lanes-state.ts'

describe('extend', () => {
  it('begins at the chosen entry and grows either way', () => {
    expect(extend(undefined, 10, 1, 99)).toEqual({ from: 10, to: 11 })
    expect(extend({ from: 10, to: 11 }, 10, 10, 99)).toEqual({ from: 10, to: 21 })
    expect(extend({ from: 10, to: 11 }, 10, -3, 99)).toEqual({ from: 8, to: 10 })
    expect(extend({ from: 8, to: 10 }, 10, -1, 99)).toEqual({ from: 7, to: 10 })
  })

  it('stays within the run', () => {
    expect(extend({ from: 8, to: 98 }, 8, 10, 99)).toEqual({ from: 8, to: 99 })
  })
})

describe('rangeBetween', () => {
  it('is in order', () => {
    expect(rangeBetween(9, 3)).toEqual({ from: 3, to: 9 })
  })
})
