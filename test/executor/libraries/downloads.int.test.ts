import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createActor, toPromise } from 'xstate'
import { createLibrarySet, manifestJson } from '../../../src/domain/libraries/library.ts'
import type { ExecutorMessage } from '../../../src/domain/tasks/executor-message.ts'
import { openHostCache } from '../../../src/executor/libraries/cache/host-cache.ts'
import { Downloads } from '../../../src/executor/libraries/downloads.ts'
import { downloaderMachine } from '../../../src/machines/downloader/downloader.ts'
import type { SetEvent } from '../../../src/machines/downloader/events.ts'

const bytes = randomBytes(200_000)
const sha256 = createHash('sha256').update(bytes).digest('hex')
const set = createLibrarySet([{ name: 'a.jar', sha256, sizeBytes: bytes.length, kind: 'jar' }])

/** Installs a set of one library from a server with the given responses. */
async function install(answerBlob: RequestListener) {
  const folder = await mkdtemp(join(tmpdir(), 'downloads-'))
  const server = createServer((req, res) => {
    if (req.url?.startsWith('/sets/')) res.end(manifestJson(set))
    else answerBlob(req, res)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const messages: ExecutorMessage[] = []
  const cache = await openHostCache({
    folder: join(folder, 'cache'),
    privateFolder: join(folder, 'private'),
  })
  await mkdir(join(folder, 'sandbox'))
  const downloads = new Downloads({
    sandbox: join(folder, 'sandbox'),
    cache,
    backOffMs: 1,
    sendMessage: (message) => messages.push(message),
  })
  onTestFinished(async () => {
    downloads.cancelAll()
    await cache.close()
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true })
  })
  const tell = (event: Promise<SetEvent>): void => void event.then((fact) => actor.send(fact))
  const machine = downloaderMachine.provide({
    actions: {
      'fx.fetchManifest': (_, params) => tell(downloads.fetchManifest(params)),
      'fx.fetchLibrary': (_, params) => tell(downloads.fetchLibrary(params)),
      'fx.installSet': (_, params) => tell(downloads.installSet(params)),
    },
  })
  const uri = `http://127.0.0.1:${port}/sets/${set.id}.json`
  const source = { kind: 'manifest', uri } as const
  const input = { setId: set.id, source, maxAttempts: 3, concurrency: 1 }
  const actor = createActor(machine, { input })
  actor.start()
  return { output: await toPromise(actor), messages }
}

describe('Downloads', () => {
  it('waits as often as the server asks, and reports its place', async () => {
    let waits = 0
    const preferences = new Set<unknown>()
    const { output, messages } = await install((req, res) => {
      preferences.add(req.headers.prefer)
      waits += 1
      if (waits > 20) res.end(bytes)
      else res.writeHead(503, { 'Retry-After': 0, 'Jarcast-Place': 21 - waits }).end()
    })
    expect(output).toHaveProperty('installed')
    expect([...preferences]).toEqual(['wait=10'])
    const places = messages.flatMap((message) =>
      message.type === 'library.fetching' ? (message.place ?? []) : [],
    )
    expect(places).toEqual(Array.from({ length: 20 }, (_, index) => 20 - index))
  })

  it.each([
    ['a page', 200, { 'Content-Type': 'text/html; charset=utf-8' }],
    ['a refusal', 403, { 'Content-Type': 'text/html' }],
    ['a redirect', 302, { Location: 'http://login.example/' }],
    ['a demand', 407, {}],
  ])('retries after %s from a proxy', async (_, status, headers) => {
    let attempts = 0
    const { output } = await install((_req, res) => {
      attempts += 1
      if (attempts > 2) res.end(bytes)
      else res.writeHead(status, headers).end('<html>Sign in</html>')
    })
    expect(output).toHaveProperty('installed')
  })

  it('counts a refusal without a place as an attempt', async () => {
    let attempts = 0
    const { output } = await install((_req, res) => {
      attempts += 1
      res.writeHead(503, { 'Retry-After': 0 }).end()
    })
    expect(output).toMatchObject({ code: 'LIBRARY_UNAVAILABLE' })
    expect(attempts).toBe(3)
  })
})
