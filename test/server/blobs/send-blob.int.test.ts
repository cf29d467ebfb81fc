import { randomBytes } from 'node:crypto'
import { chmod, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RequestRecord } from '../../../src/server/http/exchange.ts'
import { serve, ten } from '../serve-files.ts'
import {
  countDescriptors,
  dial,
  openStore,
  request,
  startServer,
  temporaryFolder,
  until,
} from '../support.ts'

const isLinux = process.platform === 'linux'
/** A header for which node:http answers, as it does after a `Connection: close`. */
const unknown = 'X-Unknown: 1\r\n'

describe('sendBlob: files that change', () => {
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

  it.each([
    ['known', ''],
    ['unknown', unknown],
  ])('cuts the connection when a file shrinks while it is sent, %s', async (_, headers) => {
    const records: RequestRecord[] = []
    const sizeBytes = 40_000_000
    const { uri, path } = await serve(
      { 'a.jar': Buffer.alloc(sizeBytes, 1) },
      { memoryBudgetBytes: 0, onRequest: (record) => records.push(record) },
    )
    const socket = dial(uri)
    socket.write(`GET ${new URL(uri).pathname} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`)
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

describe('sendBlob: bodies', () => {
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
    const line = `GET ${new URL(uri).pathname} HTTP/1.1\r\nHost: localhost\r\n`
    const heads = [`${line}\r\n`, `${line}${unknown}\r\n`]
    await request(uri)
    const before = await countDescriptors()
    const total = 1500
    let next = 0
    async function abortSome(): Promise<void> {
      while (next < total) {
        const kind = (next += 1) % 4
        const head = heads[Math.floor(next / 4) % 2] ?? ''
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
