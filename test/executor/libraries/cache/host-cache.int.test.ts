import { createHash, randomBytes } from 'node:crypto'
import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Library } from '../../../../src/domain/libraries/library.ts'
import { fetchLibrary } from '../../../../src/executor/libraries/fetch-library.ts'
import { openHostCache } from '../../../../src/executor/libraries/cache/host-cache.ts'
import type { HostCache } from '../../../../src/executor/libraries/cache/host-cache.ts'
import { createJarServer } from '../../../../src/server/jar-server.ts'
import type { JarServer } from '../../../../src/server/jar-server.ts'
import { createLibraryStore } from '../../../../src/server/libraries/library-store.ts'
import type { LibraryStore } from '../../../../src/server/libraries/library-store.ts'
import { formatIdentity, thisProcess } from '../../../../src/leases/process-identity.ts'
import { createPrograms } from '../../../support/processes/program.ts'
import type { Programs } from '../../../support/processes/program.ts'

const signal = new AbortController().signal

let folder: string
let cacheFolder: string
let store: LibraryStore
let server: JarServer
let programs: Programs
let fetcher: string
let requests: { readonly status: number; readonly sentBytes: number }[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'host-cache-'))
  cacheFolder = join(folder, 'cache')
  store = await createLibraryStore(join(folder, 'store'))
  requests = []
  programs = await createPrograms()
  // Fetches a library per argument, which is JSON, into its own folder, and prints its source.
  fetcher = await programs.bundle(`
    import { mkdirSync } from 'node:fs'
    import { join } from 'node:path'
    import { fetchLibrary } from './executor/libraries/fetch-library.ts'
    import { openHostCache } from './executor/libraries/cache/host-cache.ts'
    const [folder, own, libraries, tells] = process.argv.slice(2)
    mkdirSync(own, { recursive: true })
    const cache = await openHostCache({ folder, privateFolder: join(own, 'private') })
    const { signal } = new AbortController()
    const onProgress = (bytes) => console.log('received ' + bytes)
    for (const { uri, ...library } of JSON.parse(libraries)) {
      const { source } = await fetchLibrary(library, uri, { cache, signal, ...(tells && { onProgress }) })
      console.log(source)
      await cache.place(library.sha256, join(own, library.name))
    }
    console.log('done')
    setInterval(() => {}, 1000)`)
})

afterEach(async () => {
  await programs.close()
  await server?.close(0)
  await rm(folder, { recursive: true })
})

async function serve(...sizes: readonly number[]): Promise<readonly (Library & { uri: string })[]> {
  const paths = sizes.map((_, index) => join(folder, `${index}.jar`))
  await Promise.all(paths.map((path, index) => writeFile(path, randomBytes(sizes[index] ?? 0))))
  const libraries = await store.stage(paths)
  server = createJarServer({
    libraries,
    bind: '127.0.0.1',
    onRequest: (record) => requests.push(record),
  })
  await server.start()
  return libraries.set.libraries.map((library) => ({ ...library, uri: server.uriOf(library.name) }))
}

const openCache = (maxMb?: string): Promise<HostCache> =>
  openHostCache({ folder: cacheFolder, privateFolder: join(folder, 'private'), maxMb })

async function fetchAll(
  cache: HostCache,
  libraries: readonly (Library & { uri: string })[],
): Promise<readonly string[]> {
  const sources: string[] = []
  for (const { uri, ...library } of libraries) {
    sources.push((await fetchLibrary(library, uri, { cache, signal })).source)
  }
  return sources
}

const cached = (): Promise<readonly string[]> => readdir(join(cacheFolder, 'sha256'))

