import { describe, expect, it } from 'vitest'
import { isSafeFileName } from '../../../src/domain/libraries/library.ts'

describe('isSafeFileName', () => {
  it('counts bytes, as Linux does', () => {
    expect(isSafeFileName('任'.repeat(85))).toBe(true)
    expect(isSafeFileName('任'.repeat(86))).toBe(false)
    expect(isSafeFileName('x'.repeat(255))).toBe(true)
  })
})
