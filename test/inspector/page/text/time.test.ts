import { describe, expect, it } from 'vitest'
import { clockText, durationText, readGoal } from '../../../../src/inspector/page/text/time.ts'

describe('durationText', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1_500, '1.5 s'],
    [59_990, '1 min'],
    [200_000, '3 min 20 s'],
    [18_120_000, '5 h 2 min'],
    [273_600_000, '3 d 4 h'],
    [-1_500, '−1.5 s'],
  ])('writes %i ms as %s', (ms, text) => {
    expect(durationText(ms)).toBe(text)
  })
})

describe('clockText', () => {
  it('writes the time of the clock to the millisecond', () => {
    expect(clockText(new Date(2026, 10, 29, 3, 12, 7, 45).getTime())).toBe('03:12:07.045')
  })

  it('writes a number that is no time as it is', () => {
    expect(clockText(1e20)).toBe('100000000000000000000')
  })
})

describe('readGoal', () => {
  const startedAt = new Date(2026, 10, 28, 22, 0).getTime()
  const now = new Date(2026, 10, 29, 9, 30).getTime()
  const goal = (text: string) => readGoal(text, { startedAt, now })
  const at = (...time: [number, number, number?, number?]) => ({
    now: new Date(2026, 10, 29, ...time).getTime(),
  })

  it.each([
    ['#1200', 1200],
    ['1200', 1200],
    [' 100,000 ', 100_000],
  ])('reads the entry %j', (text, seq) => {
    expect(goal(text)).toEqual({ seq })
  })

  it('reads times of the last day of the run', () => {
    expect(goal('03:12')).toEqual(at(3, 12))
    expect(goal('3:12:07')).toEqual(at(3, 12, 7))
    expect(goal('03:12:07.5')).toEqual(at(3, 12, 7, 500))
  })

  it('takes the day before for a time that has not come', () => {
    expect(goal('23:15')).toEqual({ now: new Date(2026, 10, 28, 23, 15).getTime() })
  })

  it('takes the start for a time before it', () => {
    expect(goal('21:00')).toEqual({ now: startedAt })
  })

  it.each(['', 'noon', '25:00', '03:60', '-3', '1e3', '03:12:99'])('refuses %j', (text) => {
    expect(goal(text)).toBeUndefined()
  })
})
