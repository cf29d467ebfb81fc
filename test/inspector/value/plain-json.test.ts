import { expect, it } from 'vitest'
import { toPlainJson } from '../../../src/inspector/value/plain-json.ts'
import { toValue } from '../../../src/inspector/value/to-value.ts'

it.each([
  [{ a: [1, 'x', true, null], b: new Set([1]), c: new Map([['k', 2]]) }, undefined],
  [Number.NaN, 'NaN'],
  [10n, '10n'],
  [new Date(0), '1970-01-01T00:00:00.000Z'],
  [Symbol('s'), '(symbol Symbol(s))'],
  [JSON.parse('{"__proto__":1}'), undefined],
])('writes what a value stands for: %o', (value, expected) => {
  const plain = toPlainJson(toValue(value))
  if (expected !== undefined) expect(plain).toEqual(expected)
  else expect(JSON.stringify(plain)).toBe(jsonOf(value))
})

/** As JSON, with maps as objects and sets as lists. */
function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part instanceof Map) return Object.fromEntries(part) as unknown
    return part instanceof Set ? [...part] : part
  })
}

it('says how much was cut off', () => {
  const value = toValue({ list: [1, 2, 3], text: 'x'.repeat(20) }, { items: 2, chars: 5 })
  expect(toPlainJson({ seq: 1, value })).toEqual({
    seq: 1,
    value: { list: [1, 2, '… 1 more'], text: 'xxxxx… (20 characters)' },
  })
})
