import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createJarServer } from '../../src/server/jar-server.ts'
import type { JarServer, JarServerOptions } from '../../src/server/jar-server.ts'
import { createLibraryStore } from '../../src/server/library-store.ts'

let folder: string
let server: JarServer

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'admission-'))
})

afterEach(async () => {
  await server.close(0)
  await rm(folder, { recursive: true })
})

async function serve(sizeBytes: number, options: JarServerOptions): Promise<void> {
  for (const name of ['large.jar', 'program.mjs']) {
    await writeFile(join(folder, name), randomBytes(name === 'large.jar' ? sizeBytes : 1000))
  }
  const store = await createLibraryStore(join(folder, 'store'))
  const libraries = await store.stage([join(folder, 'large.jar')])
  const extras = [await store.stageFile(join(folder, 'program.mjs'))]
  server = createJarServer({ libraries, extras, bind: '127.0.0.1', ...options })
  await server.start()
}

async function request(uri: string): Promise<IncomingMessage> {
  const [response] = (await once(get(uri, { agent: false }), 'response')) as [IncomingMessage]
  return response
}

describe('a jar server whose streams are all taken', () => {
  it('still answers all that is control, and turns others away', async () => {
    await serve(32_000_000, { maxStreams: 1, maxWaiting: 0 })
    // Not read: it holds the only stream for as long as it likes.
    const holder = await request(server.uriOf('large.jar'))
    expect(holder.statusCode).toBe(200)
    const refused = await request(server.uriOf('large.jar'))
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '1'])
    for (const uri of [server.manifestUri ?? '', server.uriOf('program.mjs'), server.url]) {
      const response = await request(uri)
      expect(response.statusCode).toBe(200)
      expect(await buffer(response)).toHaveLength(Number(response.headers['content-length']))
    }
    holder.destroy()
  })

  it('goes on with those who wait when a stream ends', async () => {
    await serve(3_000_000, { maxStreams: 1 })
    const bodies = Array.from({ length: 5 }, async () =>
      buffer(await request(server.uriOf('large.jar'))),
    )
    for (const body of await Promise.all(bodies)) expect(body).toHaveLength(3_000_000)
  })
})

describe('a jar server with a budget', () => {
  it('sends everything all the same', async () => {
    await serve(3_000_000, { egressBytesPerSecond: 20_000_000 })
    const body = await buffer(await request(server.uriOf('large.jar')))
    expect(body).toHaveLength(3_000_000)
  })
})
