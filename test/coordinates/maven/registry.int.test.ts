import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { inspect } from 'node:util'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dependencies, startMavenSite } from '../maven-site.ts'
import type { MavenSite } from '../maven-site.ts'
import { idsOf, resolveFrom } from '../resolve-from.ts'

let site: MavenSite

beforeEach(async () => {
  site = await startMavenSite()
  site.add('g:a:1', dependencies('g:b:1'))
  site.add('g:b:1')
})
afterEach(async () => {
  await site.close()
})

describe('checksums', () => {
  it("refuse other bytes than the registry's", async () => {
    site.files.set('g/b/1/b-1.jar.sha1', '0'.repeat(40))
    await expect(resolveFrom(site, ['maven:g:a:1'])).rejects.toMatchObject({
      code: 'PACKAGE_CORRUPT',
      message: expect.stringContaining('g/b/1/b-1.jar of repository site'),
    })
    expect(await filesIn(join(site.folder, 'cache'))).not.toContain('b-1.jar')
  })

  it.each([
    ['a jar', 'g/b/1/b-1.jar', 200],
    ['a POM', 'g/b/1/b-1.pom', 200],
    ['a POM, refused', 'g/b/1/b-1.pom', 403],
  ])('are not needed to recognize a web page in place of %s', async (_, path, status) => {
    const page = '<!DOCTYPE html><title>Sign in</title>'
    let pages = 2
    site.hasChecksums = false
    site.intercept = ({ url }, response) => {
      if (url !== `/${path}` || pages === 0) return false
      pages -= 1
      response.writeHead(status, { 'Content-Type': 'text/html' }).end(page)
      return true
    }
    expect(idsOf(await resolveFrom(site, ['maven:g:a:1']))).toContain('g:b:1')
    pages = Infinity
    const cacheFolder = join(site.folder, 'elsewhere')
    await expect(resolveFrom(site, ['maven:g:a:1'], { cacheFolder })).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      retryable: true,
      message: expect.stringContaining('web page'),
    })
    expect(await filesIn(cacheFolder)).not.toContain(path.split('/').at(-1))
  })

  it('refuse a damaged POM too', async () => {
    site.files.set('g/b/1/b-1.pom.sha1', '0'.repeat(40))
    await expect(resolveFrom(site, ['maven:g:a:1'])).rejects.toMatchObject({
      code: 'PACKAGE_CORRUPT',
    })
  })

  it('are the strongest of the registry', async () => {
    const jar = site.files.get('g/a/1/a-1.jar') ?? ''
    const sha512 = createHash('sha512').update(jar).digest('hex')
    site.files.set('g/a/1/a-1.jar.sha512', `${sha512}  a-1.jar\n`)
    site.files.set('g/a/1/a-1.jar.sha1', '0'.repeat(40))
    expect(idsOf(await resolveFrom(site, ['maven:g:a:1']))).toContain('g:a:1')
    site.files.set('g/a/1/a-1.jar.sha512', '0'.repeat(128))
    const cacheFolder = join(site.folder, 'elsewhere')
    await expect(resolveFrom(site, ['maven:g:a:1'], { cacheFolder })).rejects.toMatchObject({
      code: 'PACKAGE_CORRUPT',
    })
  })

  it('may be missing, unless they are required', async () => {
    site.hasChecksums = false
    const missingChecksum = 'fail'
    await expect(resolveFrom(site, ['maven:g:a:1'], { missingChecksum })).rejects.toMatchObject({
      code: 'PACKAGE_CORRUPT',
    })
    const { warnings } = await resolveFrom(site, ['maven:g:a:1'])
    expect(warnings).toContain('repository site has no checksum for g/a/1/a-1.jar')
  })

  it('that were missing stay missing for cached libraries', async () => {
    site.hasChecksums = false
    const lockFile = join(site.folder, 'lock.json')
    await resolveFrom(site, ['maven:g:a:1'], { lockFile })
    site.requests.length = 0
    const { warnings } = await resolveFrom(site, ['maven:g:a:1'])
    expect(warnings).toContain('repository site has no checksum for g/a/1/a-1.jar')
    const missingChecksum = 'fail'
    await expect(resolveFrom(site, ['maven:g:a:1'], { missingChecksum })).rejects.toMatchObject({
      code: 'PACKAGE_CORRUPT',
    })
    expect(site.requests).toEqual([])
    // The lock file has a checksum.
    const locked = await resolveFrom(site, ['maven:g:a:1'], { missingChecksum, lockFile })
    expect(locked.warnings).toEqual([])
  })
})

