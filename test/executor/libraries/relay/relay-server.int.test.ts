import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { get, request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { authorizeRelay } from '../../../../src/domain/libraries/library-access.ts'
import { stripesOf } from '../../../../src/domain/relay/stripes.ts'
import { openRelayedBlob } from '../../../../src/executor/libraries/relay/blob/relayed-blob.ts'
import type { RelayedBlob } from '../../../../src/executor/libraries/relay/blob/relayed-blob.ts'
import { startRelayServer } from '../../../../src/executor/libraries/relay/relay-server.ts'
import type { RelayServer } from '../../../../src/executor/libraries/relay/relay-server.ts'
import { until } from '../../../support/until.ts'

const bytes = randomBytes(1000)
const sha256 = createHash('sha256').update(bytes).digest('hex')

let folder: string
let server: RelayServer
let open: (blob: RelayedBlob) => void
let fail: (error: Error) => void
let opening: Promise<RelayedBlob>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-server-'))
  server = await startRelayServer()
  opening = new Promise((resolve, reject) => {
    open = resolve
    fail = reject
  })
  // As the caller of `serve` does.
  opening.catch(() => undefined)
})
afterEach(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

/** Keys for that library only. */
const keys = {
  isOpen: () => false,
  of: (digest: string) => (digest === sha256 ? 'k'.repeat(43) : undefined),
}

const ask = (stripe: number, headers = {}): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const url = `http://127.0.0.1:${server.port}/blobs/${sha256}/stripes/${stripe}/0`
    get(url, { headers }, resolve).on('error', reject)
  })

const chunk = randomBytes(40_000)

/** Serves a library of 16 runs, of which the first stripe has come. */
async function serveRuns(): Promise<RelayedBlob> {
  const digest = createHash('sha256').update(chunk).digest('hex')
  const chunks = Array.from({ length: 16 }, () => ({ sizeBytes: chunk.length, sha256: digest }))
  const library = { name: 'x', kind: 'file' as const, sha256, sizeBytes: 16 * chunk.length }
  const paths = [join(folder, 'own'), join(folder, 'part')] as const
  const blob = await openRelayedBlob(library, stripesOf(chunks), ...paths)
  for (let run = 0; run < 4; run += 1) await blob.write(0, chunk)
  server.serve(sha256, Promise.resolve(blob))
  return blob
}

/** Asks for the first stripe with a body for receipts. */
async function receive() {
  const url = `http://127.0.0.1:${server.port}/blobs/${sha256}/stripes/0/0`
  const receiver = request(url, { headers: { 'transfer-encoding': 'chunked' } })
  receiver.flushHeaders()
  const [response] = (await once(receiver, 'response')) as [IncomingMessage]
  return { receiver, response }
}

