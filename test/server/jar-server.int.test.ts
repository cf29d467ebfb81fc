import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseManifest } from '../../src/domain/libraries/library.ts'
import { createJarServer } from '../../src/server/jar-server.ts'
import { serve, stageFiles, ten } from './serve-files.ts'
import { dial, openStore, request, startServer, temporaryFolder, until } from './support.ts'

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
