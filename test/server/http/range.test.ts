import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRange } from '../../../src/server/http/range.ts'

describe('parseRange', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=2-5', { start: 2, end: 5 }],
    ['bytes=4-', { start: 4, end: 9 }],
    ['bytes=9-9', { start: 9, end: 9 }],
    ['bytes=0-99999999999999999999999', { start: 0, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-100', { start: 0, end: 9 }],
    ['BYTES=1-2', { start: 1, end: 2 }],
    ['bytes=007-008', { start: 7, end: 8 }],
  ])('selects the bytes that %s names', (header, range) => {
    expect(parseRange(header, 10)).toEqual(range)
  })

  it.each(['bytes=10-', 'bytes=10-20', 'bytes=-0', `bytes=${'9'.repeat(400)}-`])(
    'finds no byte for %s',
    (header) => {
      expect(parseRange(header, 10)).toBe('unsatisfiable')
    },
  )

  it.each([
    undefined,
    '',
    'bytes',
    'bytes=',
    'bytes=-',
    'bytes=5-2',
    'bytes=500-400',
    'bytes=a-b',
    'bytes=0x1-2',
    'bytes=1.5-2',
    'bytes=--3',
    'bytes=+1-2',
    'bytes= 0-1',
    'bytes=0-1 ',
    'bytes = 0-1',
    'bytes=0-1,3-4',
    'bytes=0-1,',
    'bytes=0-1\n',
    'items=0-1',
    'none',
    '0-1',
    'bytes=１-２',
  ])('ignores %j', (header) => {
    expect(parseRange(header, 10)).toBeUndefined()
  })

  it('finds no byte of an empty representation', () => {
    expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable')
    expect(parseRange('bytes=0-0', 0)).toBe('unsatisfiable')
    expect(parseRange('bytes=-0', 0)).toBe('unsatisfiable')
    expect(parseRange('bytes=-5', 0)).toBeUndefined()
  })

  it('agrees with slices for every valid range', () => {
    const position = fc.nat({ max: 300 })
    fc.assert(
      fc.property(position, position, position, (first, last, size) => {
        const bytes = Array.from({ length: size }, (_, index) => index)
        const range = parseRange(`bytes=${first}-${last}`, size)
        const expected = bytes.slice(first, last + 1)
        if (last < first) expect(range).toBeUndefined()
        else if (expected.length === 0) expect(range).toBe('unsatisfiable')
        else expect(range).toEqual({ start: expected[0], end: expected.at(-1) })
      }),
    )
  })

  it('stays inside the representation for any header', () => {
    const junk = fc.oneof(
      fc.string(),
      fc.stringMatching(/^bytes=[-0-9, ]{0,40}$/),
      fc.tuple(fc.bigInt(), fc.bigInt()).map(([a, b]) => `bytes=${a}-${b}`),
    )
    fc.assert(
      fc.property(junk, fc.nat(), (header, size) => {
        const range = parseRange(header, size)
        if (range === undefined || range === 'unsatisfiable') return
        expect(range.start).toBeGreaterThanOrEqual(0)
        expect(range.end).toBeGreaterThanOrEqual(range.start)
        expect(range.end).toBeLessThan(size)
        expect(Number.isSafeInteger(range.start) && Number.isSafeInteger(range.end)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})
