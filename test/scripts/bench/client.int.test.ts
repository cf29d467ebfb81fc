import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { startClient } from '../../bench/server/client.ts'

const ends: (() => unknown)[] = []

afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** Has the client ask a server for 100 bodies of 10 bytes. */
async function ask(listener: RequestListener): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  await startClient(ends)(port, { path: '/', count: 100, bodyBytes: 10 })
}

describe('startClient', () => {
  it('asks as often as it should', async () => {
    let requests = 0
    await ask((_, res) => {
      requests += 1
      res.end('0123456789')
    })
    expect(requests).toBe(100)
  })

  it('finds answers that do not come', async () => {
    const closing = ask((_, res) => res.setHeader('connection', 'close').end('0123456789'))
    await expect(closing).rejects.toThrow('only 16 of 100 answers')
  })

  it.each([
    ['a body of 3 bytes', 200],
    ['status 404', 404],
  ])('finds another answer: %s', async (text, status) => {
    const asked = ask((_, res) => res.writeHead(status, { 'content-length': 3 }).end('012'))
    await expect(asked).rejects.toThrow(text)
  })
})
