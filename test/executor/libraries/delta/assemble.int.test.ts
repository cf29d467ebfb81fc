import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAdmission } from '../../../../src/access/admission.ts'
import type { Library } from '../../../../src/domain/libraries/library.ts'
import { fetchLibrary } from '../../../../src/executor/libraries/fetch-library.ts'
import type { Fetched, FetchOptions } from '../../../../src/executor/libraries/fetch-library.ts'
import { openHostCache } from '../../../../src/executor/libraries/cache/host-cache.ts'
import type { HostCache } from '../../../../src/executor/libraries/cache/host-cache.ts'
import { createBlobHandler } from '../../../../src/server/blobs/blob-handler.ts'
import type { BlobHandler } from '../../../../src/server/blobs/blob-handler.ts'
import { BlobTable } from '../../../../src/server/libraries/blob-table.ts'
import { createLibraryStore } from '../../../../src/server/libraries/library-store.ts'
import type { LibraryStore } from '../../../../src/server/libraries/library-store.ts'

const { signal } = new AbortController()
const first = randomBytes(6_000_000)
/** One byte in two thousand is new, and everything behind them moves. */
const second = Buffer.concat([
  first.subarray(0, 1_000_000),
  randomBytes(1000),
  first.subarray(1_000_000, 4_000_000),
  randomBytes(2000),
  first.subarray(4_000_000),
])

/** 64 Mbit/s. */
const slowBytesPerSecond = 8_000_000

let folder: string
let store: LibraryStore
let cache: HostCache
let server: Server
let table: BlobTable
let handle: BlobHandler
let requests: { readonly path: string; readonly status: number; readonly sentBytes: number }[]
/** Answers in place of the jar server, if it returns true. */
let interfere: (req: IncomingMessage, res: ServerResponse) => boolean

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'delta-'))
  store = await createLibraryStore(join(folder, 'store'))
  cache = await openCache()
  table = new BlobTable()
  requests = []
  interfere = () => false
  limitTo(Infinity)
  server = createServer((req, res) => {
    if (!interfere(req, res)) void handle(req, res)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  await cache.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true })
})

/** Bytes per second that the server sends from now on. */
function limitTo(egressBytesPerSecond: number): void {
  handle = createBlobHandler({
    find: (path) => table.find(path),
    admission: createAdmission({ egressBytesPerSecond }),
    onRequest: ({ path, status, sentBytes }) => requests.push({ path, status, sentBytes }),
  })
}

/** Ships the first version; then the server sends too slowly for a plain request to be faster. */
async function installFirst(): Promise<Library> {
  const library = await ship(first)
  await fetchIt(library)
  limitTo(slowBytesPerSecond)
  return library
}

function openCache(): Promise<HostCache> {
  const privateFolder = join(folder, 'private')
  return openHostCache({ folder: join(folder, 'cache'), privateFolder })
}

/** Serves the bytes as `app.jar`. */
async function ship(bytes: Buffer): Promise<Library> {
  const path = join(folder, 'app.jar')
  await writeFile(path, bytes)
  const staged = await store.stage([path])
  table.addSet(staged)
  const [library] = staged.set.libraries
  if (library === undefined) throw new Error('nothing was staged')
  return library
}

async function fetchIt(
  library: Library,
  options: Pick<FetchOptions, 'now'> = {},
): Promise<Fetched> {
  requests = []
  const { port } = server.address() as AddressInfo
  const uri = `http://127.0.0.1:${port}/blobs/${library.sha256}/app.jar`
  return await fetchLibrary(library, uri, { cache, signal, ...options })
}

/** True if the cache has exactly these bytes. */
async function isCached({ sha256 }: Library, bytes: Buffer): Promise<boolean> {
  return bytes.equals(await readFile(join(folder, 'cache/sha256', sha256)))
}

const sentBytes = (): number => requests.reduce((sum, request) => sum + request.sentBytes, 0)

