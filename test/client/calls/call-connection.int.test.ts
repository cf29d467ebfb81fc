import { VirtualTimeScheduler } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import { CallConnection } from '../../../src/client/calls/call-connection.ts'
import type { Connector } from '../../../src/client/http/connector.ts'
import { createConnector } from '../../../src/client/http/connector.ts'
import { monotonicScheduler } from '../../../src/streams/monotonic-scheduler.ts'
import { startScripted } from './scripted-server.ts'
import type { ScriptedServer } from './scripted-server.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** A connection to a scripted server whose calls are letters, and what happened to them. */
async function start({
  answerTimeoutMs = 60_000,
  server = undefined as ScriptedServer | undefined,
} = {}) {
  const scripted = server ?? (await startScripted())
  const connector: Connector = createConnector({
    tls: {},
    connectTimeoutMs: 10_000,
    scheduler: monotonicScheduler,
  })
  closers.push(scripted.close, connector.close)
  const clock = new VirtualTimeScheduler()
  const results: string[] = []
  let rooms = 0
  let changed = (): void => undefined
  const connection = new CallConnection<string>({
    url: scripted.url,
    connector,
    answerTimeoutMs,
    scheduler: clock,
    onAnswer: (call, { status, body }) => {
      results.push(`${call} ${status}${body === '' ? '' : ` ${body.slice(0, 20)}`}`)
      changed()
    },
    onRoom: () => {
      rooms += 1
      changed()
    },
    onEnd: (unanswered) => {
      for (const { call, failure } of unanswered) results.push(`${call} ${failure.kind}`)
      results.push('end')
      changed()
    },
  })
  const until = (isTrue: () => boolean) =>
    new Promise<void>((resolve) => {
      changed = () => {
        if (isTrue()) resolve()
      }
      changed()
    })
  return {
    server: scripted,
    connection,
    connector,
    results,
    /** Lets the time of calls pass, ms after the start. */
    passTo(ms: number) {
      clock.maxFrames = ms
      clock.flush()
      clock.frame = ms
    },
    rooms: () => rooms,
    until,
    /** Resolves to all results when there are so many. */
    first: async (count: number) => {
      await until(() => results.length >= count)
      return results
    },
    send: (...calls: string[]) => connection.write(calls, Buffer.from(calls.join(''))),
    ended: async () => {
      await until(() => results.at(-1) === 'end')
      return results
    },
  }
}

/** A connection whose first call is answered, so that more may follow at once. */
async function startKept(options: Parameters<typeof start>[0] = {}) {
  const started = await start(options)
  started.send('0')
  await started.server.until(() => started.server.pieces[0]?.length === 1)
  started.server.write(accepted)
  await started.until(() => started.connection.room > 1)
  expect(started.results.splice(0)).toEqual(['0 202'])
  return started
}

const accepted = 'HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n'
const refused = 'HTTP/1.1 403 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n'
const closing = 'HTTP/1.1 202 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n'

