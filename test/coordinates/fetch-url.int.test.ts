import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, describe, it } from 'vitest'
import { fetchUrl } from '../../src/coordinates/fetch-url.ts'
import type { PackageProgress } from '../../src/coordinates/packages/packages.ts'

const text = 'a JRE'
const sha256 = createHash('sha256').update(text).digest('hex')
/** Arrives in several pieces. */
const large = Buffer.alloc(4 * 1024 * 1024, text)
let requests = 0
const server = createServer(({ url }, response) => {
  requests += 1
  response.statusCode = url === '/none' ? 404 : 200
  response.end(url === '/large' ? large : text)
})
let folder: string
let base: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-url-'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

describe('fetchUrl', () => {
  it('fetches once, and again when its copy was changed', async () => {
    const options = { cacheFolder: join(folder, 'once') }
    const url = new URL(`${base}/jre.tar.gz`)
    const file = await fetchUrl(url, sha256, options)
    expect(await fetchUrl(url, sha256, { ...options, isOffline: true })).toBe(file)
    expect(requests).toBe(1)
    await writeFile(file, 'changed')
    expect(await readFile(await fetchUrl(url, sha256, options), 'utf8')).toBe(text)
    expect(requests).toBe(2)
  })

  it('reports bytes as they arrive, and the end of a file with the right digest once', async () => {
    const reported: PackageProgress[] = []
    const onProgress = (progress: PackageProgress) => reported.push(progress)
    const options = { cacheFolder: join(folder, 'progress'), onProgress }
    const address = `${base}/large`
    const digest = createHash('sha256').update(large).digest('hex')
    await expect(fetchUrl(new URL(address), sha256, options)).rejects.toThrow(/expected/)
    await fetchUrl(new URL(address), digest, options)
    expect(reported.length).toBeGreaterThan(3)
    const sizeBytes = large.length
    const ends = reported.filter(({ fetchedBytes }) => fetchedBytes === sizeBytes)
    expect(ends).toEqual([{ package: address, fetchedBytes: sizeBytes, sizeBytes }])
    expect(reported.at(-1)).toEqual(ends[0])
  })

  it.each([
    ['/jre.tar.gz', 'b'.repeat(64), {}, 'PACKAGE_CORRUPT'],
    ['/none', sha256, {}, 'PACKAGE_NOT_FOUND'],
    ['/jre.tar.gz', sha256, { isOffline: true }, 'PACKAGE_NOT_FOUND'],
  ])('keeps nothing of %s for %s', async (path, wanted, more, code) => {
    const options = { cacheFolder: join(folder, code, path), ...more }
    await expect(fetchUrl(new URL(base + path), wanted, options)).rejects.toMatchObject({ code })
  })
})
