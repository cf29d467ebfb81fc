import { createHash, randomBytes } from 'node:crypto'
import { chmod, rm, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseManifest } from '../../src/domain/libraries/library.ts'
import type { RequestRecord } from '../../src/server/http/exchange.ts'
import { createJarServer } from '../../src/server/jar-server.ts'
import type { JarServerOptions } from '../../src/server/jar-server-options.ts'
import type { JarServer } from '../../src/server/jar-server.ts'
import type { StagedLibraries } from '../../src/server/libraries/library-store.ts'
import {
  countDescriptors,
  dial,
  openStore,
  parseAnswer,
  request,
  sendRaw,
  startServer,
  temporaryFolder,
  until,
} from './support.ts'

const ten = '0123456789'
const isLinux = process.platform === 'linux'

async function stageFiles(
  files: Readonly<Record<string, string | Buffer>>,
): Promise<StagedLibraries> {
  const folder = await temporaryFolder()
  const paths: string[] = []
  for (const [name, bytes] of Object.entries(files)) {
    paths.push(join(folder, name))
    await writeFile(join(folder, name), bytes)
  }
  return (await openStore()).stage(paths)
}

interface Served {
  readonly server: JarServer
  readonly libraries: StagedLibraries
  /** URI of the first library. */
  readonly uri: string
  readonly etag: string
  readonly path: string
}

async function serve(
  files: Readonly<Record<string, string | Buffer>> = { 'a.jar': ten },
  options: JarServerOptions = {},
): Promise<Served> {
  const libraries = await stageFiles(files)
  const server = await startServer({ libraries, ...options })
  const [first] = libraries.blobs
  if (!first) throw new Error('a test serves at least one file')
  const etag = `"sha256-${first.sha256}"`
  return { server, libraries, uri: server.uriOf(first.name), etag, path: first.path }
}

