import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDuration, parseDuration } from '../../src/mesos/duration.ts'

describe('parseDuration', () => {
  it.each([
    ['10ns', 0.00001],
    ['7us', 0.007],
    ['500ms', 500],
    ['5secs', 5000],
    ['1.5mins', 90_000],
    ['15mins', 900_000],
    ['2hrs', 7_200_000],
    ['1days', 86_400_000],
    ['1weeks', 604_800_000],
    ['-3secs', -3000],
    ['0ns', 0],
  ])('reads %s as %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each([
    '',
    '5',
    'secs',
    '5 secs',
    '5sec',
    '5s',
    '.5secs',
    '5.secs',
    '1min30secs',
    '1e3ms',
    'Infinityms',
    `${'9'.repeat(40)}secs`,
  ])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'DURATION_INVALID' }))
  })
})

describe('formatDuration', () => {
  it.each([
    [5000, '5secs'],
    [2000, '2secs'],
    [900_000, '15mins'],
    [90_000, '90secs'],
    [60_000, '1mins'],
    [0.5, '500us'],
    [864_000_000, '10days'],
    [0, '0ns'],
    [-3000, '-3secs'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })

  it('writes what parseDuration reads', () => {
    fc.assert(
      fc.property(fc.integer(), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms)
      }),
    )
  })

  it('refuses what is not finite', () => {
    expect(() => formatDuration(Number.NaN)).toThrow(
      expect.objectContaining({ code: 'DURATION_INVALID' }),
    )
  })
})
