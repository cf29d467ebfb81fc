import { describe, expect, it } from 'vitest'
import { formatBytes, printable, shorten } from '../../../src/cli/output/printable.ts'

describe('printable', () => {
  it('keeps text and line ends only', () => {
    expect(printable('a\u001b]0;title\u0007\u001b[2Jb\tc\nd\r\u009be')).toBe('ab\tc\nde')
    expect(printable('fdp.\u202eexe')).toBe('fdp.exe')
  })
})

describe('shorten', () => {
  it('makes one line with a limited number of characters', () => {
    expect(shorten('  a\n b ', 9)).toBe('a b')
    expect(shorten('😀😀😀', 3)).toBe('😀😀😀')
    expect(shorten('😀😀😀😀', 3)).toBe('😀😀…')
  })
})

describe('formatBytes', () => {
  it('has one decimal from kilobytes on', () => {
    expect([0, 999, 1000, 999_960, 13_657_688, 3e15].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '1.0 MB',
      '13.7 MB',
      '3000.0 TB',
    ])
  })
})