describe('the cache', () => {
  it('detects damaged libraries', async () => {
    const [first] = (await resolveFrom(site, ['maven:g:a:1'])).packages
    await writeFile(first?.file ?? '', 'damaged')
    await expect(resolveFrom(site, ['maven:g:a:1'], { isOffline: true })).rejects.toMatchObject({
      code: 'PACKAGE_CORRUPT',
      message: expect.stringContaining('a-1.jar differs from the file of repository site'),
    })
    const again = await resolveFrom(site, ['maven:g:a:1'])
    expect(again.packages[0]?.sha256).toBe(first?.sha256)
    expect(await readFile(first?.file ?? '', 'utf8')).toBe('jar of g:a:1')
  })

  it('serves POMs that are requested as libraries too', async () => {
    site.add('g:p:1', `<packaging>pom</packaging>${dependencies('g:b:1')}`)
    const ask = async (isOffline: boolean): Promise<readonly string[]> =>
      idsOf(await resolveFrom(site, ['maven:g:p:1:pom'], { isOffline }))
    expect(await ask(false)).toEqual(['g:p:pom:1', 'g:b:1'])
    expect(await ask(true)).toEqual(['g:p:pom:1', 'g:b:1'])
  })
})

describe('responses with Content-Encoding', () => {
  const encoders = {
    gzip: gzipSync,
    'X-GZip': gzipSync,
    deflate: deflateSync,
    'deflate ': deflateRawSync,
    br: brotliCompressSync,
    identity: (bytes: Buffer) => bytes,
    'gzip, br': (bytes: Buffer) => brotliCompressSync(gzipSync(bytes)),
  }
  it.each(Object.entries(encoders))('are decoded: %s', async (encoding, encode) => {
    const asked = new Set<unknown>()
    site.intercept = (request, response) => {
      asked.add(request.headers['accept-encoding'])
      const path = (request.url ?? '').slice(1)
      const content = site.files.get(path) ?? site.checksumOf(path)
      response.writeHead(content === undefined ? 404 : 200, { 'content-encoding': encoding })
      response.end(content === undefined ? undefined : encode(Buffer.from(content)))
      return true
    }
    const { packages } = await resolveFrom(site, ['maven:g:a:1'])
    expect(packages.map(({ id }) => id)).toEqual(['maven:g:a:1', 'maven:g:b:1'])
    expect(await readFile(packages[0]?.file ?? '', 'utf8')).toBe('jar of g:a:1')
    expect(asked).toEqual(new Set(['identity']))
  })

  it('are refused in unknown encodings', async () => {
    site.intercept = (_, response) => {
      response.writeHead(200, { 'content-encoding': 'zebra' }).end('x')
      return true
    }
    await expect(resolveFrom(site, ['maven:g:a:1'])).rejects.toMatchObject({
      code: 'REGISTRY_REJECTED',
      message: expect.stringContaining('content-encoding "zebra", which was not requested'),
    })
  })

  it('have a limit for the decoded size', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    site.intercept = (request, response) => {
      if (!(request.url ?? '').endsWith('a-1.pom')) return false
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
      return true
    }
    await expect(resolveFrom(site, ['maven:g:a:1'])).rejects.toMatchObject({
      code: 'PACKAGE_CORRUPT',
      message: expect.stringContaining('is larger than 8388608 bytes'),
    })
  })

  it('are fetched again when truncated', async () => {
    let failures = 0
    site.intercept = (request, response) => {
      if (request.url !== '/g/a/1/a-1.jar' || failures >= 2) return false
      failures += 1
      const whole = gzipSync('jar of g:a:1')
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(whole.subarray(0, 15))
      return true
    }
    expect(idsOf(await resolveFrom(site, ['maven:g:a:1']))).toContain('g:a:1')
    expect(failures).toBe(2)
  })
})

