import { describe, expect, it } from 'vitest'
import { parseAnswerHead } from '../../../src/client/http/answer-head.ts'

const head = (...lines: string[]) => lines.join('\r\n')

describe('parseAnswerHead', () => {
  it('reads what Mesos sends', () => {
    const date = 'Date: Mon, 30 Nov 2026 17:00:00 GMT'
    expect(parseAnswerHead(head('HTTP/1.1 202 Accepted', date, 'Content-Length: 0'))).toEqual({
      status: 202,
      headers: new Map([
        ['date', 'Mon, 30 Nov 2026 17:00:00 GMT'],
        ['content-length', '0'],
      ]),
      length: 0,
      isPersistent: true,
    })
  })

  it('joins the values of a repeated header, and takes off spaces and tabs', () => {
    const { headers } = parseAnswerHead(head('HTTP/1.1 401 ', 'A:  b\t', 'a:c ', 'X:', 'Y: \t'))
    expect([...headers]).toEqual([
      ['a', 'b, c'],
      ['x', ''],
      ['y', ''],
    ])
  })

  it.each([
    ['HTTP/1.1 202', ['Content-Length: 12'], 12, true],
    ['HTTP/1.1 200 OK', ['Transfer-Encoding: Chunked'], 'chunked', true],
    ['HTTP/1.1 200 OK', [], 'untilClose', false],
    ['HTTP/1.1 200 OK', ['Content-Length: 0', 'Connection: x, Close'], 0, false],
    ['HTTP/1.0 200 OK', ['Content-Length: 0', 'Connection: keep-alive'], 0, false],
    ['HTTP/1.1 204 No Content', [], 0, true],
    ['HTTP/1.1 304 Not Modified', ['Content-Length: 12'], 0, true],
    ['HTTP/1.1 100 Continue', [], 0, true],
  ] as const)('knows the end of %s %j', (line, headers, length, isPersistent) => {
    expect(parseAnswerHead(head(line, ...headers))).toMatchObject({ length, isPersistent })
  })

  it.each([
    '',
    'HTTP/2 200',
    'HTTP/1.1  200 OK',
    'HTTP/1.1 20 OK',
    'HTTP/1.1 2000 OK',
    'HTTP/1.1 600 OK',
    'http/1.1 200 OK',
    'HTTP/1.1 200 O\nK',
    'HTTP/1.1 101 Switching Protocols',
  ])('refuses the status line %j', (line) => {
    expect(() => parseAnswerHead(line)).toThrow(/not valid HTTP/)
  })

  it.each([
    ['no colon', 'Content-Length'],
    ['no name', ': 5'],
    ['a space before the colon', 'Content-Length : 5'],
    ['a folded header', ' more'],
    ['a bare line feed', 'A: b\nContent-Length: 5'],
    ['a bare carriage return', 'A: b\rContent-Length: 5'],
    ['a zero byte', 'A: \0'],
  ])('refuses %s', (_, line) => {
    expect(() => parseAnswerHead(head('HTTP/1.1 200 OK', 'A: b', line))).toThrow(/a header/)
  })

  it.each([
    ['two lengths', 'Content-Length: 5', 'Content-Length: 6'],
    ['the same length twice', 'Content-Length: 5', 'Content-Length: 5'],
    ['a negative length', 'Content-Length: -1'],
    ['a signed length', 'Content-Length: +1'],
    ['a hexadecimal length', 'Content-Length: 0x1'],
    ['an empty length', 'Content-Length:'],
    ['a length beyond all sizes', 'Content-Length: 9999999999999999'],
    ['a length with a no-break space', 'Content-Length: 5\xa0'],
    ['an encoding with a no-break space', 'Transfer-Encoding:\xa0chunked'],
    ['a length and chunks', 'Content-Length: 5', 'Transfer-Encoding: chunked'],
    ['another encoding', 'Transfer-Encoding: gzip, chunked'],
    ['chunks twice', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'],
  ])('refuses %s', (_, ...lines) => {
    expect(() => parseAnswerHead(head('HTTP/1.1 200 OK', ...lines))).toThrow(/not valid HTTP: it/)
  })
})
