import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, describe, it } from 'vitest'
import { fetchUrl } from '../../src/coordinates/fetch-url.ts'

const text = 'a JRE'
const sha256 = createHash('sha256').update(text).digest('hex')
let requests = 0
const server = createServer(({ url }, response) => {
  requests += 1
  response.statusCode = url === '/jre.tar.gz' ? 200 : 404
  response.end(text)
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

  it.each([
    ['/jre.tar.gz', 'b'.repeat(64), {}, 'PACKAGE_CORRUPT'],
    ['/none', sha256, {}, 'PACKAGE_NOT_FOUND'],
    ['/jre.tar.gz', sha256, { isOffline: true }, 'PACKAGE_NOT_FOUND'],
  ])('keeps nothing of %s for %s', async (path, wanted, more, code) => {
    const options = { cacheFolder: join(folder, code, path), ...more }
    await expect(fetchUrl(new URL(base + path), wanted, options)).rejects.toMatchObject({ code })
  })
})