describe('requests', () => {
  it('are retried after a truncated response or a server error', async () => {
    let failures = 0
    site.intercept = (request, response) => {
      if (request.url !== '/g/a/1/a-1.jar' || failures >= 3) return false
      failures += 1
      if (failures === 1) response.writeHead(200, { 'content-length': 100 }).write('cut')
      else response.statusCode = 503
      if (failures === 1) setImmediate(() => response.destroy())
      else response.end()
      return true
    }
    expect(idsOf(await resolveFrom(site, ['maven:g:a:1']))).toContain('g:a:1')
    expect(failures).toBe(3)
  })

  it('fail with the status of the registry', async () => {
    site.intercept = (_, response) => {
      response.statusCode = 401
      response.end()
      return true
    }
    await expect(resolveFrom(site, ['maven:g:a:1'])).rejects.toMatchObject({
      code: 'REGISTRY_REJECTED',
      details: expect.objectContaining({ status: 401 }),
    })
  })

  it('fail with REGISTRY_UNREACHABLE after four attempts', async () => {
    site.intercept = (request) => {
      request.socket.destroy()
      return true
    }
    await expect(resolveFrom(site, ['maven:g:a:1'])).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      retryable: true,
    })
    expect(site.requests.filter((path) => path === 'g/a/1/a-1.pom')).toHaveLength(4)
  })

  it('follow redirects without credentials', async () => {
    const other = await startMavenSite()
    try {
      const authorized: string[] = []
      other.intercept = (request) => {
        authorized.push(request.headers.authorization ?? 'nobody')
        return false
      }
      other.add('g:a:1')
      site.intercept = (request, response) => {
        expect(request.headers.authorization).toBe(`Basic ${btoa('me:secret')}`)
        response.writeHead(302, { location: `${other.url}${request.url}` }).end()
        return true
      }
      const settings =
        '<servers><server><id>site</id><username>me</username><password>secret</password></server></servers>'
      expect(idsOf(await resolveFrom(site, ['maven:g:a:1'], { settings }))).toEqual(['g:a:1'])
      expect(new Set(authorized)).toEqual(new Set(['nobody']))
    } finally {
      await other.close()
    }
  })

  it('end when the signal is aborted', async () => {
    const stopping = new AbortController()
    site.intercept = () => {
      stopping.abort(new Error('enough'))
      return true
    }
    const { signal } = stopping
    await expect(resolveFrom(site, ['maven:g:a:1'], { signal })).rejects.toThrow('enough')
  })

  it('send headers of the settings, which no error contains', async () => {
    const headers: (string | string[] | undefined)[] = []
    site.intercept = (request, response) => {
      headers.push(request.headers['x-token'])
      response.statusCode = 403
      response.end()
      return true
    }
    const settings =
      '<servers><server><id>site</id><configuration><httpHeaders><property><name>X-Token</name><value>hush</value></property></httpHeaders></configuration></server></servers>'
    const error: unknown = await resolveFrom(site, ['maven:g:a:1'], { settings }).catch(
      (reason: unknown) => reason,
    )
    expect(headers[0]).toBe('hush')
    expect(inspect(error, { depth: 10 })).not.toContain('hush')
  })

  it('use the proxy of the settings', async () => {
    const tunnels: (string | undefined)[] = []
    const proxy = createServer((request, response) => {
      tunnels.push(request.headers['proxy-authorization'])
      const { pathname } = new URL(request.url ?? '')
      const content = site.files.get(pathname.slice(1))
      response.statusCode = content === undefined ? 404 : 200
      response.end(content)
    })
    proxy.on('connect', (request, socket) => {
      tunnels.push(request.headers['proxy-authorization'])
      const [host = '', port = ''] = (request.url ?? '').split(':')
      const upstream = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.pipe(upstream).pipe(socket)
      })
      socket.on('error', () => upstream.destroy())
      upstream.on('error', () => socket.destroy())
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    try {
      const { port } = proxy.address() as AddressInfo
      const settings = `<proxies><proxy><protocol>http</protocol><host>127.0.0.1</host><port>${port}</port><username>me</username><password>p@ss</password></proxy></proxies>`
      expect(idsOf(await resolveFrom(site, ['maven:g:a:1'], { settings }))).toContain('g:b:1')
      expect(tunnels[0]).toBe(`Basic ${btoa('me:p@ss')}`)
    } finally {
      proxy.closeAllConnections()
      await new Promise((resolve) => proxy.close(resolve))
    }
  })
})

describe('offline', () => {
  it('works with files that were fetched before', async () => {
    const first = await resolveFrom(site, ['maven:g:a:1'])
    site.requests.length = 0
    const again = await resolveFrom(site, ['maven:g:a:1'], { isOffline: true })
    expect(idsOf(again)).toEqual(idsOf(first))
    expect(site.requests).toEqual([])
  })

  it('names missing files', async () => {
    await expect(
      resolveFrom(site, ['maven:g:a:1'], { settings: '<offline>true</offline>' }),
    ).rejects.toMatchObject({
      code: 'PACKAGE_NOT_FOUND',
      message: expect.stringContaining('this is offline'),
    })
  })

  it("uses Maven's downloads from the same repository only", async () => {
    const localRepository = join(site.folder, 'm2')
    for (const [path, content] of site.files) {
      const file = join(localRepository, path)
      const name = path.split('/').at(-1)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, content)
      await writeFile(`${file}.sha1`, createHash('sha1').update(content).digest('hex'))
      const origins = join(dirname(file), '_remote.repositories')
      const before = await readFile(origins, 'utf8').catch(() => '#NOTE\n')
      await writeFile(origins, `${before}${name}>site=\n`)
    }
    const options = { localRepository, isOffline: true }
    expect(idsOf(await resolveFrom(site, ['maven:g:a:1'], options))).toEqual(['g:a:1', 'g:b:1'])
    await writeFile(join(localRepository, 'g/b/1/b-1.jar'), 'built by somebody')
    const cacheFolder = join(site.folder, 'elsewhere')
    await expect(
      resolveFrom(site, ['maven:g:a:1'], { ...options, cacheFolder }),
    ).rejects.toMatchObject({ code: 'PACKAGE_NOT_FOUND' })
  })
})

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}
