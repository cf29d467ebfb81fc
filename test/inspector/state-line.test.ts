import { expect, it } from 'vitest'
import { stateLine } from '../../src/inspector/state-line.ts'

it.each([
  ['open', 'open'],
  [{ active: 'running' }, 'active.running'],
  [{ a: 'x', b: { y: 'z' } }, '{a: x, b: y.z}'],
  [{ a: {}, b: 'x' }, '{a, b: x}'],
  [{ active: { a: 'x', b: 'y' } }, 'active {a: x, b: y}'],
  [{}, ''],
])('writes the state %o as %s', (value, line) => {
  expect(stateLine(value)).toBe(line)
})
