import { describe, expect, it } from 'vitest'
import { plainCopy } from '../../../src/inspector/framing/plain-copy.ts'

describe('plainCopy', () => {
  it('copies plain data as it is', () => {
    const data = { a: [1, 'two', null, true], b: { c: '' } }
    expect(plainCopy(data)).toEqual(data)
  })

  it('cuts a long text', () => {
    expect(plainCopy('x'.repeat(20_000))).toBe(`${'x'.repeat(10_000)}…`)
  })

  it('stays small for thousands of long texts', () => {
    const texts = Array.from({ length: 3000 }, () => 'x'.repeat(10_000))
    expect(JSON.stringify(plainCopy({ texts })).length).toBeLessThan(1_100_000)
  })

  it('says what JSON has no word for, and ends in circles', () => {
    const circle: Record<string, unknown> = { big: 12n, none: NaN, date: new Date(0) }
    circle['self'] = circle
    const expected = { big: '12n', none: 'NaN', date: new Date(0).toISOString(), self: '[circle]' }
    expect(plainCopy(circle)).toEqual(expected)
  })
})
