import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { authorizeSet } from '../../../src/domain/libraries/library-access.ts'
import { openHostCache } from '../../../src/executor/libraries/cache/host-cache.ts'
import { fetchLibrary } from '../../../src/executor/libraries/fetch-library.ts'
import type { RequestRecord } from '../../../src/server/http/exchange.ts'
import { serve, ten } from '../serve-files.ts'
import { dial, parseAnswer, request, temporaryFolder, until } from '../support.ts'

/** Unknown to the fast path, and without a meaning: the same request by node:http. */
const unknown = 'X-Unknown: 1\r\n'

/** Counts the requests that node:http reads. */
function countByNode(): () => number {
  let count = 0
  const onRequest = (): void => void (count += 1)
  subscribe('http.server.request.start', onRequest)
  onTestFinished(() => void unsubscribe('http.server.request.start', onRequest))
  return () => count
}

/** Sends bytes and reads until the server closes, or no byte comes for a while. */
async function talk(socket: Socket, ...pieces: readonly string[]): Promise<string> {
  let text = ''
  const onData = (chunk: Buffer): void => void (text += chunk.toString('latin1'))
  socket.on('data', onData)
  for (const piece of pieces) {
    socket.write(piece, 'latin1')
    await new Promise((resolve) => setImmediate(resolve))
  }
  for (let length = -1; length !== text.length || length === 0;) {
    if (socket.closed) break
    length = text.length
    await Promise.race([sleep(60), once(socket, 'close')])
  }
  socket.off('data', onData)
  return text.replaceAll(/^Date: .*$/gm, 'Date: now')
}

function get(path: string, headers = '', method = 'GET'): string {
  return `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`
}

async function open(url: string): Promise<Socket> {
  const socket = dial(url).setNoDelay()
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

const long = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251))

const largeBytes = 30_000_000

/** A large blob in memory: it is there from the second request on. */
async function serveLarge() {
  const served = await serve({ 'a.jar': Buffer.alloc(largeBytes, 'x') })
  for (let times = 0; times < 2; times += 1) await request(served.uri)
  return served
}

