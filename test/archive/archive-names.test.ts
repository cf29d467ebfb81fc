import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCp437, decodeName, showName, toSystemPath } from '../../src/archive/archive-names.ts'

describe('decodeName', () => {
  it('keeps every byte', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 12 }),
        fc.string({ unit: 'grapheme' }),
        (name, above) => {
          const path = toSystemPath(`${above}/${decodeName(Buffer.from(name))}`)
          const expected = Buffer.concat([Buffer.from(`${above}/`), Buffer.from(name)])
          expect(Buffer.from(path).toString('hex')).toBe(expected.toString('hex'))
        },
      ),
    )
  })

  it('formats names for messages', () => {
    expect(showName(decodeName(Buffer.from('caf\u00e9 \u{1f600}', 'utf8')))).toBe(
      'caf\u00e9 \u{1f600}',
    )
    expect(showName(decodeName(Buffer.from('caf\u00e9', 'latin1')))).toBe('caf\\xe9')
  })
})

describe('decodeCp437', () => {
  it('has a character for each byte', () => {
    const all = decodeCp437(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)))
    expect(new Set(all).size).toBe(256)
    expect(all.slice(0x80, 0x84)).toBe('\u00c7\u00fc\u00e9\u00e2')
    expect(all.slice(0xe0, 0xe2)).toBe('\u03b1\u00df')
  })
})
