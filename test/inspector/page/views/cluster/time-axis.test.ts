import { describe, expect, it } from 'vitest'
import {
  momentAt,
  placeOf,
  spanPlace,
  ticksOf,
  zoom,
} from '../../../../../src/inspector/page/views/cluster/time-axis.ts'

const window = { from: 1000, to: 2000 }

describe('ticksOf', () => {
  it('is at round moments, no more than asked for', () => {
    expect(ticksOf({ from: 1001, to: 1100 }, 5)).toEqual([1020, 1040, 1060, 1080, 1100])
    const year = ticksOf({ from: 0, to: 365 * 86_400_000 }, 6)
    expect(year.length).toBeLessThanOrEqual(7)
    expect(year.length).toBeGreaterThan(3)
  })
})

describe('momentAt', () => {
  it('is the whole millisecond at a place', () => {
    expect(momentAt(placeOf(1250, window), window)).toBe(1250)
    expect(momentAt(1 / 3, window)).toBe(1333)
  })
})

describe('spanPlace', () => {
  it('is the part of the span in the window', () => {
    expect(spanPlace({ from: 1500, to: 1750 }, window)).toEqual({ left: 0.5, width: 0.25 })
    expect(spanPlace({ from: 0, to: 1500 }, window)).toEqual({ left: 0, width: 0.5 })
    expect(spanPlace({ from: 1900 }, window)?.width).toBeCloseTo(0.1)
    expect(spanPlace({ from: 0, to: 900 }, window)).toBeUndefined()
    expect(spanPlace({ from: 2100 }, window)).toBeUndefined()
  })
})

describe('zoom', () => {
  const whole = { from: 0, to: 8000 }

  it('keeps the moment where it is', () => {
    const closer = zoom(window, 0.5, 1500, whole)
    expect(closer).toEqual({ from: 1250, to: 1750 })
    expect(placeOf(1500, closer)).toBe(placeOf(1500, window))
  })

  it('stays within the run', () => {
    expect(zoom(window, 100, 1500, whole)).toEqual(whole)
    expect(zoom({ from: 7000, to: 8000 }, 2, 8000, whole)).toEqual({ from: 6000, to: 8000 })
  })
})
