import { text } from 'node:stream/consumers'
import { VirtualTimeScheduler } from 'rxjs'
import type { SchedulerLike } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import { createConnector } from '../../../src/client/http/connector.ts'
import { postOnce } from '../../../src/client/http/post-once.ts'
import { monotonicScheduler } from '../../../src/streams/monotonic-scheduler.ts'
import { startScripted } from '../calls/scripted-server.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** A POST to a server that has read it. */
async function post(scheduler: SchedulerLike = monotonicScheduler) {
  const server = await startScripted()
  const limits = { connectTimeoutMs: 10_000, scheduler: monotonicScheduler }
  const connector = createConnector({ ...limits, tls: {} })
  closers.push(server.close, connector.close)
  const aborting = new AbortController()
  const answer = postOnce({
    url: server.url,
    headers: { A: 'b' },
    body: Buffer.from('call'),
    connector,
    signal: aborting.signal,
    answerTimeoutMs: 60_000,
    scheduler,
  })
  answer.catch(() => undefined)
  await server.until(() => server.pieces[0] !== undefined && server.pieces[0].length > 0)
  const closed = () => server.until(() => server.sockets[0]?.destroyed === true)
  return { server, answer, aborting, closed }
}

const streaming = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Id: 1\r\n\r\n'

describe('postOnce', () => {
  it('writes one request and gives head and body of its answer', async () => {
    const { answer, closed, server } = await post()
    expect(server.pieces).toEqual([
      [`POST /calls HTTP/1.1\r\nHost: ${server.url.host}\r\nA: b\r\nContent-Length: 4\r\n\r\ncall`],
    ])
    server.write(`${streaming}3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n`)
    const { body, head, localAddress } = await answer
    expect([head.status, head.headers.get('x-id'), localAddress]).toEqual([200, '1', '127.0.0.1'])
    expect(await text(body)).toBe('onetwo')
    await closed()
  })

  it('gives pieces of the body as they come', async () => {
    const { answer, server } = await post()
    server.write(`${streaming}3\r\non`)
    const { body } = await answer
    const pieces: string[] = []
    body.on('data', (bytes: Buffer) => {
      pieces.push(bytes.toString())
      if (pieces.length === 1) server.write('e\r\n')
      if (pieces.length === 2) server.write('5\r\nthree\r\n')
      if (pieces.length === 3) server.sockets[0]?.destroy()
    })
    const error = await new Promise((resolve) => body.once('error', resolve))
    expect(pieces).toEqual(['on', 'e', 'three'])
    expect(error).toMatchObject({ code: 'ECONNRESET' })
  })

  it('keeps what came before the body is read, and after it the connection has ended', async () => {
    const { answer, closed, server } = await post()
    server.write('HTTP/1.1 503 \r\n\r\nnot yet')
    server.sockets[0]?.end()
    const { body } = await answer
    await closed()
    expect(await text(body)).toBe('not yet')
  })

  it('ignores what follows its answer', async () => {
    const { answer, server } = await post()
    server.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n!HTTP/1.1 200 OK\r\n\r\nmore')
    expect(await text((await answer).body)).toBe('!')
  })

  it('reads no faster than its reader', async () => {
    const { answer, server } = await post()
    const size = 64 * 1024 * 1024
    server.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`)
    const { body } = await answer
    const written = new Promise<void>((resolve) => {
      server.sockets[0]?.write(Buffer.alloc(size), () => resolve())
    })
    const first = await Promise.race([
      written,
      new Promise((resolve) => setTimeout(() => resolve('held'), 300)),
    ])
    expect([first, body.readableLength < 1024 * 1024]).toEqual(['held', true])
    expect((await text(body)).length).toBe(size)
    await written
  })

  it('closes the connection when the body is destroyed, or when it is aborted', async () => {
    const destroyed = await post()
    destroyed.server.write(streaming)
    ;(await destroyed.answer).body.destroy()
    await destroyed.closed()
    const aborted = await post()
    aborted.server.write(streaming)
    const { body } = await aborted.answer
    aborted.aborting.abort()
    await aborted.closed()
    expect(body.destroyed).toBe(true)
  })

  it('rejects with the reason of an abort', async () => {
    const { aborting, answer, closed } = await post()
    aborting.abort(new Error('enough'))
    await expect(answer).rejects.toThrow('enough')
    await closed()
  })

  it.each([
    ['closes the connection', '', { code: 'ECONNRESET' }],
    ['ends in the head', 'HTTP/1.1 200 OK\r\n', { code: 'ECONNRESET' }],
    ['speaks something else', '220 mail', { name: 'AnswerInvalid' }],
  ])('is broken by a server that %s', async (_, bytes, cause) => {
    const { answer, closed, server } = await post()
    server.sockets[0]?.end(bytes)
    await expect(answer).rejects.toMatchObject({ kind: 'broken', cause })
    await closed()
  })

  it('waits so long for a head, and no longer', async () => {
    const clock = new VirtualTimeScheduler(undefined, 60_000)
    const { answer, closed, server } = await post(clock)
    server.write('HTTP/1.1 200')
    clock.flush()
    await expect(answer).rejects.toMatchObject({ kind: 'timeout' })
    await closed()
  })
})
