import { describe, expect, it } from 'vitest'
import { toAmount, toCount, toJavaVersion, toPort } from '../../../src/cli/flags/option-values.ts'

describe('option values', () => {
  it('are read within their bounds', () => {
    expect(toCount(0)('0')).toBe(0)
    expect(toPort('65535')).toBe(65_535)
    expect(toAmount('0.5')).toBe(0.5)
    expect(toAmount('.5')).toBe(0.5)
    for (const text of ['8', '17', '11.0.2', '1.8.0_402', '17.0.9+9', '22-ea'])
      expect(toJavaVersion(text)).toBe(text)
  })

  it('are refused beyond them', () => {
    for (const text of ['', '-1', '1.5', 'x', '1e3', '9'.repeat(30)]) {
      expect(() => toCount(0)(text)).toThrow('It must be')
    }
    expect(() => toCount(1)('0')).toThrow('1 or more')
    for (const text of ['', '0', 'x', 'v17', '17.', '17 ', '-1'])
      expect(() => toJavaVersion(text)).toThrow('such as 17')
    for (const text of ['65536', '-1', '8o', '']) expect(() => toPort(text)).toThrow('It must be')
    for (const text of ['0', '-1', 'Infinity', '9'.repeat(400)]) {
      expect(() => toAmount(text)).toThrow('It must be')
    }
  })
})