describe('fetchLibrary', () => {
  it('fetches a large library the first time with one plain request', async () => {
    const library = await ship(first)
    expect(library.chunks).toMatch(/^[0-9a-f]{64}$/)
    expect(await fetchIt(library)).toEqual({ source: 'server', receivedBytes: first.length })
    expect(requests).toMatchObject([{ status: 200, sentBytes: first.length }])
  })

  it('fetches the new chunks of the next version, and copies the others', async () => {
    await installFirst()
    const library = await ship(second)
    const { receivedBytes } = await fetchIt(library)
    expect(await isCached(library, second)).toBe(true)
    expect(receivedBytes).toBeLessThan(second.length * 0.1)
    expect(requests.map(({ status }) => status)).toEqual([206, 200, 206, 206])
    expect(requests[1]?.path).toBe(`/blobs/${library.chunks}/chunks`)
    expect(sentBytes()).toBeLessThan(receivedBytes + second.length * 0.005)
  })

  it('fetches it all from a server that sends faster than this host could compare', async () => {
    await installFirst()
    const library = await ship(second)
    const now = (): number => 0
    expect((await fetchIt(library, { now })).receivedBytes).toBe(second.length)
    expect(requests.map(({ path }) => path)).not.toContain(`/blobs/${library.chunks}/chunks`)
    expect(await isCached(library, second)).toBe(true)
  })

  it('finds the older version in the next process', async () => {
    await installFirst()
    await cache.close()
    cache = await openCache()
    expect((await fetchIt(await ship(second))).receivedBytes).toBeLessThan(second.length * 0.1)
  })

  it('fetches the whole library if it has nothing in common with the last one', async () => {
    await installFirst()
    const other = randomBytes(5_000_000)
    const library = await ship(other)
    expect((await fetchIt(library)).receivedBytes).toBe(other.length)
    // The rest.
    expect(requests.map(({ status }) => status)).toEqual([206, 200, 206])
    expect(await isCached(library, other)).toBe(true)
  })

  it('copies no chunk from a version that a task has changed', async () => {
    const before = await installFirst()
    const path = join(folder, 'cache/sha256', before.sha256)
    await chmod(path, 0o600)
    await writeFile(path, Buffer.concat([randomBytes(3_000_000), first.subarray(3_000_000)]))
    const library = await ship(second)
    const { receivedBytes } = await fetchIt(library)
    expect(await isCached(library, second)).toBe(true)
    expect(receivedBytes).toBeGreaterThan(2_900_000)
    expect(receivedBytes).toBeLessThan(3_200_000)
  })

  it('requests the whole library from a server without a list', async () => {
    await installFirst()
    const library = await ship(second)
    interfere = (req, res) => {
      if (!req.url?.endsWith('/chunks')) return false
      res.writeHead(404).end()
      return true
    }
    expect((await fetchIt(library)).receivedBytes).toBe(second.length)
    expect(await isCached(library, second)).toBe(true)
  })

  it('accepts only the list that the manifest names', async () => {
    await installFirst()
    const library = await ship(second)
    interfere = (req, res) => {
      if (!req.url?.endsWith('/chunks')) return false
      res.end(Buffer.alloc(36 * 10))
      return true
    }
    expect((await fetchIt(library)).receivedBytes).toBe(second.length)
    expect(await isCached(library, second)).toBe(true)
  })

  it('continues behind the last good chunk when a part comes wrong', async () => {
    await installFirst()
    const library = await ship(second)
    let parts = 0
    interfere = (req, res) => {
      const [, start = '', end = ''] = /bytes=(\d+)-(\d+)/.exec(req.headers.range ?? '') ?? []
      // The first measures the speed.
      if (end === '' || ++parts < 3) return false
      const wrong = Buffer.alloc(Number(end) - Number(start) + 1)
      res.writeHead(206, { 'Content-Range': `bytes ${start}-${end}/${second.length}` })
      res.end(wrong)
      return true
    }
    const { receivedBytes } = await fetchIt(library)
    expect(await isCached(library, second)).toBe(true)
    // The rest arrives as without an older version, and no earlier byte arrives twice.
    expect(requests.at(-1)).toMatchObject({ status: 206 })
    expect(receivedBytes).toBeLessThan(second.length / 2)
  })

  it('keeps the bytes from before the connection was cut', async () => {
    await installFirst()
    const library = await ship(second)
    let isCut = true
    interfere = (req, res) => {
      const [, start = '0'] = /bytes=(\d+)-/.exec(req.headers.range ?? '') ?? []
      if (!isCut || Number(start) < 2_000_000) return false
      res.destroy()
      return true
    }
    await expect(fetchIt(library)).rejects.toMatchObject({ code: 'LIBRARY_UNAVAILABLE' })
    isCut = false
    const { receivedBytes } = await fetchIt(library)
    // With what measures the speed again.
    expect(receivedBytes).toBeLessThan(350_000)
    expect(await isCached(library, second)).toBe(true)
  })
})