describe('startRelayServer', () => {
  it('keeps requests waiting until the library is opened', async () => {
    server.serve(sha256, opening)
    const answer = ask(0)
    const library = { name: 'x', kind: 'file' as const, sha256, sizeBytes: bytes.length }
    const stripes = stripesOf([{ sizeBytes: bytes.length, sha256 }])
    const blob = await openRelayedBlob(library, stripes, join(folder, 'own'), join(folder, 'part'))
    open(blob)
    const response = await answer
    expect(response.statusCode).toBe(200)
    const body = buffer(response)
    await blob.write(0, bytes)
    expect(await body).toEqual(bytes)
    await blob.close()
  })

  it('sends two runs ahead of the receipts in the body of the request', async () => {
    const blob = await serveRuns()
    const { receiver, response } = await receive()
    let receivedBytes = 0
    response.on('data', (more: Buffer) => (receivedBytes += more.length))
    while (receivedBytes < 2 * chunk.length) await once(response, 'data')
    // Another one gets all meanwhile.
    expect(await buffer(await ask(0))).toHaveLength(4 * chunk.length)
    expect(receivedBytes).toBe(2 * chunk.length)
    receiver.write('.')
    while (receivedBytes < 3 * chunk.length) await once(response, 'data')
    receiver.end()
    await once(response, 'end')
    expect(receivedBytes).toBe(4 * chunk.length)
    await blob.close()
  })

  it('ends an answer after its last receipt: Node closes the connection soon after it', async () => {
    const ended: (string | undefined)[] = []
    const onEnd = (message: unknown): void => {
      const { request: ofAnswer } = message as { readonly request: IncomingMessage }
      ended.push(ofAnswer.headers['transfer-encoding'])
    }
    subscribe('http.server.response.finish', onEnd)
    onTestFinished(() => void unsubscribe('http.server.response.finish', onEnd))
    const blob = await serveRuns()
    const { receiver, response } = await receive()
    receiver.write('..')
    expect(await buffer(response)).toHaveLength(4 * chunk.length)
    await buffer(await ask(0))
    await until('the end of the other answer', () => ended.length > 0)
    expect(ended).toEqual([undefined])
    receiver.end('..')
    await until('the end of the answer', () => ended.length > 1)
    expect(ended).toEqual([undefined, 'chunked'])
    await blob.close()
  })

  it('gives up all requests of a connection that is lost', async () => {
    const blob = await serveRuns()
    const socket = connect(server.port, '127.0.0.1')
    // Nothing of this stripe has come yet.
    const path = `/blobs/${sha256}/stripes/1/0`
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`.repeat(16))
    await once(socket, 'data')
    socket.destroy()
    const answers = [await ask(1), await ask(1)]
    for (const answer of answers) answer.on('error', () => undefined).destroy()
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200])
    await blob.close()
  })

  it('closes their connections if the library cannot be opened', async () => {
    server.serve(sha256, opening)
    const answer = ask(0)
    fail(new Error('no list of chunks'))
    await expect(answer).rejects.toThrow('socket hang up')
  })

  it('gives nothing to strangers, not even which libraries it has', async () => {
    const guarded = await startRelayServer(keys)
    onTestFinished(() => guarded.close())
    guarded.serve(sha256, opening)
    const statusOf = async (path: string, signedPath = path, key = 'k'.repeat(43)) => {
      const to = `127.0.0.1:${guarded.port}`
      const authorization = authorizeRelay(
        key,
        { to, method: 'GET', path: signedPath },
        randomUUID(),
      )
      const headers = signedPath === '' ? {} : { authorization }
      const url = `http://127.0.0.1:${guarded.port}${path}`
      const answer = await fetch(url, { headers })
      return answer.status
    }
    const known = `/blobs/${sha256}/stripes/0/0`
    const other = `/blobs/${'0'.repeat(64)}/stripes/0/0`
    for (const path of [known, other, `/probe/${sha256}/1`, '/']) {
      expect([await statusOf(path, ''), await statusOf(path, path, 'x'.repeat(43))]).toEqual([
        401, 403,
      ])
      expect(await statusOf(path, `${path}0`)).toBe(403)
    }
    // With the key of another library.
    for (const path of [other, `/probe/${'0'.repeat(64)}/1`, '/'])
      expect(await statusOf(path)).toBe(403)
    const library = { name: 'x', kind: 'file' as const, sha256, sizeBytes: bytes.length }
    const stripes = stripesOf([{ sizeBytes: bytes.length, sha256 }])
    const blob = await openRelayedBlob(library, stripes, join(folder, 'own'), join(folder, 'part'))
    open(blob)
    await blob.write(0, bytes)
    expect(await statusOf(known)).toBe(200)
    await blob.close()
  })

  it('gives nothing to web pages, though others may ask', async () => {
    server.serve(sha256, opening)
    for (const headers of [{ origin: 'http://evil.example' }, { host: 'evil.example' }]) {
      const response = await ask(0, headers)
      response.resume()
      expect(response.statusCode).toBe(403)
    }
  })

  it('refuses a request that was sent to another executor', async () => {
    const guarded = await startRelayServer(keys)
    onTestFinished(() => guarded.close())
    guarded.serve(sha256, opening)
    for (const path of [`/blobs/${sha256}/stripes/0/0`, `/probe/${sha256}/1`])
      for (const to of [`127.0.0.1:${server.port}`, `127.0.0.2:${guarded.port}`, '']) {
        const authorization = authorizeRelay(
          'k'.repeat(43),
          { to, method: 'GET', path },
          randomUUID(),
        )
        const url = `http://127.0.0.1:${guarded.port}${path}`
        expect((await fetch(url, { headers: { authorization } })).status).toBe(403)
      }
  })

  it('refuses a repeated request', async () => {
    const guarded = await startRelayServer(keys)
    onTestFinished(() => guarded.close())
    const path = `/probe/${sha256}/1`
    const to = `127.0.0.1:${guarded.port}`
    const authorization = authorizeRelay('k'.repeat(43), { to, method: 'GET', path }, randomUUID())
    const statusOf = async () =>
      (await fetch(`http://${to}${path}`, { headers: { authorization } })).status
    expect([await statusOf(), await statusOf()]).toEqual([200, 403])
  })

  it('listens on loopback alone if that is set', async () => {
    const local = await startRelayServer(undefined, '127.0.0.1')
    onTestFinished(() => local.close())
    const statusAt = async (address: string, { port }: RelayServer) =>
      (await fetch(`http://${address}:${port}/`)).status
    expect(await statusAt('127.0.0.1', local)).toBe(404)
    // Another loopback address, which only a server on all addresses has.
    expect(await statusAt('127.0.0.2', server)).toBe(404)
    await expect(statusAt('127.0.0.2', local)).rejects.toThrow()
  })

  it('no longer finds a library whose service has ended', async () => {
    const unserve = server.serve(sha256, opening)
    unserve()
    const response = await ask(0)
    response.resume()
    expect(response.statusCode).toBe(404)
  })
})
