import { once } from 'node:events'
import { createServer, get } from 'node:http'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createConnectionPool } from '../../src/access/connection-pool.ts'
import type { ConnectionPool } from '../../src/access/connection-pool.ts'
import { guardConnections } from '../../src/access/guard-connections.ts'

const maxConnections = 20

/** Answers `/` at once, and begins a long answer to everything else. */
const answer: RequestListener = (req, res) => {
  if (req.url === '/') return void res.end('here')
  req.resume()
  res.writeHead(200, { 'content-length': 50_000_000 })
  res.write(Buffer.alloc(10_000_000))
}

async function openServer(
  listener: RequestListener = answer,
  pool?: ConnectionPool,
): Promise<number> {
  const server = createServer(listener)
  guardConnections(server, maxConnections, [server], pool)
  server.listen(0)
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** Connections that send this and then nothing. Resolves when each has been accepted, or closed. */
async function flood(port: number, count: number, localAddress: string, bytes: string) {
  const sockets = Array.from({ length: count }, () =>
    connect({ port, host: '127.0.0.1', localAddress }),
  )
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()))
  for (const socket of sockets) {
    socket.on('error', () => undefined)
    socket.write(bytes)
  }
  await Promise.all(sockets.map((socket) => settled(socket, bytes.endsWith('\r\n\r\n'))))
  return sockets
}

function settled(socket: Socket, isAnswered: boolean): Promise<unknown> {
  return new Promise((resolve) => {
    socket.once('close', resolve)
    socket.once(isAnswered ? 'readable' : 'connect', resolve)
  })
}

async function ask(port: number, localAddress: string): Promise<string> {
  const sending = get({ port, host: '127.0.0.1', localAddress, agent: false })
  const [response] = (await once(sending, 'response')) as [IncomingMessage]
  return text(response)
}

describe('guardConnections', () => {
  it.each([
    ['silent', ''],
    ['sending half a head', 'GET / HTTP/1.1\r\nHost: a\r\n'],
    ['idle after a request', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['sending half a body', 'POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n'],
    ['reading nothing', 'GET /slow HTTP/1.1\r\nHost: a\r\n\r\n'],
  ])('lets others in while one address has all its connections %s', async (_, bytes) => {
    const port = await openServer()
    await flood(port, 2 * maxConnections, '127.0.0.2', bytes)
    const answers = Array.from({ length: 10 }, (_each, index) => ask(port, `127.0.0.${3 + index}`))
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 10 }, () => 'here'))
  })

  it('keeps an answered connection when its own sender adds another', async () => {
    const port = await openServer()
    const request = 'GET /slow HTTP/1.1\r\nHost: a\r\n\r\n'
    const sockets = await flood(port, 3 * maxConnections, '127.0.0.2', request)
    const open = sockets.filter(({ destroyed, readableEnded }) => !destroyed && !readableEnded)
    expect(open).toHaveLength(maxConnections)
  })

  it('gives one address all that no other uses', async () => {
    const waiting: ServerResponse[] = []
    const port = await openServer((_req, res) => {
      waiting.push(res)
      if (waiting.length === maxConnections) waiting.forEach((each) => each.end('together'))
    })
    const answers = Array.from({ length: maxConnections }, () => ask(port, '127.0.0.2'))
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['together']))
  })

  it.each(['127.0.0.2', '127.0.0.3'])(
    'keeps room in the process while one of its servers is flooded, for %s',
    async (localAddress) => {
      const pool = createConnectionPool(10)
      const flooded = await openServer(answer, pool)
      const other = await openServer(answer, pool)
      await flood(flooded, 2 * maxConnections, '127.0.0.2', '')
      const answers = Array.from({ length: 5 }, () => ask(other, localAddress))
      expect(await Promise.all(answers)).toEqual(Array.from({ length: 5 }, () => 'here'))
      expect(Array.from(pool.members, ({ count }) => count).join()).toMatch(/^([5-9]|10)$/)
    },
  )
})