describe('createJarServer: answers', () => {
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

describe('createJarServer: files that misbehave', () => {
  it('ships the staged bytes of a library overwritten later', async () => {
    const folder = await temporaryFolder()
    const path = join(folder, 'a.jar')
    await writeFile(path, ten)
    const libraries = await (await openStore()).stage([path])
    const server = await startServer({ libraries })
    await writeFile(path, 'something longer than it was')
    expect((await request(server.uriOf('a.jar'))).body.toString()).toBe(ten)
    await rm(path)
    expect((await request(server.uriOf('a.jar'))).body.toString()).toBe(ten)
  })

  it('answers 404 when a staged file is gone', async () => {
    const { uri, path } = await serve({ 'a.jar': ten }, { memoryBudgetBytes: 0 })
    await rm(path)
    expect((await request(uri)).status).toBe(404)
    expect((await request(uri, {}, 'HEAD')).status).toBe(404)
  })

  it.each(['grown, with more bytes', 'short'])(
    'answers 500 when a staged file is %s',
    async (text) => {
      const { uri, path } = await serve({ 'a.jar': ten })
      await rm(path)
      await writeFile(path, text)
      for (let times = 0; times < 3; times += 1) expect((await request(uri)).status).toBe(500)
    },
  )

  it('cuts the connection when a file shrinks while it is sent', async () => {
    const records: RequestRecord[] = []
    const sizeBytes = 40_000_000
    const { uri, path } = await serve(
      { 'a.jar': Buffer.alloc(sizeBytes, 1) },
      { memoryBudgetBytes: 0, onRequest: (record) => records.push(record) },
    )
    const socket = dial(uri)
    socket.write(`GET ${new URL(uri).pathname} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    let receivedBytes = 0
    await new Promise((resolve) => socket.once('readable', resolve))
    await chmod(path, 0o600)
    await truncate(path, 5)
    socket.on('data', (chunk: Buffer) => (receivedBytes += chunk.length))
    await new Promise((resolve) => socket.once('close', resolve))
    expect(receivedBytes).toBeLessThan(sizeBytes)
    await until(() => records.length === 1)
    expect(records[0]).toMatchObject({ status: 200, isAborted: true, error: expect.any(Error) })
  })

  it('continues when an observer throws', async () => {
    const onRequest = (): never => {
      throw new Error('observer')
    }
    const { uri } = await serve({ 'a.jar': ten }, { onRequest })
    expect((await request(uri)).status).toBe(200)
    expect((await request(uri)).status).toBe(200)
  })
})

describe('createJarServer: bodies', () => {
  it('sends large blobs whole, from the file and from memory', async () => {
    const bytes = randomBytes(5_000_001)
    const { server, uri } = await serve({ 'a.jar': bytes })
    for (let times = 0; times < 3; times += 1) {
      const { body } = await request(uri)
      expect(body.equals(bytes)).toBe(true)
    }
    const part = await request(uri, { Range: 'bytes=1048575-4194304' })
    expect(part.body.equals(bytes.subarray(1_048_575, 4_194_305))).toBe(true)
    await until(() => server.stats().requests === 4)
    const servedBytes = 3 * bytes.length + part.body.length
    expect(server.stats()).toEqual({ requests: 4, bytesServed: servedBytes, aborted: 0 })
  })

  it('waits for a slow reader without filling memory', async () => {
    const sizeBytes = 50_000_000
    const { server, uri } = await serve(
      { 'a.jar': Buffer.alloc(sizeBytes, 1) },
      { memoryBudgetBytes: 0 },
    )
    const socket = dial(uri)
    socket.pause()
    socket.write(
      `GET ${new URL(uri).pathname} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    )
    await until(() => server.stats().bytesServed > 0)
    let seen = -1
    while (seen !== server.stats().bytesServed) {
      seen = server.stats().bytesServed
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    // What the kernel buffers, not what the reader has not read.
    expect(seen).toBeLessThan(sizeBytes)
    let receivedBytes = 0
    socket.on('data', (chunk: Buffer) => (receivedBytes += chunk.length)).resume()
    await new Promise((resolve) => socket.once('close', resolve))
    expect(receivedBytes).toBeGreaterThan(sizeBytes)
    await until(() => server.stats().requests === 1)
    expect(server.stats()).toEqual({ requests: 1, bytesServed: sizeBytes, aborted: 0 })
  })

  it('closes a connection without traffic', async () => {
    const { server, uri } = await serve(
      { 'a.jar': Buffer.alloc(50_000_000) },
      { memoryBudgetBytes: 0, idleTimeoutMs: 100 },
    )
    const socket = dial(uri)
    socket.pause()
    socket.write(`GET ${new URL(uri).pathname} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await until(() => server.stats().aborted === 1)
    socket.destroy()
  })

  it.skipIf(!isLinux).each([
    ['from files', 0],
    ['from memory', 64_000_000],
  ])('leaves no descriptor after thousands of aborts %s', async (_where, memoryBudgetBytes) => {
    const { server, uri } = await serve({ 'a.jar': Buffer.alloc(8_000_000) }, { memoryBudgetBytes })
    const head = `GET ${new URL(uri).pathname} HTTP/1.1\r\nHost: localhost\r\n\r\n`
    await request(uri)
    const before = await countDescriptors()
    const total = 1500
    let next = 0
    async function abortSome(): Promise<void> {
      while (next < total) {
        const kind = (next += 1) % 4
        const socket = dial(uri)
        const closed = new Promise((resolve) => socket.once('close', resolve))
        socket.write(kind === 0 ? head.repeat(5) : head)
        // At every stage: unsent, just sent, at the first bytes, and by reset.
        if (kind === 1) await new Promise((resolve) => socket.once('connect', resolve))
        if (kind >= 2) await new Promise((resolve) => socket.once('readable', resolve))
        if (kind === 3) socket.resetAndDestroy()
        else socket.destroy()
        await closed
      }
    }
    await Promise.all(Array.from({ length: 50 }, abortSome))
    await until(async () => (await countDescriptors()) <= before)
    expect((await request(uri)).body).toHaveLength(8_000_000)
    await until(async () => (await countDescriptors()) <= before)
    expect(server.stats().aborted).toBeGreaterThan(total / 4)
  })
})

describe('createJarServer: routes', () => {
  it('serves the manifest, with blob URIs relative to it', async () => {
    const { server, libraries } = await serve({ 'a.jar': ten, 'my lib.txt': 'x' })
    const { headers, body } = await request(server.manifestUri ?? '')
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': expect.stringContaining('immutable'),
      etag: `"sha256-${libraries.set.id}"`,
    })
    const set = parseManifest(body.toString(), libraries.set.id)
    for (const { name, sha256 } of set.libraries) {
      const uri = new URL(`../blobs/${sha256}/${encodeURIComponent(name)}`, server.manifestUri)
      expect((await request(uri.href)).status).toBe(200)
    }
  })

  it('lists the seed form in one shell-safe string', async () => {
    const { server } = await serve({ 'a.jar': ten, "b, $(c)' &.jar": 'x' })
    const uris = server.seedUris()
    expect(uris).toBe(`${server.url}/0_a.jar,${server.url}/1_b%2C%20%24%28c%29%27%20%26.jar`)
    const [first = '', second = ''] = uris.split(',')
    expect((await request(first)).body.toString()).toBe(ten)
    // The next run may serve other bytes at this address, so a cache must ask again.
    expect((await request(second)).headers['cache-control']).toBe('no-cache')
  })

  it('serves extras that are in no set', async () => {
    const path = join(await temporaryFolder(), 'executor.mjs')
    await writeFile(path, 'run()')
    const executor = await (await openStore()).stageFile(path)
    const server = await startServer({ extras: [executor] })
    const { headers, body } = await request(server.uriOf('executor.mjs'))
    expect(body.toString()).toBe('run()')
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect([server.seedUris(), server.manifestUri]).toEqual(['', undefined])
  })

  it('serves a set that is added while it runs, and the old one', async () => {
    const { server, uri, libraries } = await serve({ 'a.jar': ten })
    const { manifestUri = '' } = server
    const next = await stageFiles({ 'a.jar': 'other bytes' })
    expect(server.add(next)).toBe(server.manifestUri)
    expect(server.manifestUri).toContain(next.set.id)
    expect(server.uriOf('a.jar')).toContain(next.set.libraries[0]?.sha256)
    expect((await request(uri)).body.toString()).toBe(ten)
    expect((await request(manifestUri)).body.toString()).toContain(
      libraries.set.libraries[0]?.sha256,
    )
    expect((await request(server.seedUris())).body.toString()).toBe('other bytes')
  })

  it('has no URI of an unknown file', async () => {
    const { server } = await serve()
    expect(() => server.uriOf('b.jar')).toThrow(
      expect.objectContaining({ code: 'LIBRARY_NOT_FOUND' }),
    )
    await server.close()
    expect(() => server.url).toThrow(expect.objectContaining({ code: 'JAR_SERVER_FAILED' }))
  })
})

describe('createJarServer: life', () => {
  it('refuses a second start, and starts again once closed', async () => {
    const { server } = await serve()
    const already = expect.objectContaining({
      code: 'JAR_SERVER_RUNNING',
      message: expect.stringMatching(/^already running at http:\/\/127\.0\.0\.1:\d+;/),
    })
    await expect(server.start()).rejects.toEqual(already)
    expect((await request(`${server.url}/0_a.jar`)).status).toBe(200)
    await server.close()
    await server.start()
    expect((await request(`${server.url}/0_a.jar`)).status).toBe(200)
  })

  it('refuses a second start during the first', async () => {
    const server = createJarServer({ bind: '127.0.0.1' })
    onTestFinished(() => server.close())
    const [first, second] = await Promise.allSettled([server.start(), server.start()])
    expect(first.status).toBe('fulfilled')
    expect(second).toMatchObject({ reason: { code: 'JAR_SERVER_RUNNING' } })
  })

  it('names the port in use and the remedy', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => new Promise((resolve) => other.close(() => resolve())))
    const { port } = other.address() as AddressInfo
    const server = createJarServer({ port, bind: '127.0.0.1' })
    await expect(server.start()).rejects.toMatchObject({
      code: 'JAR_SERVER_FAILED',
      message: expect.stringMatching(new RegExp(`port ${port} is in use.*--port`)),
    })
    await new Promise<void>((resolve) => other.close(() => resolve()))
    expect(await server.start()).toBe(`http://127.0.0.1:${port}`)
    await server.close()
  })

  it('names the address that cannot be bound', async () => {
    const server = createJarServer({ bind: '192.0.2.1' })
    await expect(server.start()).rejects.toMatchObject({
      code: 'JAR_SERVER_FAILED',
      message: expect.stringContaining('--bind'),
    })
  })

  it('advertises the address that reached the master, or refuses', async () => {
    const server = createJarServer()
    onTestFinished(() => server.close())
    const peer = { localAddress: '127.0.0.1', masterHost: 'master.example.com' }
    await expect(server.start(peer)).rejects.toHaveProperty('code', 'ADDRESS_NOT_ADVERTISABLE')
    const url = await server.start({ ...peer, localAddress: '::ffff:10.0.0.5' })
    expect(url).toMatch(/^http:\/\/10\.0\.0\.5:\d+$/)
  })

  it('listens on IPv4 and IPv6 by default', async () => {
    const libraries = await stageFiles({ 'a.jar': ten })
    const server = createJarServer({ libraries, advertise: 'localhost', open: true })
    onTestFinished(() => server.close())
    const { port } = new URL(await server.start())
    expect((await request(`http://127.0.0.1:${port}/0_a.jar`)).status).toBe(200)
  })

  it('finishes answers in progress when it drains', async () => {
    const { server, uri } = await serve(
      { 'a.jar': Buffer.alloc(20_000_000) },
      { memoryBudgetBytes: 0 },
    )
    const idle = dial(uri)
    const socket = dial(uri)
    socket.pause()
    socket.write(`GET ${new URL(uri).pathname} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await until(() => server.stats().bytesServed > 0)
    const drained = server.drain()
    await expect(request(uri)).resolves.toHaveProperty('status', Number.NaN)
    let receivedBytes = 0
    socket.on('data', (chunk: Buffer) => (receivedBytes += chunk.length)).resume()
    await drained
    await until(() => socket.closed && idle.closed)
    expect(receivedBytes).toBeGreaterThan(20_000_000)
    expect(server.stats()).toEqual({ requests: 1, bytesServed: 20_000_000, aborted: 0 })
  })

  it('cuts answers in progress after the grace period', async () => {
    const { server, uri } = await serve({ 'a.jar': Buffer.alloc(50_000_000) })
    const socket = dial(uri)
    socket.pause()
    socket.write(`GET ${new URL(uri).pathname} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await until(() => server.stats().bytesServed > 0)
    const drained = server.drain()
    await Promise.all([server.close(10), server.close(), drained])
    await server.close()
    socket.destroy()
    await until(() => server.stats().aborted === 1)
  })

  it('closes when it never started', async () => {
    const server = createJarServer()
    await Promise.all([server.close(), server.drain()])
  })
})
