import { createHash, randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { serve, ten } from '../serve-files.ts'
import { dial, parseAnswer, request, sendRaw, until } from '../support.ts'

describe('createBlobHandler: answers', () => {
  it('sends a whole blob with all its headers', async () => {
    const { uri, etag } = await serve()
    const { status, headers, body } = await request(uri, { 'Accept-Encoding': 'gzip, br' })
    expect([status, body.toString()]).toEqual([200, ten])
    const digest = createHash('sha256').update(ten).digest('base64')
    expect(headers).toMatchObject({
      'accept-ranges': 'bytes',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-length': '10',
      'content-type': 'application/java-archive',
      etag,
      'repr-digest': `sha-256=:${digest}:`,
    })
    for (const absent of ['content-encoding', 'transfer-encoding', 'content-range']) {
      expect(headers).not.toHaveProperty(absent)
    }
  })

  it('answers HEAD with the headers of GET and no body', async () => {
    const { uri } = await serve()
    const get = await request(uri)
    const head = await request(uri, { Range: 'bytes=0-0' }, 'HEAD')
    expect([head.status, head.body.length]).toEqual([200, 0])
    expect({ ...head.headers, date: '' }).toEqual({ ...get.headers, date: '' })
  })

  it.each([
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=-100', ten, 'bytes 0-9/10'],
    ['bytes=2-5', '2345', 'bytes 2-5/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
    ['bytes=4-', '456789', 'bytes 4-9/10'],
  ])('sends the part that Range: %s names', async (range, part, contentRange) => {
    const { uri } = await serve()
    const { status, headers, body } = await request(uri, { Range: range })
    expect([status, body.toString()]).toEqual([206, part])
    expect(headers['content-range']).toBe(contentRange)
    expect(headers['content-length']).toBe(String(part.length))
  })

  it.each(['bytes=5-2', 'bytes=500-400', 'bytes=0-1,3-4', 'bytes=x', 'lines=0-1', 'bytes=', '\t'])(
    'sends the whole blob for Range: %s',
    async (range) => {
      const { uri } = await serve()
      const { status, headers, body } = await request(uri, { Range: range })
      expect([status, body.toString()]).toEqual([200, ten])
      expect(headers).not.toHaveProperty('content-range')
    },
  )

  it('survives any Range header, never sending other bytes', async () => {
    const { uri } = await serve()
    const header = fc.oneof(
      fc.stringMatching(/^bytes=[-0-9, ]{0,12}$/),
      fc.string({ unit: 'grapheme-ascii' }),
    )
    const property = fc.asyncProperty(header, async (range) => {
      const { status, headers, body } = await request(uri, { Range: range })
      expect([200, 206, 416]).toContain(status)
      const [, start = '0', end = '9'] =
        /^bytes (\d+)-(\d+)\/10$/.exec(headers['content-range'] ?? '') ?? []
      expect(body.toString()).toBe(status === 416 ? '' : ten.slice(Number(start), Number(end) + 1))
    })
    await fc.assert(property, { numRuns: 300 })
  })

  it.each(['bytes=10-', 'bytes=99999999999999999999-', 'bytes=-0'])(
    'answers 416 with the size to Range: %s',
    async (range) => {
      const { uri } = await serve()
      const { status, headers, body } = await request(uri, { Range: range })
      expect([status, headers['content-range'], body.length]).toEqual([416, 'bytes */10', 0])
    },
  )

  it('sends a part only if If-Range names these bytes', async () => {
    const { uri, etag } = await serve()
    const statusOf = async (ifRange: string) =>
      (await request(uri, { Range: 'bytes=1-2', 'If-Range': ifRange })).status
    expect(await statusOf(etag)).toBe(206)
    expect(await statusOf('"sha256-other"')).toBe(200)
    expect(await statusOf(`W/${etag}`)).toBe(200)
    expect(await statusOf('Wed, 01 Jan 2020 00:00:00 GMT')).toBe(200)
  })

  it('answers conditional requests', async () => {
    const { uri, etag } = await serve()
    const cached = await request(uri, { 'If-None-Match': `W/${etag}`, Range: 'bytes=0-1' })
    expect([cached.status, cached.headers['etag'], cached.body.length]).toEqual([304, etag, 0])
    expect(cached.headers['cache-control']).toContain('immutable')
    expect((await request(uri, { 'If-None-Match': '"x"' })).status).toBe(200)
    expect((await request(uri, { 'If-Match': '"x"' })).status).toBe(412)
    expect((await request(uri, { 'If-Match': etag })).status).toBe(200)
    expect((await request(uri, { 'If-None-Match': '*' }, 'HEAD')).status).toBe(304)
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND', 'CONNECT'])(
    'answers 405 to %s',
    async (method) => {
      const { uri } = await serve()
      const { status, headers } = await request(uri, { 'Content-Length': '0' }, method)
      expect([status, headers['allow']]).toEqual([405, 'GET, HEAD'])
    },
  )

  it('closes the connection after a request with a body', async () => {
    const { server } = await serve()
    const bytes = await sendRaw(
      server.url,
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\nsome of it',
    )
    const { status, headers } = parseAnswer(bytes)
    expect([status, headers['connection']]).toEqual([405, 'close'])
  })

  it('serves empty blobs', async () => {
    const { uri } = await serve({ 'empty.txt': '' })
    expect(await request(uri)).toMatchObject({ status: 200, headers: { 'content-length': '0' } })
    expect((await request(uri, { Range: 'bytes=0-0' })).status).toBe(416)
    expect((await request(uri, { Range: 'bytes=-1' })).status).toBe(200)
  })

  it.each([
    ['/../etc/passwd', 400],
    ['/%2e%2e/%2e%2e/etc/passwd', 400],
    ['/..%2f..%2fetc%2fpasswd', 400],
    ['/0_a.jar%00', 400],
    ['/%', 400],
    [`/${'a'.repeat(5000)}`, 414],
    [`/${'a'.repeat(20_000)}`, 431],
    ['/', 200],
    ['/0_a.jar/', 404],
    ['//0_a.jar', 404],
    ['/1_a.jar', 404],
    ['/blobs/', 404],
    [`/blobs/${'0'.repeat(64)}/a.jar`, 404],
    ['/__proto__', 404],
    ['http://elsewhere/0_a.jar?x=../..', 200],
  ])('answers the target %s with %i', async (target, status) => {
    const { server } = await serve()
    const bytes = await sendRaw(
      server.url,
      `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    )
    expect(parseAnswer(bytes).status).toBe(status)
  })

  it.each([
    ['garbage\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\n\r\n', 400],
    ['GET / HTTP/9.9\r\nHost: localhost\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nHost: localhost\r\nHo st: y\r\n\r\n', 400],
    [
      'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
    ],
    ['GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n', 400],
    [`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['GET / HTTP/1.1\r\nHost: localhost\r\nExpect: a miracle\r\nConnection: close\r\n\r\n', 417],
    ['GET /0_a.jar HTTP/1.0\r\n\r\n', 200],
    [
      'GET /0_a.jar HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: close, Upgrade\r\n\r\n',
      200,
    ],
    [Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]), 400],
  ])('answers raw bytes %j with %i', async (bytes, status) => {
    const { server } = await serve()
    expect(parseAnswer(await sendRaw(server.url, bytes)).status).toBe(status)
    expect((await request(`${server.url}/0_a.jar`)).status).toBe(200)
  })

  it('answers pipelined requests in order on one connection', async () => {
    const { server } = await serve({ 'a.jar': ten, 'b.txt': randomBytes(3_000_000) })
    const get = (path: string, close = '') =>
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${close}\r\n`
    const bytes = await sendRaw(
      server.url,
      [
        get('/1_b.txt'),
        get('/nothing'),
        get('/0_a.jar'),
        get('/0_a.jar', 'Connection: close\r\n'),
      ].join(''),
    )
    const statuses = [...bytes.toString('latin1').matchAll(/HTTP\/1\.1 (\d+)/g)].map(
      ([, code]) => code,
    )
    expect(statuses).toEqual(['200', '404', '200', '200'])
    expect(bytes.subarray(-10).toString()).toBe(ten)
  })

  it('leaves no listener behind on a connection that is used again', async () => {
    const { server } = await serve()
    const warnings: Error[] = []
    const onWarning = (warning: Error): number => warnings.push(warning)
    process.on('warning', onWarning)
    onTestFinished(() => {
      process.off('warning', onWarning)
    })
    const socket = dial(server.url)
    let received = ''
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()))
    for (let times = 1; times <= 50; times += 1) {
      socket.write('GET /0_a.jar HTTP/1.1\r\nHost: localhost\r\n\r\n')
      await until(() => received.split(ten).length === times + 1)
    }
    socket.destroy()
    expect(warnings).toEqual([])
  })

  it('destroys a connection with too many waiting requests', async () => {
    const { server } = await serve({ 'a.jar': Buffer.alloc(30_000_000) })
    const socket = dial(server.url)
    socket.write('GET /0_a.jar HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(2000))
    await new Promise((resolve) => socket.once('close', resolve))
    expect((await request(`${server.url}/0_a.jar`, {}, 'HEAD')).status).toBe(200)
  })
})
