import { describe, expect, it } from 'vitest'
import {
  entryHeight,
  gapOf,
  placeArrow,
  placeLanes,
} from '../../../../../src/inspector/page/views/lanes/entry-layout.ts'

describe('gapOf', () => {
  it('is a wait of a second or more', () => {
    expect(gapOf(0, 999, false)).toBeUndefined()
    expect(gapOf(undefined, 5000, false)).toBeUndefined()
    expect(gapOf(0, 5000, false)).toMatchObject({ ms: 5000, isCut: false })
  })

  it('is as long as the wait, or one row while idle time is hidden', () => {
    const long = gapOf(0, 10_000, false)?.height ?? 0
    expect(long - (gapOf(0, 5000, false)?.height ?? 0)).toBeCloseTo(120)
    expect(gapOf(0, 10_000, true)).toEqual(
      gapOf(0, 3_600_000, true) && {
        ms: 10_000,
        height: 26,
        isCut: true,
      },
    )
  })

  it('is cut for a night', () => {
    expect(gapOf(0, 8 * 3_600_000, false)).toMatchObject({ height: 960, isCut: true })
  })
})

describe('entryHeight', () => {
  it('has a row for each arrow, and one for none', () => {
    expect(entryHeight(3, undefined)).toBe(84)
    expect(entryHeight(0, undefined)).toBe(32)
    expect(entryHeight(1, { ms: 1, height: 100, isCut: false })).toBe(132)
  })
})

describe('placeLanes', () => {
  it('shares the width, and scrolls where lanes would be too narrow', () => {
    expect(placeLanes(4, 632)).toMatchObject({ gutter: 152, width: 632, laneWidth: 120 })
    expect(placeLanes(5, 400)).toMatchObject({ gutter: 64, width: 400, laneWidth: 67.2 })
    expect(placeLanes(20, 500)).toMatchObject({ width: 2352, laneWidth: 110 })
  })
})

describe('placeArrow', () => {
  const places = placeLanes(4, 632)

  it('points from one lane to the other', () => {
    expect(placeArrow(0, 2, places)).toMatchObject({ left: 212, width: 240, points: 'right' })
    expect(placeArrow(2, 0, places)).toMatchObject({ left: 212, width: 240, points: 'left' })
    expect(placeArrow(1, 1, places)).toMatchObject({ left: 332, points: 'loop' })
  })

  it('has its label where there is more room', () => {
    expect(placeArrow(0, 1, places).label).toBe('from left')
    expect(placeArrow(2, 3, places)).toMatchObject({ label: 'from right', labelWidth: 560 })
  })
})
