import { describe, expect, it } from 'vitest'
import { createHeadReader } from '../../../src/server/fast-path/known-request.ts'

const readHead = createHeadReader()

function read(text: string) {
  return readHead(Buffer.from(text, 'latin1'))
}

const host = 'Host: 10.0.0.5:41234\r\n'

describe('createHeadReader', () => {
  it('reads what executors send', () => {
    const text =
      `GET /blobs/ab/a.jar HTTP/1.1\r\naccept-encoding: identity\r\nprefer: wait=30\r\n` +
      `range: bytes=5-\r\nif-range: "sha256-ab"\r\n${host}Connection: keep-alive\r\n\r\n`
    expect(read(text)).toEqual({
      method: 'GET',
      url: '/blobs/ab/a.jar',
      path: '/blobs/ab/a.jar',
      headers: {
        'accept-encoding': 'identity',
        prefer: 'wait=30',
        range: 'bytes=5-',
        'if-range': '"sha256-ab"',
        host: '10.0.0.5:41234',
        connection: 'keep-alive',
      },
      rawHeaders: expect.arrayContaining(['Host', '10.0.0.5:41234']),
    })
  })

  it('keeps what it has read apart from what it reads next', () => {
    const get = (line: string) => read(`GET / HTTP/1.1\r\n${host}${line}\r\n`)?.headers.range
    const lines = ['', 'Range: bytes=0-1\r\n', 'range: bytes=2-\r\n', '', 'Range: lines=1-2\r\n']
    expect(lines.map(get)).toEqual([undefined, 'bytes=0-1', 'bytes=2-', undefined, 'lines=1-2'])
  })

  it('finds the range of a file whose name looks like one', () => {
    const text = `GET /bytes=0-1 HTTP/1.1\r\n${host}Range: bytes=2-3\r\n\r\n`
    expect(read(text)).toMatchObject({ path: '/bytes=0-1', headers: { range: 'bytes=2-3' } })
  })

  it('reads each of many heads as what it is', () => {
    const paths = Array.from({ length: 3000 }, (_, index) => `/${index % 1500}`)
    const readPaths = paths.map((path) => read(`GET ${path} HTTP/1.1\r\n${host}\r\n`)?.path)
    expect(readPaths).toEqual(paths)
  })

  it.each([
    ['another method', `HEAD / HTTP/1.1\r\n${host}\r\n`],
    ['another version', `GET / HTTP/1.0\r\n${host}\r\n`],
    ['two spaces', `GET  / HTTP/1.1\r\n${host}\r\n`],
    ['an absolute target', `GET http://a/ HTTP/1.1\r\n${host}\r\n`],
    ['a target with other than ASCII', `GET /\xe4 HTTP/1.1\r\n${host}\r\n`],
    ['a path with dots', `GET /../a HTTP/1.1\r\n${host}\r\n`],
    ['a broken path', `GET /%zz HTTP/1.1\r\n${host}\r\n`],
    ['an empty line before it', `\r\nGET / HTTP/1.1\r\n${host}\r\n`],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['two Hosts', `GET / HTTP/1.1\r\n${host}${host}\r\n`],
    ['a malformed Host', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n'],
    ['a length', `GET / HTTP/1.1\r\n${host}Content-Length: 0\r\n\r\n`],
    ['a transfer coding', `GET / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n`],
    ['an upgrade', `GET / HTTP/1.1\r\n${host}Upgrade: h2c\r\n\r\n`],
    ['an expectation', `GET / HTTP/1.1\r\n${host}Expect: 100-continue\r\n\r\n`],
    ['an origin', `GET / HTTP/1.1\r\n${host}Origin: http://a\r\n\r\n`],
    ['the wish to close', `GET / HTTP/1.1\r\n${host}Connection: close\r\n\r\n`],
    ['a named connection header', `GET / HTTP/1.1\r\n${host}Connection: keep-alive, Range\r\n\r\n`],
    ['a name of Object', `GET / HTTP/1.1\r\n${host}constructor: 1\r\n\r\n`],
    ['a repeated header', `GET / HTTP/1.1\r\n${host}Range: bytes=0-0\r\nrange: bytes=1-1\r\n\r\n`],
    ['a space before the colon', `GET / HTTP/1.1\r\n${host}Range : bytes=0-0\r\n\r\n`],
    ['no space after the colon', `GET / HTTP/1.1\r\n${host}Range:bytes=0-0\r\n\r\n`],
    ['a tab', `GET / HTTP/1.1\r\n${host}Range: bytes=0-0\t\r\n\r\n`],
    ['a folded line', `GET / HTTP/1.1\r\n${host}Range: bytes=0-0\r\n ,2-3\r\n\r\n`],
    ['bare line feeds', `GET / HTTP/1.1\nHost: a\n\n`],
    ['a bare carriage return', `GET / HTTP/1.1\r\nHost: a\rRange: bytes=0-0\r\n\r\n`],
    ['a zero byte', `GET / HTTP/1.1\r\n${host}Range: \0\r\n\r\n`],
    ['an unfinished head', `GET / HTTP/1.1\r\n${host}`],
    ['a head that ends in a line', `GET / HTTP/1.1\r\n${host}\r`],
    ['a second request', `GET / HTTP/1.1\r\n${host}\r\n`.repeat(2)],
    ['bytes after the head', `GET / HTTP/1.1\r\n${host}\r\nX`],
    ['a range after the head', `GET / HTTP/1.1\r\n${host}\r\nRange: bytes=0-0\r\n`],
    ['a range after two heads', `GET / HTTP/1.1\r\n${host}\r\nRange: bytes=0-0\r\n\r\n`],
    ['a range in place of a target', `\r\nRange: bytes=0-0\r\n${host}\r\n`],
    ['two ranges of parts', `GET / HTTP/1.1\r\n${host}Range: x\r\nRange: bytes=0-0\r\n\r\n`],
    ['a line after the head', `GET / HTTP/1.1\r\n${host}\r\n\r\n`],
    ['a huge header', `GET / HTTP/1.1\r\n${host}Accept: ${'x'.repeat(16_384)}\r\n\r\n`],
    ['nothing', ''],
  ])('leaves a head with %s to node:http', (_, text) => {
    expect(read(text)).toBeUndefined()
  })
})
