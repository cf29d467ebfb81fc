import { execFile } from 'node:child_process'
import { cp, readFile, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { chromiumPath, hasTool } from '../../scripts/support/machine.mjs'
import { createBlobHandler } from '../../src/server/blobs/blob-handler.ts'
import type { RequestRecord } from '../../src/server/http/exchange.ts'
import type { JarServerOptions } from '../../src/server/jar-server-options.ts'
import type { JarServer } from '../../src/server/jar-server.ts'
import type { StagedLibraries } from '../../src/server/libraries/library-store.ts'
import { createStatusPage } from '../../src/server/status-page.ts'
import { createTraffic } from '../../src/server/traffic.ts'
import type { Traffic } from '../../src/server/traffic.ts'
import {
  countDescriptors,
  dial,
  openStore,
  parseAnswer,
  request,
  sendRaw,
  startServer,
  temporaryFolder,
  until,
} from './support.ts'

const pageFolder = fileURLToPath(new URL('../../dist/server/page/', import.meta.url))
const paths = ['/', '/ui/icon.svg', '/ui/page.css', '/ui/page.js']
const isLinux = process.platform === 'linux'

async function serve(
  names: readonly string[] = ['a.jar'],
  options: JarServerOptions = {},
): Promise<{ server: JarServer; libraries: StagedLibraries }> {
  const folder = await temporaryFolder()
  for (const name of names) await writeFile(join(folder, name), `bytes of ${name}`)
  const libraries = await (await openStore()).stage(names.map((name) => join(folder, name)))
  return { server: await startServer({ libraries, ...options }), libraries }
}

/** The page alone, from a copy of its files that a test may change before and after the server starts. */
async function servePage(
  prepare: (folder: string) => Promise<void> = async () => undefined,
  traffic = createTraffic(),
): Promise<{
  readonly url: string
  readonly folder: string
  readonly records: readonly RequestRecord[]
}> {
  const folder = await temporaryFolder()
  await cp(pageFolder, folder, { recursive: true })
  await prepare(folder)
  const source = {
    set: () => undefined,
    sets: () => [],
    url: () => undefined,
    holdersOf: () => [],
    traffic,
  }
  const records: RequestRecord[] = []
  const handle = createBlobHandler({
    find: () => undefined,
    onMiss: createStatusPage(source, `${folder}/`).answer,
    onRequest: (record) => records.push(record),
  })
  const server = createServer((req, res) => void handle(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, folder, records }
}

async function statusOf(server: JarServer) {
  return JSON.parse((await request(`${server.url}/status.json`)).body.toString())
}

describe('createStatusPage: files', () => {
  it.each([
    ['/', 'index.html', 'text/html;charset=utf-8'],
    ['/ui/page.css', 'page.css', 'text/css'],
    ['/ui/page.js', 'page.js', 'text/javascript'],
    ['/ui/icon.svg', 'icon.svg', 'image/svg+xml'],
    ['/?a=../..', 'index.html', 'text/html;charset=utf-8'],
  ])('answers %s with %s', async (path, file, type) => {
    const { server } = await serve()
    const { status, headers, body } = await request(server.url + path)
    expect([status, headers['content-type']]).toEqual([200, type])
    expect(body.equals(await readFile(join(pageFolder, file)))).toBe(true)
  })

  it.each([...paths, '/status.json'])('allows no foreign code on %s', async (path) => {
    const { server } = await serve()
    for (const method of ['GET', 'HEAD']) {
      const { headers } = await request(server.url + path, {}, method)
      expect(headers).toMatchObject({
        'cache-control': path === '/status.json' ? 'no-store' : 'no-cache',
        'content-security-policy':
          "default-src 'none'; connect-src 'self'; img-src 'self'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
    }
  })

  it('needs nothing from elsewhere and nothing inline', async () => {
    const texts = await Promise.all(
      (await readdir(pageFolder)).map((file) => readFile(join(pageFolder, file), 'utf8')),
    )
    const html = await readFile(join(pageFolder, 'index.html'), 'utf8')
    // Names of namespaces, not addresses.
    const isName = (url: string) => url.startsWith('http://www.w3.org/')
    const urls = texts.join('').match(/https?:\/\/[^\s"'`<)]+/g) ?? []
    expect(urls.filter((url) => !isName(url))).toEqual([])
    expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\s(style|on\w+)=/)
  })

  it.each(['bytes=5-2', 'bytes=0-0', 'bytes=-3', 'bytes=999999-', 'x'])(
    'sends the whole file for Range: %s',
    async (range) => {
      const { server } = await serve()
      const { status, headers, body } = await request(`${server.url}/ui/page.css`, { Range: range })
      expect([status, headers['content-range']]).toEqual([200, undefined])
      expect(body.equals(await readFile(join(pageFolder, 'page.css')))).toBe(true)
    },
  )

  it.each([
    ['/ui', 404],
    ['/ui/nothing.js', 404],
    ['/ui/page', 404],
    ['/ui/page.js/', 404],
    ['/ui//page.js', 404],
    ['/index.html', 404],
    ['/status.json/', 404],
    ['/ui/../status.json', 400],
    ['/ui/%2e%2e/status-page.ts', 400],
    ['/ui/..%2fstatus-page.ts', 400],
    ['/ui/%252e%252e%252fstatus-page.ts', 404],
    ['/ui/page%2ejs', 200],
    ['/ui/page.js%00', 400],
  ])('answers the target %s with %i', async (target, status) => {
    const { server } = await serve()
    const head = `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`
    expect(parseAnswer(await sendRaw(server.url, head)).status).toBe(status)
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('answers 405 to %s', async (method) => {
    const { server } = await serve()
    for (const path of [...paths, '/status.json']) {
      const { status, headers } = await request(server.url + path, {}, method)
      expect([status, headers['allow']]).toEqual([405, 'GET, HEAD'])
    }
  })

  it('answers HEAD with the length of GET and no body', async () => {
    const { server } = await serve()
    for (const path of [...paths, '/status.json']) {
      const get = await request(server.url + path)
      const head = await request(server.url + path, {}, 'HEAD')
      expect([head.status, head.body.length]).toEqual([200, 0])
      expect(head.headers['content-length']).toBe(String(get.body.length))
    }
  })

  it('can be switched off', async () => {
    const { server } = await serve(['a.jar'], { statusPage: false })
    for (const path of [...paths, '/status.json']) {
      expect((await request(server.url + path)).status).toBe(404)
    }
    expect((await request(server.uriOf('a.jar'))).status).toBe(200)
  })
})

describe('createStatusPage: files that misbehave', () => {
  it('continues when a file is gone', async () => {
    const { url, folder, records } = await servePage()
    await rm(join(folder, 'page.js'))
    expect((await request(`${url}/ui/page.js`)).body).toHaveLength(0)
    expect((await request(`${url}/ui/page.css`)).status).toBe(200)
    await until(() => records.length === 2)
    expect(records[0]).toMatchObject({ isAborted: true, error: expect.any(Error) })
    expect(records[1]).toMatchObject({ isAborted: false, status: 200 })
  })

  it('continues when a file became a folder that cannot be read', async () => {
    const { url, folder } = await servePage()
    await rm(join(folder, 'page.js'))
    await symlink('.', join(folder, 'page.js'))
    await request(`${url}/ui/page.js`)
    expect((await request(`${url}/ui/page.css`)).status).toBe(200)
  })

  it('closes the connection after a file of another length', async () => {
    const { url, folder } = await servePage()
    await writeFile(join(folder, 'page.js'), 'HTTP/1.1 200 OK\r\n\r\n'.repeat(5000))
    await truncate(join(folder, 'page.css'), 3)
    for (const file of ['page.js', 'page.css']) {
      const bytes = await sendRaw(url, `GET /ui/${file} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
      expect(parseAnswer(bytes).headers['connection']).toBe('close')
    }
    expect((await request(`${url}/ui/icon.svg`)).status).toBe(200)
  })

  it('serves its data without installed files', async () => {
    const { url } = await servePage((folder) => rm(folder, { recursive: true }))
    for (const path of paths) expect((await request(url + path)).status).toBe(404)
    expect((await request(`${url}/status.json`)).status).toBe(200)
  })

  it.runIf(isLinux)('frees its files when clients go away midway', async () => {
    const { url, records } = await servePage((folder) =>
      writeFile(join(folder, 'page.js'), Buffer.alloc(8_000_000)),
    )
    const before = await countDescriptors()
    const head = 'GET /ui/page.js HTTP/1.1\r\nHost: localhost\r\n\r\n'
    for (let times = 0; times < 200; times += 1) {
      const socket = dial(url)
      const closed = new Promise((resolve) => socket.once('close', resolve))
      socket.write(times % 2 === 0 ? head : head.repeat(40))
      if (times % 3 > 0) await new Promise((resolve) => socket.once('readable', resolve))
      if (times % 3 === 2) socket.resetAndDestroy()
      else socket.destroy()
      await closed
    }
    await until(async () => (await countDescriptors()) <= before)
    expect((await request(`${url}/ui/page.js`)).status).toBe(200)
    expect(records.length).toBeGreaterThan(0)
  })
})

describe('createStatusPage: numbers', () => {
  it('lists the current set in class-path order with its URIs', async () => {
    const { server, libraries } = await serve(['b.jar', 'a <b>.txt'])
    const status = await statusOf(server)
    expect(status).toMatchObject({
      url: server.url,
      setId: libraries.set.id,
      manifest: `/sets/${libraries.set.id}.json`,
      setBytes: 32,
      unlisted: 0,
      libraries: libraries.set.libraries,
    })
    for (const { name, path } of status.libraries) {
      expect(server.url + path).toBe(server.uriOf(name))
      expect((await request(server.url + path)).status).toBe(200)
    }
  })

  it('shows the set added last', async () => {
    const { server } = await serve()
    const { libraries } = await serve(['c.jar'])
    server.add(libraries)
    expect((await statusOf(server)).libraries).toMatchObject([{ name: 'c.jar' }])
  })

  it('counts what each library and host took, by both names', async () => {
    const { server } = await serve(['a.jar', 'b.jar'])
    await request(server.uriOf('a.jar'))
    await request(`${server.url}/0_a.jar`, { Range: 'bytes=0-2' })
    await request(server.uriOf('a.jar'), {}, 'HEAD')
    await request(server.manifestUri ?? '')
    await request(`${server.url}/nothing`)
    await until(() => server.stats().requests === 5)
    const { totals, libraries, hosts } = await statusOf(server)
    expect(totals).toEqual(server.stats())
    expect(libraries).toMatchObject([
      { requests: 3, bytesServed: 17, hostBytes: [17] },
      { requests: 0, bytesServed: 0, hostBytes: [] },
    ])
    expect(hosts).toEqual([{ address: '127.0.0.1', requests: 5, bytesServed: totals.bytesServed }])
  })

  it('counts no request for the page itself', async () => {
    const records: RequestRecord[] = []
    const { server } = await serve(['a.jar'], { onRequest: (record) => records.push(record) })
    for (const path of [...paths, '/ui/nothing.js', '/status.json']) {
      await request(server.url + path)
    }
    await until(() => records.length === paths.length + 2)
    expect(records.filter(({ sentBytes }) => sentBytes > 0)).toHaveLength(paths.length + 1)
    expect(server.stats()).toEqual({ requests: 0, bytesServed: 0, aborted: 0 })
    expect((await statusOf(server)).hosts).toEqual([])
  })

  it('reports no path of this host', async () => {
    const { server, libraries } = await serve()
    const { body } = await request(`${server.url}/status.json`)
    for (const { path } of libraries.blobs) expect(body.toString()).not.toContain(path)
    expect(body.toString()).not.toMatch(/"[^"]*(tmp|home|Users)/)
  })

  it('answers without libraries', async () => {
    const server = await startServer({})
    expect(await statusOf(server)).toMatchObject({ setId: null, manifest: null, libraries: [] })
  })

  it('answers pipelined requests for pages and blobs in order', async () => {
    const { server } = await serve()
    const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n`
    const bytes = await sendRaw(
      server.url,
      `${get('/status.json')}\r\n${get('/0_a.jar')}\r\n${get('/status.json')}Connection: close\r\n\r\n`,
    )
    const types = [...bytes.toString().matchAll(/Content-Type: (\S+)/g)].map(([, type]) => type)
    expect(types).toEqual(['application/json', 'application/java-archive', 'application/json'])
  })
})

describe.skipIf(!hasTool('chromium'))('createStatusPage in a browser', () => {
  /** The page after a few seconds of its own clock. */
  async function look(url: string): Promise<string> {
    const profile = await temporaryFolder()
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${profile}`]
    const wait = ['--virtual-time-budget=5000', '--dump-dom']
    // Not in this thread: the server is in it.
    const { stdout } = await promisify(execFile)(chromiumPath() ?? '', [...flags, ...wait, url])
    return stdout
  }
  const textOf = (id: string, html: string) =>
    new RegExp(`id="${id}"[^>]*>([^<]*)<`).exec(html)?.[1]

  /** Each time the page asks, two megabytes and three requests more. */
  function growingTraffic(aborted: number): Traffic {
    let asked = 0
    const totals = () => ({ requests: 3 * asked, bytesServed: 2e6 * asked++, aborted })
    return { ...createTraffic(), totals }
  }

  it('shows what is served now, and raises no alarm', async () => {
    const { url } = await servePage(undefined, growingTraffic(0))
    const html = await look(url)
    expect(textOf('state', html)).toBe('live')
    expect(textOf('rate', html)).toMatch(/^[\d.]+ [kM]B\/s now$/)
    expect(textOf('request-rate', html)).toMatch(/^(?!0\/)[\d.]+\/s now$/)
    expect(html).not.toContain('class="tile bad"')
  })

  it('raises an alarm for downloads that were lost', async () => {
    const { url } = await servePage(undefined, growingTraffic(1))
    expect(await look(url)).toContain('class="tile bad"')
  })
})
