import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readFromServer } from '../../../src/cli/libraries/libs-from-server.ts'

async function serverThat(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('readFromServer', () => {
  it.each([
    ['never answers', () => undefined],
    [
      'stops in the middle of its answer',
      (response: { write(text: string): unknown }) => response.write('{'),
    ],
  ])('names a server that %s', async (_, begin) => {
    const url = await serverThat((_request, response) => void begin(response))
    await expect(readFromServer(url, '', 200)).rejects.toMatchObject({
      code: 'LIBRARY_UNAVAILABLE',
      message: expect.stringContaining('no whole answer within 0.2 s') as string,
    })
  })
})
