import { describe, expect, it } from 'vitest'
import { parseChecksum } from '../../../src/coordinates/http/checksums.ts'

const digest = '0123456789abcdef0123456789abcdef01234567'
const other = 'f'.repeat(40)
const groups = '0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567'
const utf16 = Buffer.from(`\uFEFF${digest}\r\n`, 'utf16le')

describe('parseChecksum', () => {
  const written = [
    ['alone', digest],
    ['with a line end', `${digest}\r\n`],
    ['in upper case', digest.toUpperCase()],
    ['before a name', `${digest}  a-1.jar`],
    ['before a name in binary mode', `${digest} *a-1.jar`],
    ['before a path', `${digest}  /home/b/target/a-1.jar\n`],
    ['behind SHA1()', `SHA1(a-1.jar)= ${digest}`],
    ['behind SHA1 ()', `SHA1 (a-1.jar) = ${digest}`],
    ['behind a name', `a-1.jar: ${digest}`],
    ['after an empty line', `\n\n${digest}\n`],
    ['after a byte order mark', `\uFEFF${digest}`],
    ['in UTF-16', utf16],
    ['in UTF-16 with the other byte order', Buffer.from(utf16).swap16()],
    ['in groups', `a-1.jar: ${groups}\n`],
    [
      'in groups on two lines',
      `a-1.jar: 0123 4567 89AB CDEF 0123\n         4567 89AB CDEF 0123 4567\n`,
    ],
    ['in a list', `${other}  a-1-sources.jar\n${digest}  a-1.jar\n${other}  b.jar`],
    ['before another name', `${digest}  a-1-20240101.120000-3.jar`],
  ] as const
  it.each(written)('finds a digest %s', (_, text) => {
    expect(parseChecksum(Buffer.from(text), 'sha1', 'a-1.jar')).toEqual({
      algorithm: 'sha1',
      digest,
    })
  })

  const none = [
    ['', 'an empty text'],
    ['<html>not found</html>', 'a page'],
    [digest.slice(1), 'a digest that is too short'],
    [`${digest}0`, 'a digest that is too long'],
    ['f'.repeat(32), 'a digest of another algorithm'],
  ] as const
  it.each(none)('finds no digest in %j: %s', (text) => {
    expect(parseChecksum(Buffer.from(text), 'sha1', 'a-1.jar')).toBeUndefined()
  })
})
