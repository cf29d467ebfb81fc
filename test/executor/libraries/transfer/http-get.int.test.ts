import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openUri, readUri } from '../../../../src/executor/libraries/transfer/http-get.ts'

const { signal } = new AbortController()

/** Answers the first `answers` requests of each connection, and closes it at the next one. */
async function listen(answers: number) {
  let requests = 0
  const server = createServer((socket) => {
    let left = answers
    socket
      .on('error', () => undefined)
      .on('data', () => {
        requests += 1
        left -= 1
        if (left < 0) socket.destroy()
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx')
      })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const read = async (): Promise<string> => {
    const text = String(await readUri(uri, 1, { signal }))
    // Then the connection is free again.
    await setImmediate()
    return text
  }
  return { uri, read, requests: () => requests }
}

describe('openUri', () => {
  it('asks again if a kept connection is closed in place of an answer', async () => {
    const { read, requests } = await listen(1)
    expect([await read(), await read()]).toEqual(['x', 'x'])
    expect(requests()).toBe(3)
  })

  it('asks once on a new connection', async () => {
    const { read, requests } = await listen(0)
    await expect(read()).rejects.toMatchObject({ code: 'LIBRARY_UNAVAILABLE', retryable: true })
    expect(requests()).toBe(1)
  })

  it('sends no message twice', async () => {
    const { uri, read, requests } = await listen(1)
    await read()
    const sent = openUri(uri, { method: 'POST', body: '{}', signal })
    await expect(sent).rejects.toMatchObject({ code: 'LIBRARY_UNAVAILABLE' })
    expect(requests()).toBe(2)
  })
})
