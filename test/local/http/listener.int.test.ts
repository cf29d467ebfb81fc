/** No address can use all connections of a port. */
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
