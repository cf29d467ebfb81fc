import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createJarServer } from '../../src/server/jar-server.ts'
import type { JarServerOptions } from '../../src/server/jar-server-options.ts'
import type { JarServer } from '../../src/server/jar-server.ts'
import { createLibraryStore } from '../../src/server/libraries/library-store.ts'

let folder: string
let server: JarServer

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'admission-'))
})

afterEach(async () => {
  await server.close(0)
  await rm(folder, { recursive: true })
})

async function serve(
  sizeBytes: number,
  options: JarServerOptions,
  programBytes = 1000,
): Promise<void> {
  await writeFile(join(folder, 'large.jar'), randomBytes(sizeBytes))
  await writeFile(join(folder, 'program.mjs'), randomBytes(programBytes))
  const store = await createLibraryStore(join(folder, 'store'))
  const libraries = await store.stage([join(folder, 'large.jar')])
  const extras = [await store.stageFile(join(folder, 'program.mjs'))]
  server = createJarServer({ libraries, extras, bind: '127.0.0.1', open: true, ...options })
  await server.start()
}

interface Asking {
  /** Where it comes from: any of 127.0.0.0/8. */
  readonly localAddress?: string
  readonly headers?: Readonly<Record<string, string>>
}

async function request(uri: string, asking: Asking = {}): Promise<IncomingMessage> {
  const sending = get(uri, { agent: false, ...asking })
  const [response] = (await once(sending, 'response')) as [IncomingMessage]
  response.on('error', () => undefined)
  return response
}

/** Requests of one address that are answered, or not, and that nobody reads. */
function hold(uri: string, count: number, localAddress: string): () => void {
  const requests = Array.from({ length: count }, () => {
    // A small window: what is not read is not taken from the server.
    const sending = get(uri, { agent: false, localAddress, highWaterMark: 1024 } as object)
    sending.on('response', (response) => response.on('error', () => undefined).pause())
    return sending.on('error', () => undefined)
  })
  return () => requests.forEach((sending) => sending.destroy())
}

describe('a jar server whose streams are all taken', () => {
  it('still answers control requests, and refuses others', async () => {
    await serve(32_000_000, { maxStreams: 1, maxWaiting: 0 })
    // Not read: it holds the only stream for as long as it likes.
    const holder = await request(server.uriOf('large.jar'))
    expect(holder.statusCode).toBe(200)
    const refused = await request(server.uriOf('large.jar'))
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '1'])
    expect(refused.headers['jarcast-place']).toBe('1')
    expect(String(await buffer(refused))).toBe('place 1 of 1 in the queue; retry in 1 s\n')
    for (const uri of [server.manifestUri ?? '', server.uriOf('program.mjs'), server.url]) {
      const response = await request(uri)
      expect(response.statusCode).toBe(200)
      expect(await buffer(response)).toHaveLength(Number(response.headers['content-length']))
    }
    holder.destroy()
  })

  it('reports the place to clients that wait for a limited time', async () => {
    await serve(32_000_000, { maxStreams: 1 })
    const holder = await request(server.uriOf('large.jar'))
    const headers = { Prefer: 'respond-async, wait=0' }
    const told = await request(server.uriOf('large.jar'), { headers })
    expect([told.statusCode, told.headers['jarcast-place']]).toEqual([503, '1'])
    holder.destroy()
  })

  it('has room for others when one address takes all it can', async () => {
    await serve(32_000_000, {})
    const release = hold(server.uriOf('large.jar'), 200, '127.0.0.2')
    const others = Array.from({ length: 16 }, async (_, index) =>
      buffer(await request(server.uriOf('large.jar'), { localAddress: `127.0.0.${3 + index}` })),
    )
    for (const body of await Promise.all(others)) expect(body).toHaveLength(32_000_000)
    release()
  })

  it('continues with waiting clients when a stream ends', async () => {
    await serve(3_000_000, { maxStreams: 1 })
    const bodies = Array.from({ length: 5 }, async () =>
      buffer(await request(server.uriOf('large.jar'))),
    )
    for (const body of await Promise.all(bodies)) expect(body).toHaveLength(3_000_000)
  })
})

describe('a jar server with a budget', () => {
  it('sends everything within it', async () => {
    await serve(3_000_000, { egressBytesPerSecond: 20_000_000 })
    const body = await buffer(await request(server.uriOf('large.jar')))
    expect(body).toHaveLength(3_000_000)
  })

  it('gives each address the same, however many requests it sends', async () => {
    await serve(4_000_000, { egressBytesPerSecond: 4_000_000 })
    let crowdBytes = 0
    const crowd = await Promise.all(
      Array.from({ length: 20 }, () =>
        request(server.uriOf('large.jar'), { localAddress: '127.0.0.2' }),
      ),
    )
    for (const response of crowd) response.on('data', ({ length }) => (crowdBytes += length))
    const single = await request(server.uriOf('large.jar'), { localAddress: '127.0.0.3' })
    const before = crowdBytes
    expect(await buffer(single)).toHaveLength(4_000_000)
    expect(crowdBytes - before).toBeLessThan(8_000_000)
    crowd.forEach((response) => response.destroy())
  })

  it('includes public files, too', async () => {
    await serve(1000, { egressBytesPerSecond: 1000 }, 1_000_000)
    const program = await request(server.uriOf('program.mjs'))
    let bytes = 0
    program.on('data', (chunk: Buffer) => (bytes += chunk.length))
    await once(program, 'data')
    // In a quarter of an hour all of it would be there.
    for (let index = 0; index < 50; index += 1) await text(await request(server.manifestUri ?? ''))
    expect(bytes).toBeLessThan(500_000)
    expect(bytes).toBeGreaterThan(0)
  })

  it('spends nothing on aborted requests', async () => {
    await serve(2_000_000, { egressBytesPerSecond: 2_000_000 })
    // A minute's worth, if each of them used up what it could have been sent.
    for (let round = 0; round < 6; round += 1) {
      const release = hold(server.uriOf('large.jar'), 20, `127.0.0.${2 + round}`)
      await request(server.uriOf('program.mjs'))
      release()
    }
    const body = await buffer(await request(server.uriOf('large.jar')))
    expect(body).toHaveLength(2_000_000)
  })

  it('refuses limits that allow nothing', () => {
    expect(() => createJarServer({ maxStreams: 0 })).toThrow('maxStreams must be 1 or more')
    expect(() => createJarServer({ egressBytesPerSecond: -1 })).toThrow('egressBytesPerSecond')
  })
})
