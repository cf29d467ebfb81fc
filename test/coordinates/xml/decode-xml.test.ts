import { describe, expect, it } from 'vitest'
import { decodeXml } from '../../../src/coordinates/xml/decode-xml.ts'

const document = (encoding: string): string =>
  `<?xml version="1.0" encoding="${encoding}"?><a>é</a>`
const utf16 = (text: string, isBig: boolean): Buffer => {
  const bytes = Buffer.from(text, 'utf16le')
  return isBig ? bytes.swap16() : bytes
}

describe('decodeXml', () => {
  const readable = [
    ['UTF-8', Buffer.from(document('UTF-8'))],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${document('UTF-8')}`)],
    [
      'UTF-8 with a mark that contradicts the declaration',
      Buffer.from(`\uFEFF${document('ISO-8859-1')}`),
    ],
    ['UTF-8 without a declaration', Buffer.from('<a>é</a>')],
    ['ISO-8859-1', Buffer.from(document('ISO-8859-1'), 'latin1')],
    ['windows-1252', Buffer.from(document('windows-1252'), 'latin1')],
    ['UTF-16 with a mark', utf16(`\uFEFF${document('UTF-16')}`, false)],
    ['UTF-16 with a mark, big-endian', utf16(`\uFEFF${document('UTF-16')}`, true)],
    ['UTF-16 without a mark', utf16(document('UTF-16'), false)],
    ['UTF-16 without a mark, big-endian', utf16(document('UTF-16'), true)],
    ['UTF-16 without a declaration', utf16('\uFEFF<a>é</a>', true)],
  ] as const
  it.each(readable)('reads %s', (_, bytes) => {
    expect(decodeXml(bytes, 'it')).toMatch(/^<.*<a>é<\/a>$|^<a>é<\/a>$/)
  })

  it('replaces invalid bytes', () => {
    expect(decodeXml(Buffer.from([0x3c, 0x61, 0x2f, 0x3e, 0xff]), 'it')).toBe('<a/>\uFFFD')
  })

  it('names an unknown encoding, and one that contradicts the mark', () => {
    expect(() => decodeXml(Buffer.from(document('FOO-9')), 'it')).toThrow('"FOO-9" is unknown')
    const wide = utf16(`\uFEFF${document('UTF-8')}`, false)
    expect(() => decodeXml(wide, 'it')).toThrow('it declares "UTF-8", but is in utf-16le')
  })
})
