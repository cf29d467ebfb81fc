import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Library } from '../../../../src/domain/libraries/library.ts'
import { receive } from '../../../../src/executor/libraries/transfer/receive.ts'

const bytes = randomBytes(200_000)
const sha256 = createHash('sha256').update(bytes).digest('hex')
const library: Library = { name: 'a.jar', kind: 'jar', sha256, sizeBytes: bytes.length }
const keptBytes = 120_000
const { signal } = new AbortController()

let folder: string
let path: string
let server: Server
let requests: IncomingMessage[]
let answer: (response: ServerResponse) => void

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'receive-'))
  path = join(folder, 'part')
  requests = []
  server = createServer((request, response) => {
    requests.push(request)
    answer(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true })
})

const fetchIt = async (): Promise<string> => {
  const { port } = server.address() as AddressInfo
  const received = await receive(library, `http://127.0.0.1:${port}/a.jar`, path, { signal })
  return received.sha256
}

const keep = (kept = bytes.subarray(0, keptBytes)): Promise<void> => writeFile(path, kept)

function answerPart(start: number, end = bytes.length - 1): void {
  answer = (response) => {
    response.writeHead(206, { 'Content-Range': `bytes ${start}-${end}/${bytes.length}` })
    response.end(bytes.subarray(start, end + 1))
  }
}

describe('receive', () => {
  it('requests the rest of the same bytes, and hashes all of them', async () => {
    await keep()
    answerPart(keptBytes)
    expect(await fetchIt()).toBe(sha256)
    expect(requests[0]?.headers).toMatchObject({
      range: `bytes=${keptBytes}-`,
      'if-range': `"sha256-${sha256}"`,
      'accept-encoding': 'identity',
    })
    expect(await readFile(path)).toEqual(bytes)
  })

  it('keeps its bytes when a web page arrives', async () => {
    await keep()
    answer = (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>')
    await expect(fetchIt()).rejects.toMatchObject({
      code: 'LIBRARY_UNAVAILABLE',
      retryable: true,
      message: expect.stringContaining('web page'),
    })
    expect(await readFile(path)).toEqual(bytes.subarray(0, keptBytes))
  })

  it('starts from 0 when the server sends all bytes', async () => {
    await keep(Buffer.alloc(keptBytes))
    answer = (response) => response.writeHead(200).end(bytes)
    expect(await fetchIt()).toBe(sha256)
    expect(await readFile(path)).toEqual(bytes)
  })

  it.each([
    ['an earlier part', () => answerPart(keptBytes - 1)],
    ['a later part', () => answerPart(keptBytes + 1)],
    ['a part that ends early', () => answerPart(keptBytes, bytes.length - 2)],
    ['none', () => (answer = (response) => response.writeHead(416).end())],
  ])('drops its bytes when the server has %s', async (_, prepare) => {
    await keep()
    prepare()
    await expect(fetchIt()).rejects.toMatchObject({ code: 'LIBRARY_UNAVAILABLE', retryable: true })
    expect(await readFile(path)).toHaveLength(0)
  })

  it('keeps the bytes from before the connection broke', async () => {
    await keep()
    answer = (response) => {
      response.writeHead(206, {
        'Content-Range': `bytes ${keptBytes}-${bytes.length - 1}/${bytes.length}`,
        'Content-Length': bytes.length - keptBytes,
      })
      response.write(bytes.subarray(keptBytes, keptBytes + 1000), () => response.destroy())
    }
    await expect(fetchIt()).rejects.toMatchObject({ code: 'LIBRARY_UNAVAILABLE', retryable: true })
    const kept = await readFile(path)
    expect(kept.length).toBeGreaterThanOrEqual(keptBytes)
    expect(kept).toEqual(bytes.subarray(0, kept.length))
  })

  it.each([
    ['longer', Buffer.concat([bytes, Buffer.from('x')])],
    ['shorter', bytes.subarray(1)],
  ])('reports a complete body that is %s as corrupted', async (actual, body) => {
    answer = (response) => response.writeHead(200, { 'Content-Length': body.length }).end(body)
    await expect(fetchIt()).rejects.toMatchObject({ code: 'LIBRARY_CORRUPT', details: { actual } })
    expect(await readFile(path)).toHaveLength(0)
  })

  it('refuses bytes in an encoding', async () => {
    answer = (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bytes)
    await expect(fetchIt()).rejects.toThrow('sent the encoding gzip, which was not requested')
  })

  it('passes on the time of the next attempt', async () => {
    answer = (response) => response.writeHead(503, { 'Retry-After': '3' }).end()
    await expect(fetchIt()).rejects.toMatchObject({ details: { retryAfterMs: 3000 } })
  })

  it('sends no request for a complete file', async () => {
    await keep(bytes)
    expect(await fetchIt()).toBe(sha256)
    expect(requests).toEqual([])
  })
})