describe('the host cache', () => {
  it('is filled once for 32 processes, each with its own files', async () => {
    const libraries = await serve(9_000_000, 8_000_000)
    const own = (index: number) => join(folder, `sandbox-${index}`)
    const all = Array.from({ length: 32 }, (_, index) =>
      programs.start(fetcher, [cacheFolder, own(index), JSON.stringify(libraries)]),
    )
    const sources: (string | undefined)[] = []
    for (const program of all) {
      for (const _ of libraries) sources.push(await program.read())
      expect(await program.read()).toBe('done')
    }
    expect(sources.filter((source) => source === 'server')).toHaveLength(2)
    expect(server.stats()).toEqual({ requests: 2, bytesServed: 17_000_000, aborted: 0 })
    for (const { name, sha256 } of libraries) {
      const blob = await stat(join(cacheFolder, 'sha256', sha256))
      const files = await Promise.all(all.map((_, index) => stat(join(own(index), name))))
      expect(new Set([blob, ...files].map(({ ino }) => ino)).size).toBe(33)
      expect([blob, ...files].every(({ nlink }) => nlink === 1)).toBe(true)
    }
  })

  it('takes over from a killed process, and requests only the rest', async () => {
    const [library] = await serve(32_000_000)
    const first = programs.start(fetcher, [
      cacheFolder,
      join(folder, 'a'),
      JSON.stringify([library]),
      'tells',
    ])
    // Killed at its first byte or later: reported bytes are on the disk.
    const [, received] = ((await first.read()) ?? '').split(' ')
    await first.kill()
    const second = programs.start(fetcher, [
      cacheFolder,
      join(folder, 'b'),
      JSON.stringify([library]),
    ])
    expect([await second.read(), await second.read()]).toEqual(['server', 'done'])
    const resumed = requests.at(-1)
    expect(resumed).toMatchObject({ status: 206 })
    expect(resumed?.sentBytes).toBeLessThanOrEqual(32_000_000 - Number(received))
    const bytes = await readFile(join(folder, 'b', library?.name ?? ''))
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(library?.sha256)
  })

  it('cancels a waiting fetch', async () => {
    const [library] = await serve(1000)
    const cache = await openCache()
    const claim = await cache.claim(library?.sha256 ?? '', 1000, signal)
    const controller = new AbortController()
    const waiting = cache.claim(library?.sha256 ?? '', 1000, controller.signal)
    controller.abort()
    await expect(waiting).rejects.toThrow()
    await claim?.release()
    expect(await fetchAll(cache, library ? [library] : [])).toEqual(['server'])
  })

  it('serves the next process without a fetch', async () => {
    const libraries = await serve(1000, 2000)
    const first = await openCache()
    expect(await fetchAll(first, libraries)).toEqual(['server', 'server'])
    await first.close()
    expect(await fetchAll(await openCache(), libraries)).toEqual(['cache', 'cache'])
    expect(requests).toHaveLength(2)
  })

  it('gives out no entry with another digest than its name', async () => {
    const libraries = await serve(1000)
    const first = await openCache()
    await fetchAll(first, libraries)
    await first.close()
    const sha256 = libraries[0]?.sha256 ?? ''
    const path = join(cacheFolder, 'sha256', sha256)
    await chmod(path, 0o600)
    await writeFile(path, Buffer.alloc(1000))
    const cache = await openCache()
    await fetchAll(cache, libraries)
    expect(await cache.place(sha256, join(folder, 'placed'))).toBe(false)
    await expect(stat(join(folder, 'placed'))).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await fetchAll(cache, libraries)).toEqual(['server'])
    expect(await cache.place(sha256, join(folder, 'placed'))).toBe(true)
    expect(await readFile(join(folder, 'placed'))).toEqual(await readFile(join(folder, '0.jar')))
  })

  it('removes the least recently used blobs, and never exceeds its budget', async () => {
    const libraries = await serve(400_000, 400_001, 400_002)
    const [a, b, c] = libraries.map((library) => [library])
    const first = await openCache('1')
    await fetchAll(first, [...(a ?? []), ...(b ?? [])])
    await first.close()
    const second = await openCache('1')
    expect(await fetchAll(second, a ?? [])).toEqual(['cache'])
    expect(await fetchAll(second, c ?? [])).toEqual(['server'])
    expect(new Set(await cached())).toEqual(new Set([a, c].map((list) => list?.[0]?.sha256)))
    // Both are in use now: the next blob goes to the executor's own folder.
    expect(await fetchAll(second, b ?? [])).toEqual(['server'])
    expect(await cached()).toHaveLength(2)
    await second.place(b?.[0]?.sha256 ?? '', join(folder, 'placed'))
    expect(await readFile(join(folder, 'placed'))).toEqual(await readFile(join(folder, '1.jar')))
  })

  it('counts shipped programs of Node.js, and removes those that were used before the blobs', async () => {
    const libraries = await serve(400_000, 400_001)
    const [a, b] = libraries.map((library) => [library])
    await (await openCache('1')).close()
    const programOf = (name: string) => join(cacheFolder, 'runtimes', name)
    for (const [name, sizeBytes, usedMs] of [
      ['old', 400_000, Date.now() - 60_000],
      ['new', 100_000, Date.now() + 30_000],
    ] as const) {
      await writeFile(programOf(name), Buffer.alloc(sizeBytes))
      await utimes(programOf(name), new Date(usedMs), new Date(usedMs))
    }
    await fetchAll(await openCache('1'), a ?? [])
    expect(await readdir(join(cacheFolder, 'runtimes'))).toEqual(['new', 'old'])
    await fetchAll(await openCache('1'), b ?? [])
    expect(await readdir(join(cacheFolder, 'runtimes'))).toEqual(['new'])
    expect(await cached()).toHaveLength(2)
  })

  it('keeps nothing without limit for an executor that may be dead', async () => {
    const libraries = await serve(600_000, 600_001)
    const [old, next] = libraries.map((library) => [library])
    const first = await openCache('1')
    await fetchAll(first, old ?? [])
    await first.close()
    const elsewhere = `${formatIdentity({ ...thisProcess(), host: 'elsewhere' })}.0123456789ab`
    const pins = join(cacheFolder, 'pins', elsewhere)
    const pin = join(pins, old?.[0]?.sha256 ?? '')
    await mkdir(pins)
    await writeFile(pin, '')
    await fetchAll(await openCache('1'), next ?? [])
    expect(await cached()).toEqual([old?.[0]?.sha256])
    const earlier = new Date(Date.now() - 2 * 60 * 60 * 1000)
    await utimes(pin, earlier, earlier)
    await fetchAll(await openCache('1'), next ?? [])
    expect(await cached()).toEqual([next?.[0]?.sha256])
  })

  it('keeps nothing without limit that has the time of a wrong clock', async () => {
    const libraries = await serve(400_000, 400_001, 400_002)
    const [future, past, next] = libraries.map((library) => [library])
    const first = await openCache('1')
    await fetchAll(first, [...(past ?? []), ...(future ?? [])])
    await first.close()
    const later = new Date('2090-01-01')
    await utimes(join(cacheFolder, 'sha256', future?.[0]?.sha256 ?? ''), later, later)
    const part = join(cacheFolder, 'tmp', `${'a'.repeat(64)}.part`)
    await writeFile(part, 'received')
    await utimes(part, later, later)
    await fetchAll(await openCache('1'), next ?? [])
    expect(new Set(await cached())).toEqual(new Set([past, next].map((list) => list?.[0]?.sha256)))
    await expect(stat(part)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('removes blobs that only dead processes used', async () => {
    const libraries = await serve(600_000, 600_001)
    const [dead] = libraries
    const program = programs.start(fetcher, [
      cacheFolder,
      join(folder, 'a'),
      JSON.stringify([dead]),
    ])
    expect([await program.read(), await program.read()]).toEqual(['server', 'done'])
    const cache = await openCache('1')
    await fetchAll(cache, libraries.slice(1))
    expect(await cached()).toEqual([dead?.sha256])
    await cache.close()
    await program.kill()
    await fetchAll(await openCache('1'), libraries.slice(1))
    expect(await cached()).toEqual([libraries[1]?.sha256])
  })

  it('can be read by no other user', async () => {
    const [library] = await serve(1000)
    await fetchAll(await openCache(), library ? [library] : [])
    const modes = await Promise.all(
      ['', 'sha256', 'tmp', 'pins', `sha256/${library?.sha256}`].map(
        async (path) => (await stat(join(cacheFolder, path))).mode & 0o777,
      ),
    )
    expect(modes).toEqual([0o700, 0o700, 0o700, 0o700, 0o400])
  })
})
