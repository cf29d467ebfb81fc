import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asRecorded, weightOf } from '../../../src/framework/intake/recorded-size.ts'
import { offer } from '../../support/mesos/mesos-data.ts'

const anyText = fc.string({ unit: 'binary' })
const plainData = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    anyText,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.array(tie('value')),
    fc.dictionary(anyText, tie('value')),
  ),
})).value

describe('weightOf', () => {
  it('is at least a sixth of the length as JSON, for any plain data', () => {
    fc.assert(
      fc.property(plainData, (value) => {
        expect(JSON.stringify(value).length).toBeLessThanOrEqual(6 * weightOf(value))
      }),
    )
  })

  it('holds for texts of which each character is an escape', () => {
    const value = { '\u0000\u0001': ['\u0007'.repeat(1000), '\uD800'.repeat(1000)] }
    expect(JSON.stringify(value).length).toBeGreaterThan(5 * weightOf(value))
    expect(JSON.stringify(value).length).toBeLessThanOrEqual(6 * weightOf(value))
  })

  it('is about the length of an offer', () => {
    const { length } = JSON.stringify(offer('o1'))
    expect(Math.abs(weightOf(offer('o1')) - length)).toBeLessThan(length / 5)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('is NaN with %d in the data', (number) => {
    expect(weightOf({ list: ['a', { number }] })).toBeNaN()
  })
})

describe('asRecorded', () => {
  it('makes no JSON of what is surely below the bound', () => {
    const value = { toJSON: () => expect.unreachable() }
    expect(asRecorded({ text: 'a' }, 100)).toMatchObject({ value: { text: 'a' }, hasNulls: false })
    expect(asRecorded(value, 1000).value).toBe(value)
  })

  it('counts each escape of what may be above', () => {
    const { size, hasNulls } = asRecorded({ text: '\u0000'.repeat(20) }, 150)
    expect(size).toBe(JSON.stringify({ text: '\u0000'.repeat(20) }).length)
    expect(hasNulls).toBe(false)
  })

  it('unsets numbers that JSON cannot express, and says so', () => {
    const recorded = asRecorded({ a: { b: Number.NaN, c: 1 }, text: 'null' }, 1e6)
    expect(recorded).toMatchObject({ value: { a: { c: 1 }, text: 'null' }, hasNulls: true })
    expect(recorded.value.a).not.toHaveProperty('b')
  })
})