describe('CallConnection', () => {
  it('has room for one call until an answer keeps the connection open, then for 64', async () => {
    const { connection, send, server, until } = await start()
    expect(connection.room).toBe(1)
    send('a')
    expect([connection.room, connection.isIdle]).toEqual([0, false])
    await server.until(() => server.pieces[0]?.length === 1)
    server.write(accepted)
    await until(() => connection.room > 0)
    expect([connection.room, connection.isIdle]).toEqual([64, true])
    send('b', 'c')
    expect(connection.room).toBe(62)
  })

  it('writes calls in one piece, and gives answers to them in their order', async () => {
    const { first, send, server } = await startKept()
    send('a', 'b')
    send('c')
    await server.until(() => server.pieces[0]?.join('') === '0abc')
    server.write(accepted + refused + accepted)
    expect(await first(3)).toEqual(['a 202', 'b 403 no', 'c 202'])
  })

  it('gives the same answers however their bytes are split', async () => {
    const { first, results, send, server } = await startKept()
    const all = accepted + refused
    for (let at = 1; at < all.length; at++) {
      send('a', 'b')
      server.write(all.slice(0, at))
      // Bytes that wait behind others in the kernel would arrive in one piece.
      await new Promise((resolve) => setImmediate(resolve))
      server.write(all.slice(at))
      expect(await first(2)).toEqual(['a 202', 'b 403 no'])
      results.length = 0
    }
  })

  it('has no room while the server does not read', async () => {
    const { connection, server, until, rooms } = await startKept()
    const [socket] = server.sockets
    socket?.pause()
    connection.write(['a'], Buffer.alloc(32 * 1024 * 1024))
    expect(connection.room).toBe(0)
    const before = rooms()
    socket?.resume()
    await until(() => rooms() > before)
    expect(connection.room).toBe(63)
  })

  describe.each([
    ['ended', (server: ScriptedServer) => void server.sockets[0]?.end()],
    ['reset', (server: ScriptedServer) => void server.sockets[0]?.resetAndDestroy()],
  ])('when the server has %s the connection', (_, end) => {
    it('has calls that are stale if it was idle before them', async () => {
      const { ended, send, server } = await startKept()
      send('a', 'b')
      await server.until(() => server.pieces[0]?.join('') === '0ab')
      end(server)
      expect(await ended()).toEqual(['a stale', 'b stale', 'end'])
    })

    it('has broken calls if no answer came before', async () => {
      const { ended, send, server } = await start()
      send('a')
      await server.until(() => server.pieces[0]?.length === 1)
      end(server)
      expect(await ended()).toEqual(['a broken', 'end'])
    })

    it('has broken calls behind an answer', async () => {
      const { ended, first, send, server } = await startKept()
      send('a', 'b', 'c')
      await server.until(() => server.pieces[0]?.join('') === '0abc')
      server.write(accepted)
      await first(1)
      end(server)
      expect(await ended()).toEqual(['a 202', 'b broken', 'c broken', 'end'])
    })

    it('takes an answer whose head has come', async () => {
      const { ended, send, server, rooms, until } = await startKept()
      send('a', 'b')
      await server.until(() => server.pieces[0]?.join('') === '0ab')
      const before = rooms()
      server.write('HTTP/1.1 403 \r\nContent-Length: 9\r\n\r\nhalf')
      await until(() => rooms() > before)
      end(server)
      expect(await ended()).toEqual(['a 403 half', 'b broken', 'end'])
    })

    it('ends without a call', async () => {
      const { connection, ended, server } = await startKept()
      end(server)
      expect(await ended()).toEqual(['end'])
      expect(connection.room).toBe(0)
    })
  })

  it('reports calls that a server has not read which closes after an answer', async () => {
    const { ended, send, server } = await startKept()
    send('a', 'b', 'c')
    await server.until(() => server.pieces[0]?.join('') === '0abc')
    server.write(closing)
    expect(await ended()).toEqual(['a 202', 'b unread', 'c unread', 'end'])
    await server.until(() => server.sockets[0]?.destroyed === true)
  })

  it('ends after an answer of HTTP/1.0, and after one that the connection ends', async () => {
    const old = await start()
    old.send('a')
    await old.server.until(() => old.server.pieces[0]?.length === 1)
    old.server.write('HTTP/1.0 202 \r\nContent-Length: 0\r\n\r\n')
    expect(await old.ended()).toEqual(['a 202', 'end'])
    const open = await start()
    open.send('a')
    await open.server.until(() => open.server.pieces[0]?.length === 1)
    open.server.write('HTTP/1.1 503 \r\n\r\nnot yet')
    open.server.sockets[0]?.end()
    expect(await open.ended()).toEqual(['a 503 not yet', 'end'])
  })

  it('ends when an answer is late', async () => {
    const { passTo, results, send } = await startKept({ answerTimeoutMs: 1000 })
    send('a', 'b')
    passTo(999)
    expect(results).toEqual([])
    passTo(1000)
    expect(results).toEqual(['a timeout', 'b broken', 'end'])
  })

  it('takes what has come of a late answer, however steadily its bytes come', async () => {
    const { passTo, results, rooms, send, server, until } = await startKept({
      answerTimeoutMs: 1000,
    })
    send('a', 'b')
    for (const [at, text] of ['HTTP/1.1 403 \r\nContent-Length: 9\r\n\r\n', 'ha', 'lf'].entries()) {
      const before = rooms()
      server.write(text)
      await until(() => rooms() > before)
      passTo(300 * (at + 1))
    }
    expect(results).toEqual([])
    passTo(1000)
    expect(results).toEqual(['a 403 half', 'b broken', 'end'])
  })

  it('gives each call its own time', async () => {
    const { first, passTo, results, send, server } = await startKept({ answerTimeoutMs: 1000 })
    send('a')
    passTo(600)
    send('b')
    server.write(accepted)
    await first(1)
    passTo(1599)
    expect(results).toEqual(['a 202'])
    passTo(1600)
    expect(results).toEqual(['a 202', 'b timeout', 'end'])
  })

  it('reads 64 KiB of an answer, and then ends', async () => {
    const { ended, send, server } = await startKept()
    send('a', 'b')
    server.write(`HTTP/1.1 400 \r\nContent-Length: 99999\r\n\r\n${'x'.repeat(65_537)}`)
    expect(await ended()).toEqual([`a 400 ${'x'.repeat(20)}`, 'b broken', 'end'])
  })

  it.each([
    ['a whole answer', `${accepted}${accepted}`],
    ['the beginning of one', `${accepted}H`],
  ])('ends when %s comes too many', async (_, bytes) => {
    const { ended, send, server } = await startKept()
    send('a')
    await server.until(() => server.pieces[0]?.join('') === '0a')
    server.write(bytes)
    expect(await ended()).toEqual(['a 202', 'end'])
  })

  it('ends when an answer comes while it is idle', async () => {
    const { ended, server } = await startKept()
    server.write('HTTP/1.1 408 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    expect(await ended()).toEqual(['end'])
  })

  it.each([
    'SSH-2.0-x',
    'HTTP/1.1 202 \r\nContent-Length: 1\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 202 \r\nA : b\r\n\r\n',
  ])('breaks its calls on %j', async (bytes) => {
    const { ended, send, server } = await startKept()
    send('a', 'b')
    await server.until(() => server.pieces[0]?.join('') === '0ab')
    server.write(accepted + bytes)
    expect(await ended()).toEqual(['a 202', 'b broken', 'end'])
  })

  it('has calls that were not sent if there is no server', async () => {
    const server = await startScripted()
    await server.close()
    const { ended, send } = await start({ server: { ...server, close: async () => undefined } })
    send('a')
    expect(await ended()).toEqual(['a connect', 'end'])
  })

  it('ends its calls when it is closed', async () => {
    const { connection, results, send } = await startKept()
    send('a')
    connection.close()
    expect(results).toEqual(['a stale', 'end'])
  })

  it('speaks IPv6', async () => {
    const server = await startScripted({ host: '::1' })
    const { results } = await startKept({ server })
    expect(results).toEqual([])
  })
})
