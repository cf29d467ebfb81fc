/** Disks of a few megabytes, which only root can mount; other users skip this. */
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Library } from '../../../../src/domain/libraries/library.ts'
import { openHostCache } from '../../../../src/executor/libraries/cache/host-cache.ts'
import type { HostCache } from '../../../../src/executor/libraries/cache/host-cache.ts'
import { fetchLibrary } from '../../../../src/executor/libraries/fetch-library.ts'
import { installSet } from '../../../../src/executor/libraries/install/install-set.ts'
import { createJarServer } from '../../../../src/server/jar-server.ts'
import type { JarServer } from '../../../../src/server/jar-server.ts'
import { createLibraryStore } from '../../../../src/server/libraries/library-store.ts'

type Served = Library & { readonly uri: string }

const { signal } = new AbortController()
const megabyte = 1_000_000
const canMount = process.getuid?.() === 0 && tryMount()

let folder: string
/** Ten megabytes. */
let disk: string
let server: JarServer
let caches: HostCache[]

function mount(path: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${10 * megabyte}`, 'jarcast-test', path])
}

function tryMount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'jarcast-test', '/mnt'], {
      stdio: 'pipe',
    })
    execFileSync('umount', ['/mnt'])
    return true
  } catch {
    return false
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'full-disk-'))
  disk = join(folder, 'disk')
  await mkdir(disk)
  caches = []
  if (canMount) mount(disk)
})

afterEach(async () => {
  await server?.close(0)
  for (const cache of caches) await cache.close()
  if (canMount) execFileSync('umount', [disk])
  await rm(folder, { recursive: true })
})

async function serve(...megabytes: readonly number[]): Promise<readonly Served[]> {
  const store = await createLibraryStore(join(folder, 'store'))
  const paths = megabytes.map((_, index) => join(folder, `${index}.jar`))
  for (const [index, path] of paths.entries()) {
    await writeFile(path, randomBytes((megabytes[index] ?? 0) * megabyte))
  }
  const libraries = await store.stage(paths)
  server = createJarServer({ libraries, bind: '127.0.0.1' })
  await server.start()
  return libraries.set.libraries.map((library) => ({ ...library, uri: server.uriOf(library.name) }))
}

async function open(privateFolder = join(disk, 'sandbox/private')): Promise<HostCache> {
  const cache = await openHostCache({ folder: join(disk, 'cache'), privateFolder })
  caches.push(cache)
  return cache
}

async function fetchAndPlace(cache: HostCache, { uri, ...library }: Served, into = disk) {
  const { source } = await fetchLibrary(library, uri, { cache, signal })
  const target = join(into, `placed-${library.sha256}`)
  expect(await cache.place(library.sha256, target)).toBe(true)
  const bytes = await readFile(target)
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(library.sha256)
  await rm(target)
  return source
}

async function fillWithFiles(): Promise<void> {
  for (let count = 0; ; count += 1) {
    try {
      await writeFile(join(disk, `filler-${count}`), '')
    } catch {
      return
    }
  }
}

const cached = async (): Promise<readonly string[]> => readdir(join(disk, 'cache/sha256'))

describe.skipIf(!canMount)('a cache on a full disk', () => {
  it('removes unused entries within its budget, too', async () => {
    const [one, two] = await serve(4, 4)
    const first = await open()
    await fetchAndPlace(first, one as Served)
    await first.close()
    expect(await fetchAndPlace(await open(), two as Served)).toBe('server')
    expect(await cached()).toEqual([two?.sha256])
  })

  it('removes partial blobs of other libraries first', async () => {
    const [one, two] = await serve(1, 3)
    const first = await open()
    await fetchAndPlace(first, one as Served)
    await first.close()
    const part = join(disk, 'cache/tmp', `${'a'.repeat(64)}.part`)
    await writeFile(part, Buffer.alloc(4 * megabyte))
    await fetchAndPlace(await open(), two as Served)
    await expect(stat(part)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(new Set(await cached())).toEqual(new Set([one?.sha256, two?.sha256]))
  })

  it('continues in the own folder of the executor, without a second copy', async () => {
    const [one, two] = await serve(3, 5)
    const first = await open()
    await fetchAndPlace(first, one as Served)
    // In use, so that there is no room for the other blob and its copy.
    expect(await fetchAndPlace(first, two as Served)).toBe('server')
    expect(await cached()).toEqual([one?.sha256])
  })

  it('continues on another disk', async () => {
    const [large] = await serve(12)
    const cache = await open(join(folder, 'sandbox/private'))
    expect(await fetchAndPlace(cache, large as Served, folder)).toBe('server')
    expect(await cached()).toEqual([])
  })

  it('continues on another disk when the file system has no inode left', async () => {
    const [library] = await serve(1)
    const cache = await open(join(folder, 'sandbox/private'))
    execFileSync('mount', ['-o', 'remount,nr_inodes=200', disk])
    await fillWithFiles()
    expect(await fetchAndPlace(cache, library as Served, folder)).toBe('server')
    expect(await cached()).toEqual([])
    const { uri, ...wanted } = library as Served
    const own = openHostCache({ folder: join(disk, 'cache'), privateFolder: join(disk, 'a/b/c') })
    await expect(
      own.then((full) => fetchLibrary(wanted, uri, { cache: full, signal })),
    ).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringContaining('inodes, and quotas'),
    })
  })

  it('names the disk and the missing bytes, and removes nothing in vain', async () => {
    const [small, large] = await serve(2, 12)
    const first = await open()
    await fetchAndPlace(first, small as Served)
    await first.close()
    await expect(fetchAndPlace(await open(), large as Served)).rejects.toMatchObject({
      code: 'DISK_FULL',
      retryable: false,
      message: expect.stringMatching(/^12\.0 MB are needed on the disk of .*, \d\.\d MB are free/),
      details: { needBytes: 12 * megabyte, path: join(disk, 'sandbox/private') },
    })
    expect(await cached()).toEqual([small?.sha256])
  })

  it('blames no server when others fill the disk meanwhile, and continues once there is room', async () => {
    const [library] = await serve(3)
    const { uri, ...wanted } = library as Served
    const cache = await open()
    const filler = join(disk, 'filler')
    const claim = cache.claim.bind(cache)
    vi.spyOn(cache, 'claim').mockImplementationOnce(async (...args) => {
      const claimed = await claim(...args)
      await writeFile(filler, Buffer.alloc(8 * megabyte))
      return claimed
    })
    await expect(fetchLibrary(wanted, uri, { cache, signal })).rejects.toMatchObject({
      code: 'DISK_FULL',
      retryable: true,
    })
    await rm(filler)
    expect(await fetchAndPlace(cache, library as Served)).toBe('server')
  })

  it('makes room for the unpacked size before it unpacks', async () => {
    const cache = await open()
    // A tar with 20 MB of zeros, which is small while it is packed.
    const { create } = await import('tar')
    await writeFile(join(folder, 'zeros'), Buffer.alloc(20 * megabyte))
    await create({ cwd: folder, file: join(folder, 'zeros.tar'), portable: true }, ['zeros'])
    const bytes = gzipSync(await readFile(join(folder, 'zeros.tar')))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const path = cache.temporaryPath()
    await writeFile(path, bytes)
    await cache.publish(path, sha256)
    const library: Library = { name: 'zeros', kind: 'archive', sha256, sizeBytes: bytes.length }
    const sandbox = join(disk, 'sandbox')
    const refetch = (): Promise<void> => Promise.reject(new Error('it is there'))
    const installing = installSet(sandbox, 'set', [{ library, uri: '' }], {
      cache,
      signal,
      refetch,
    })
    await expect(installing).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(await readdir(join(sandbox, 'libraries'))).toEqual([])
  })
})
