/** No address can use all connections of a port; requests of one connection are handled in order. */
import { once } from 'node:events'
import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { writeAnswer } from '../../../src/local/http/http.ts'
import { openSite } from '../../../src/local/http/listener.ts'

it.each([
  ['silent', ''],
  ['idle after a request', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
])('lets others in while one address has all its connections %s', async (_, bytes) => {
  const maxConnections = 20
  const site = await openSite({
    host: '127.0.0.1',
    port: 0,
    tls: undefined,
    delayMs: () => 0,
    webPages: { hosts: [], origins: [], jsonp: false },
    handle: (_request, response) => writeAnswer(response, { status: 200, body: 'here' }),
    maxConnections,
  })
  onTestFinished(() => site.close())
  const sockets = Array.from({ length: 4 * maxConnections }, () =>
    connect({ port: site.port, host: '127.0.0.1', localAddress: '127.0.0.2' }),
  )
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()))
  for (const socket of sockets) {
    socket.on('error', () => undefined).resume()
    socket.write(bytes)
  }
  const open = () => sockets.filter(({ closed }) => !closed)
  while (open().length > maxConnections) await sleep(10)
  expect(open()).toHaveLength(maxConnections)
  for (let index = 0; index < 10; index += 1) {
    const sending = get(site.url, { agent: false })
    const [response] = (await once(sending, 'response')) as [IncomingMessage]
    expect(await text(response)).toBe('here')
  }
})

it('handles requests of one connection in order that came together, after delays at the same time', async () => {
  const handled: (string | undefined)[] = []
  const delaysToBegin: number[] = []
  const delaysMs = [30, 0, 10]
  const site = await openSite({
    host: '127.0.0.1',
    port: 0,
    tls: undefined,
    delayMs: () => delaysMs.shift() ?? 0,
    webPages: { hosts: [], origins: [], jsonp: false },
    handle: ({ url }, response) => {
      handled.push(url)
      delaysToBegin.push(delaysMs.length)
      if (url === '/2') throw new Error('cannot')
      writeAnswer(response, { status: 200, body: url ?? '' })
    },
  })
  onTestFinished(() => site.close())
  const socket = connect(site.port, '127.0.0.1')
  const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`
  socket.write(get('/1') + get('/2') + get('/3', 'Connection: close\r\n'))
  const answers = await text(socket)
  expect(handled).toEqual(['/1', '/2', '/3'])
  expect(delaysToBegin).toEqual([0, 0, 0])
  expect(answers.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 500', 'HTTP/1.1 200'])
})