describe('the fast path', () => {
  it.each([
    ['a blob', '/0_a.jar', '', true],
    ['a blob again', '/0_a.jar', 'Connection: keep-alive\r\n', true],
    ['a long blob', '/1_b.tgz', '', true],
    ['a range', '/1_b.tgz', 'Range: bytes=5-70000\r\n', true],
    ['the end', '/0_a.jar', 'Range: bytes=-3\r\n', true],
    ['a range that is none', '/0_a.jar', 'Range: bytes=5-2\r\n', true],
    ['several ranges', '/0_a.jar', 'Range: bytes=0-1,3-4\r\n', true],
    ['a range of nothing', '/0_a.jar', 'Range: bytes=10-\r\n', false],
    ['other bytes', '/0_a.jar', 'Range: bytes=0-1\r\nIf-Range: "other"\r\n', true],
    ['an authorized blob', '/0_a.jar', 'Authorization: Basic YQ==\r\n', true],
    ['an old copy', '/0_a.jar', 'If-None-Match: "other"\r\n', true],
    ['any copy', '/0_a.jar', 'If-None-Match: *\r\n', false],
    ['a match of another', '/0_a.jar', 'If-Match: "other"\r\n', false],
    ['a path with a query', '/0_a.jar?x=/../', '', true],
    ['an encoded path', '/%30_a.jar', '', true],
    ['a path with dots', '/../0_a.jar', '', false],
    ['a path with a line break', '/0_a.jar%0d%0aX:%201', '', false],
    ['no blob', '/nothing', '', false],
    ['a permission of another run', `/mac/1.${'x'.repeat(43)}/0_a.jar`, '', true],
  ])('answers %s byte for byte as node:http does', async (_, path, headers, isFast) => {
    const byNode = countByNode()
    const { server } = await serve({ 'a.jar': ten, 'b.tgz': long })
    const socket = await open(server.url)
    const fast = await talk(socket, get(path, headers))
    expect(byNode()).toBe(isFast ? 0 : 1)
    const slow = await talk(socket, get(path, headers + unknown))
    expect(byNode()).toBe(isFast ? 1 : 2)
    expect(fast).toBe(slow)
    expect(parseAnswer(Buffer.from(fast, 'latin1')).status).toBeGreaterThanOrEqual(200)
  })

  it('counts and records its answers as node:http does', async () => {
    const records: RequestRecord[] = []
    const { server, uri } = await serve(
      { 'b.tgz': long },
      { open: false, onRequest: (record) => records.push(record) },
    )
    const socket = await open(uri)
    const { pathname } = new URL(uri)
    await talk(socket, get(pathname, 'Range: bytes=1-5\r\n'))
    expect(server.stats()).toEqual({ requests: 1, bytesServed: 5, aborted: 0 })
    await talk(socket, get(pathname, `Range: bytes=1-5\r\n${unknown}`))
    expect(server.stats()).toEqual({ requests: 2, bytesServed: 10, aborted: 0 })
    expect(records[0]).toEqual(records[1])
    expect(records[0]).toMatchObject({ path: pathname.replace(/^\/mac\/[^/]+/, ''), status: 206 })
    expect(server.status().hosts).toEqual([{ address: '127.0.0.1', requests: 2, bytesServed: 10 }])
  })

  it('refuses other permissions, and goes on with right ones', async () => {
    const byNode = countByNode()
    const { uri } = await serve({ 'a.jar': ten }, { open: false })
    const { pathname } = new URL(uri)
    const socket = await open(uri)
    for (let times = 0; times < 2; times += 1)
      expect(await talk(socket, get(pathname))).toMatch(/^HTTP\/1\.1 200 .*\r\n0123456789$/s)
    expect(byNode()).toBe(0)
    const forged = pathname.replace(/\.[\w-]{43}/, `.${'A'.repeat(43)}`)
    const later = pathname.replace(/\/mac\/\d+/, '/mac/99999999999')
    for (const path of [forged, later, pathname.replace('/blobs/', '/blobs/x')])
      expect(await talk(await open(uri), get(path))).toMatch(/^HTTP\/1\.1 403 /)
  })

  it('knows all headers that executors send', async () => {
    const byNode = countByNode()
    const { server, libraries } = await serve({ 'a.jar': ten }, { open: false })
    const [library] = libraries.set.libraries
    const access = server.accessTo(libraries.set.id)
    if (library === undefined || access === undefined) throw new Error('no library')
    const folder = await temporaryFolder()
    const cache = await openHostCache({
      folder: join(folder, 'cache'),
      privateFolder: join(folder, 'own'),
    })
    const path = `/blobs/${library.sha256}/${library.name}`
    await fetchLibrary(library, server.url + path, {
      cache,
      signal: new AbortController().signal,
      authorize: (request) => authorizeSet(libraries.set.id, access, request),
    })
    await cache.close()
    expect(server.stats()).toMatchObject({ requests: 1, bytesServed: ten.length })
    expect(byNode()).toBe(0)
  })

  it('answers a head that arrives in two parts, wherever it is split', async () => {
    const { server } = await serve()
    const bytes = get('/0_a.jar', 'Range: bytes=2-5\r\n')
    const whole = await talk(await open(server.url), bytes)
    expect(whole).toMatch(/^HTTP\/1\.1 206 .*\r\n\r\n2345$/s)
    const answers = Array.from({ length: bytes.length - 1 }, async (_, index) =>
      talk(await open(server.url), bytes.slice(0, index + 1), bytes.slice(index + 1)),
    )
    expect(new Set(await Promise.all(answers))).toEqual(new Set([whole]))
  })

  it.each([
    ['Content-Length: 5\r\n', 'GET /'],
    ['Content-Length: 0\r\nContent-Length: 5\r\n', 'GET /'],
    ['Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'],
    ['Transfer-Encoding: chunked\r\n', `0\r\n\r\n`],
    ['Transfer-Encoding: xchunked\r\n', `0\r\n\r\n`],
    ['Transfer-Encoding : chunked\r\n', `0\r\n\r\n`],
    ['Range: bytes=0-0\nContent-Length: 5\r\n', 'GET /'],
    ['Range: bytes=0-0\rContent-Length: 5\r\n', 'GET /'],
    [' Content-Length: 5\r\n', 'GET /'],
    ['X: \r\n Content-Length: 5\r\n', 'GET /'],
  ])('sees as many requests as node:http after %j', async (headers, body) => {
    const { server } = await serve()
    const hidden = get('/nothing', 'Connection: close\r\n')
    const bytes = get('/0_a.jar', headers) + body + hidden
    const answers = await talk(await open(server.url), bytes)
    expect(answers).toBe(
      await talk(await open(server.url), get('/0_a.jar', unknown + headers) + body + hidden),
    )
    // In two packets, so that the head alone comes first.
    const [head, rest] = [get('/0_a.jar', headers), body + hidden]
    expect(await talk(await open(server.url), head, rest)).toBe(answers)
  })

  it('answers pipelined requests in order, in packets of their own or not', async () => {
    const { server } = await serve({ 'a.jar': ten, 'b.tgz': long })
    const requests = [get('/1_b.tgz'), get('/0_a.jar'), get('/nothing'), get('/0_a.jar')]
    const apart = await talk(await open(server.url), ...requests)
    expect([...apart.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual([
      '200',
      '200',
      '404',
      '200',
    ])
    expect(await talk(await open(server.url), requests.join(''))).toBe(apart)
  })

  it('reads nothing more from a client that floods it and does not read', async () => {
    const { server } = await serveLarge()
    const socket = await open(server.url)
    const { bytesServed } = server.stats()
    socket.pause().write(get('/0_a.jar'))
    await until(() => server.stats().bytesServed > bytesServed)
    const flood = Buffer.alloc(1_000_000, get('/0_a.jar'))
    for (let megabytes = 0; megabytes < 64; megabytes += 1) socket.write(flood)
    await sleep(200)
    // The rest is in the buffers of the system.
    expect(socket.writableLength).toBeGreaterThan(32_000_000)
    socket.destroy()
    await until(() => server.stats().aborted > 0)
  })

  it('sends the whole answer to a client that has closed its side', async () => {
    const byNode = countByNode()
    const { server } = await serveLarge()
    const nodes = byNode()
    const { hostname, port } = new URL(server.url)
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    let receivedBytes = 0
    socket.on('data', (chunk: Buffer) => (receivedBytes += chunk.length))
    socket.end(get('/0_a.jar'))
    await once(socket, 'close')
    expect(receivedBytes).toBeGreaterThan(largeBytes)
    expect(server.stats().aborted).toBe(0)
    expect(byNode()).toBe(nodes)
  })

  it('holds no bytes for 1,000 clients that do not read', async () => {
    const { server } = await serveLarge()
    const { requests, bytesServed } = server.stats()
    const before = process.memoryUsage()
    const sockets = await Promise.all(Array.from({ length: 1000 }, () => open(server.url)))
    for (const socket of sockets) socket.pause().write(get('/0_a.jar'))
    await until(() => server.stats().bytesServed > bytesServed + 8_000_000)
    await sleep(500)
    const { heapUsed, external } = process.memoryUsage()
    // Both ends of the connections are in this process.
    expect(external - before.external).toBeLessThan(40_000_000)
    expect(heapUsed - before.heapUsed).toBeLessThan(40_000_000)
    for (const socket of sockets) socket.destroy()
    await until(() => server.stats().requests === requests + 1000)
  })

  it('ends the answers in progress when it drains, and then all connections', async () => {
    const { server } = await serveLarge()
    const [busy, idle, silent] = [
      await open(server.url),
      await open(server.url),
      await open(server.url),
    ]
    await talk(idle, get('/0_a.jar', 'Range: bytes=0-0\r\n'))
    busy.pause().write(get('/0_a.jar'))
    const { bytesServed } = server.stats()
    await until(() => server.stats().bytesServed > bytesServed)
    const drained = server.drain()
    await until(() => idle.closed || idle.readableEnded)
    let receivedBytes = 0
    busy.on('data', (chunk: Buffer) => (receivedBytes += chunk.length)).resume()
    await drained
    await until(() => busy.closed && silent.closed)
    expect(receivedBytes).toBeGreaterThan(largeBytes)
    expect(server.stats().aborted).toBe(0)
  })

  it('reads a blob for which the memory has no room from its file', async () => {
    const byNode = countByNode()
    const { server } = await serve({ 'b.tgz': long }, { memoryBudgetBytes: 0 })
    const socket = await open(server.url)
    const whole = await talk(socket, get('/0_b.tgz'))
    expect(whole.slice(whole.indexOf('\r\n\r\n') + 4)).toBe(long.toString('latin1'))
    const part = await talk(socket, get('/0_b.tgz', 'Range: bytes=250-252\r\n'))
    expect(part.slice(-3)).toBe(long.toString('latin1', 250, 253))
    expect(byNode()).toBe(0)
  })

  it('leaves a blob whose file is gone to node:http', async () => {
    const byNode = countByNode()
    const { server, path } = await serve({ 'a.jar': ten }, { memoryBudgetBytes: 0 })
    await rm(path)
    expect(await talk(await open(server.url), get('/0_a.jar'))).toMatch(/^HTTP\/1\.1 404 /)
    expect(byNode()).toBe(1)
  })

  it('sends the bytes it was asked for within a budget', async () => {
    const { server } = await serve({ 'b.tgz': long }, { egressBytesPerSecond: 2_000_000 })
    const socket = await open(server.url)
    const hash = createHash('sha256')
    let leftBytes = long.length
    socket.write(get('/0_b.tgz'))
    const [head] = (await once(socket, 'data')) as [Buffer]
    const end = head.indexOf('\r\n\r\n') + 4
    const take = (chunk: Buffer): void => {
      hash.update(chunk)
      leftBytes -= chunk.length
    }
    take(head.subarray(end))
    socket.on('data', take)
    await until(() => leftBytes === 0)
    expect(hash.digest('hex')).toBe(createHash('sha256').update(long).digest('hex'))
  })
})
