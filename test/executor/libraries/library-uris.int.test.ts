import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openHostCache } from '../../../src/executor/libraries/cache/host-cache.ts'
import { describeUris } from '../../../src/executor/libraries/library-uris.ts'

async function describeAt(name: string, answer: RequestListener) {
  const folder = await mkdtemp(join(tmpdir(), 'library-uris-'))
  const cache = await openHostCache({ folder, privateFolder: join(folder, 'private') })
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    await cache.close()
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true })
  })
  const { port } = server.address() as AddressInfo
  const { signal } = new AbortController()
  return await describeUris([`http://127.0.0.1:${port}/${name}`], { cache, signal })
}

describe('describeUris', () => {
  it('refuses a web page in place of a library', async () => {
    const described = describeAt('a.jar', (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><p>Sign in')
    })
    await expect(described).rejects.toMatchObject({
      code: 'LIBRARY_UNAVAILABLE',
      retryable: true,
      message: expect.stringContaining('web page'),
    })
  })

  it('accepts a web page that is a library', async () => {
    const page = '<html><p>report</p></html>'
    const [entry] = await describeAt('a.html', (_, response) => void response.end(page))
    expect(entry?.library).toMatchObject({ name: 'a.html', sizeBytes: page.length })
  })
})
