import { describe, expect, it } from 'vitest'
import {
  anchorAt,
  endAnchor,
  fractionOf,
  moveAnchor,
  placedAt,
  reveal,
} from '../../../../../src/inspector/page/views/lanes/anchor.ts'

/** Ten entries, 10, 20, … 100 pixels high, seen through 100 pixels. */
const heights = { count: 10, viewHeight: 100, heightOf: (index: number) => 10 * (index + 1) }
const top = { index: 0, offset: 0 }

describe('moveAnchor', () => {
  it('moves by pixels over entries of any height', () => {
    expect(moveAnchor(top, 9, heights)).toEqual({ index: 0, offset: 9 })
    expect(moveAnchor(top, 35, heights)).toEqual({ index: 2, offset: 5 })
    expect(moveAnchor({ index: 2, offset: 5 }, -35, heights)).toEqual(top)
  })

  it('stops at both ends', () => {
    expect(moveAnchor(top, -50, heights)).toEqual(top)
    expect(moveAnchor(top, 10_000, heights)).toEqual({ index: 9, offset: 0 })
    expect(moveAnchor({ index: 50, offset: 0 }, 0, { ...heights, count: 0 })).toEqual(top)
  })

  it('stays at the top where everything is seen at once', () => {
    const few = { ...heights, count: 3 }
    expect(endAnchor(few)).toEqual(top)
    expect(moveAnchor(top, 30, few)).toEqual(top)
  })
})

describe('placedAt', () => {
  it('places the entries in view, the first of them partly above it', () => {
    expect(placedAt({ index: 3, offset: 15 }, heights)).toEqual([
      { index: 3, top: -15, height: 40 },
      { index: 4, top: 25, height: 50 },
      { index: 5, top: 75, height: 60 },
    ])
  })
})

describe('reveal', () => {
  it('moves nothing for an entry in view', () => {
    expect(reveal(top, 2, heights)).toBe(top)
  })

  it('moves as little as needed for an entry at an edge', () => {
    expect(placedAt(reveal({ index: 3, offset: 15 }, 5, heights), heights).at(-1)).toMatchObject({
      index: 5,
      top: 40,
    })
    expect(reveal({ index: 3, offset: 15 }, 3, heights)).toEqual({ index: 3, offset: 0 })
  })

  it('shows another entry a third below the top', () => {
    const [entry] = placedAt(reveal(top, 8, heights), heights).filter(({ index }) => index === 8)
    expect(entry?.top).toBeCloseTo(100 / 3)
  })
})

describe('anchorAt', () => {
  it('finds the place that the scrollbar names, both ways', () => {
    expect(anchorAt(0, heights)).toEqual(top)
    expect(anchorAt(1, heights)).toEqual(endAnchor(heights))
    const middle = anchorAt(0.5, heights)
    expect(middle).toEqual({ index: 4, offset: 25 })
    expect(fractionOf(middle, heights)).toBeCloseTo(0.5)
  })
})
