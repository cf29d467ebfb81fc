/** Who is let in, and who is not: strangers, and those with a permission for something else. */
import { createHash, randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createServer, get, request as httpRequest } from 'node:http'
import type { ClientRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { answerToProbe, authorizeSet } from '../../../src/domain/libraries/library-access.ts'
import type { LibraryAccess } from '../../../src/domain/libraries/library-access.ts'
import { withoutMac } from '../../../src/domain/libraries/signed-path.ts'
import type { RelayEvent } from '../../../src/domain/relay/relay-events.ts'
import { startRelayServer } from '../../../src/executor/libraries/relay/relay-server.ts'
import { createAccess, createRunKey } from '../../../src/server/permissions/access.ts'
import { createJarServer } from '../../../src/server/jar-server.ts'
import type { JarServerOptions } from '../../../src/server/jar-server-options.ts'
import type { JarServer } from '../../../src/server/jar-server.ts'
import type { RequestRecord } from '../../../src/server/http/exchange.ts'
import type { StagedLibraries } from '../../../src/server/libraries/library-store.ts'
import { openStore, request, startServer, temporaryFolder, until } from '../support.ts'

interface Site {
  readonly server: JarServer
  readonly libraries: StagedLibraries
  readonly events: readonly RelayEvent[]
  readonly records: readonly RequestRecord[]
}

/** A small library, one with a list of chunks, and a program. */
async function serve(options: JarServerOptions = {}): Promise<Site> {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'a.jar'), 'a library')
  await writeFile(join(folder, 'large.jar'), Buffer.alloc(5_000_000, 'large'))
  await writeFile(join(folder, 'program.mjs'), 'a program')
  const store = await openStore()
  const libraries = await store.stage([join(folder, 'a.jar'), join(folder, 'large.jar')])
  const events: RelayEvent[] = []
  const records: RequestRecord[] = []
  const server = await startServer({
    libraries,
    extras: [await store.stageFile(join(folder, 'program.mjs'))],
    open: false,
    onRelay: (event) => events.push(event),
    onRequest: (record) => records.push(record),
    ...options,
  })
  return { server, libraries, events, records }
}

/** Every kind of path that there is to read, without permissions. */
function pathsOf({ server, libraries }: Site): readonly string[] {
  const [, large] = libraries.set.libraries
  return [
    '/',
    '/status.json',
    '/ui/page.js',
    '/0_a.jar',
    `/blobs/${large?.sha256}/stripes/0/0`,
    `/blobs/${large?.chunks}/chunks`,
    ...[server.uriOf('a.jar'), server.uriOf('large.jar'), server.manifestUri ?? ''].map(
      (uri) => new URL(withoutMac(uri)).pathname,
    ),
  ]
}

function accessOf({ server, libraries }: Site): LibraryAccess {
  return server.accessTo(libraries.set.id) as LibraryAccess
}

function joinBody({ libraries }: Site, port: number, more: object = {}): string {
  const sha256 = libraries.set.libraries[1]?.sha256
  const once = { time: Date.now(), nonce: randomUUID() }
  return JSON.stringify({ type: 'join', sha256, port, ...once, ...more })
}

async function join_({ server }: Site, body: string, authorization?: string) {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' }
  if (authorization !== undefined) headers['Authorization'] = authorization
  const controller = new AbortController()
  onTestFinished(() => controller.abort())
  const { signal } = controller
  const answer = await fetch(`${server.url}/relays`, { method: 'POST', headers, body, signal })
  return { status: answer.status, headers: answer.headers }
}

describe('a stranger', () => {
  it('reads nothing, and learns no existing path', async () => {
    const site = await serve()
    for (const path of [...pathsOf(site), '/nothing', '/nothing.json', '/ui/none']) {
      for (const method of ['GET', 'HEAD']) {
        const { status, headers, body } = await request(site.server.url + path, {}, method)
        const words = body.toString().replace(/ needs a permission: [^\n]*\n$/, '')
        const address = method === 'HEAD' ? '' : 'This address'
        expect([method, path, status, words]).toEqual([method, path, 401, address])
        expect(headers['www-authenticate']).toBe('Jarcast')
      }
    }
  })

  it('gets the executor program at a permanent address', async () => {
    const key = createRunKey()
    const [one, other] = [await serve({ key }), await serve()]
    const uri = new URL(one.server.uriOf('program.mjs'))
    expect((await request(uri.href)).body.toString()).toBe('a program')
    const digest = createHash('sha256').update('a program').digest('hex')
    expect(uri.pathname).toBe(`/blobs/${digest}/program.mjs`)
    expect(new URL(other.server.uriOf('program.mjs')).pathname).toBe(uri.pathname)
  })

  it('gets it also while a library is the same file', async () => {
    const { server } = await serve()
    const uri = server.uriOf('program.mjs')
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'program.mjs'), 'a program')
    const same = await (await openStore()).stage([join(folder, 'program.mjs')])
    server.add(same)
    expect((await request(uri)).body.toString()).toBe('a program')
    await writeFile(join(folder, 'program.mjs'), 'a library of that name')
    server.add(await (await openStore()).stage([join(folder, 'program.mjs')]))
    const sha256 = createHash('sha256').update('a program').digest('hex')
    expect(server.uriOf({ name: 'program.mjs', sha256 })).toBe(uri)
    await writeFile(join(folder, 'b.jar'), 'another')
    server.add(await (await openStore()).stage([join(folder, 'b.jar')]))
    server.remove(same.set.id)
    expect((await request(uri)).body.toString()).toBe('a program')
  })

  it('joins no relay, and no other executor gets its address', async () => {
    const site = await serve()
    expect((await join_(site, joinBody(site, 9))).status).toBe(401)
    expect((await join_(site, joinBody(site, 9), 'Basic YTpi')).status).toBe(403)
    expect(site.events).toEqual([])
  })
})

describe('a permission for one path', () => {
  it('opens that path, and no other', async () => {
    const site = await serve()
    const signed = new URL(site.server.uriOf('a.jar'))
    expect((await request(signed.href)).body.toString()).toBe('a library')
    const prefix = signed.pathname.replace(/\/blobs\/.*/, '')
    expect(prefix).toMatch(/^\/mac\/\d+\.[\w-]{43}$/)
    for (const path of pathsOf(site).filter((each) => !signed.pathname.endsWith(each))) {
      expect([path, (await request(site.server.url + prefix + path)).status]).toEqual([path, 403])
    }
  })

  it('is valid for one server, and cannot be changed', async () => {
    const [site, other] = [await serve(), await serve()]
    const { pathname } = new URL(other.server.uriOf('a.jar'))
    expect((await request(site.server.url + pathname)).status).toBe(403)
    const own = new URL(site.server.uriOf('a.jar')).pathname
    const later = own.replace(/\/mac\/(\d+)/, (_, expires: string) => `/mac/${Number(expires) + 1}`)
    const flipped = own.replace(/\.(.)/, (_, first: string) => `.${first === 'A' ? 'B' : 'A'}`)
    for (const path of [later, flipped]) {
      expect((await request(site.server.url + path)).status).toBe(403)
    }
    // What looks like no permission at all is a path that a stranger asks for.
    for (const path of ['-', '0'].map((sign) => own.replace('/mac/', `/mac/${sign}`))) {
      expect((await request(site.server.url + path)).status).toBe(401)
    }
  })

  const rules = {
    isPublic: () => false,
    isOfSet: () => true,
    scopeOf: (path: string) => path,
    hosts: () => [],
  }

  it('does not end when a clock is set', () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const { sign, admit } = createAccess(createRunKey(), rules)
    const get = { method: 'GET', headers: { host: 'localhost' }, rawHeaders: [] } as never
    const signed = [sign('/x', 'launch'), sign('/x', 'standing')]
    // As on a board without a clock that hears of the time.
    vi.setSystemTime(Date.now() + 56 * 365 * 24 * 60 * 60_000)
    expect(signed.map((path) => admit(get, path))).toEqual(['/x', '/x'])
  })

  it('expires by the clock of the server alone', () => {
    let now = Date.parse('2030-01-01')
    const { sign, admit, accessTo } = createAccess(createRunKey(now), rules, () => now)
    const get = (authorization?: string) =>
      ({ method: 'GET', headers: { host: 'localhost', authorization }, rawHeaders: [] }) as never
    const signed = { launch: sign('/x', 'launch'), standing: sign('/x', 'standing') }
    const access = accessTo('a'.repeat(64)) as LibraryAccess
    const claim = authorizeSet('a'.repeat(64), access, { method: 'GET', path: '/x' })
    now += 24 * 60 * 60_000
    expect(admit(get(), signed.launch)).toBe('/x')
    expect(admit(get(claim), '/x')).toBe('/x')
    now += 24 * 60 * 60_000 + 1000
    expect([admit(get(), signed.launch), admit(get(claim), '/x')]).toEqual([403, 403])
    expect(admit(get(), signed.standing)).toBe('/x')
    now += 2 * 365 * 24 * 60 * 60_000
    expect(admit(get(), signed.standing)).toBe(403)
  })

  it('is the same all day, for the cache of Mesos', async () => {
    const { server } = await serve()
    const uri = withoutMac(server.uriOf('a.jar'))
    expect(server.sign(uri, 'launch')).toBe(server.sign(uri, 'launch'))
    expect(server.sign('http://elsewhere/a.jar', 'launch')).toBe('http://elsewhere/a.jar')
  })

  it('is safe in a shell, with the file name last', async () => {
    const { server } = await serve()
    expect(server.seedUris()).toMatch(/^[\w:/.,-]+$/)
    const [first = ''] = server.seedUris().split(',')
    expect(first.endsWith('/0_a.jar')).toBe(true)
    expect((await request(first)).body.toString()).toBe('a library')
  })

  it('is in no record of requests', async () => {
    const { server, records } = await serve()
    await request(server.uriOf('a.jar'))
    await request(`${server.uriOf('a.jar')}x`)
    await request(server.uriOf('a.jar'), {}, 'POST')
    await until(() => records.length === 3)
    expect(JSON.stringify(records)).not.toContain('/mac/')
  })
})

describe('the permission for the page', () => {
  it('opens all of the page, with links that work, and nothing else', async () => {
    const site = await serve()
    const page = site.server.pageUri ?? ''
    expect((await request(page)).body.toString()).toContain('<html')
    for (const path of ['ui/page.js', 'ui/page.css']) {
      expect((await request(new URL(path, page).href)).status).toBe(200)
    }
    const answer = await request(new URL('status.json', page).href)
    const status = JSON.parse(answer.body.toString()) as {
      readonly libraries: readonly { readonly path: string }[]
      readonly manifest: string
    }
    for (const path of [status.manifest, ...status.libraries.map((library) => library.path)]) {
      expect((await request(site.server.url + path)).status).toBe(200)
    }
    expect((await request(new URL('0_a.jar', page).href)).status).toBe(403)
  })

  it('is of no use under another name of the address', async () => {
    const { server } = await serve({ allowHosts: ['jars.example'] })
    const { pathname } = new URL(server.pageUri ?? '')
    const statusAs = async (Host: string) =>
      (await request(server.url + pathname, { Host: `${Host}:80` })).status
    // The first Host header is the test's own; two of them are refused as such.
    expect(await statusAs('evil.example')).toBe(400)
    const get = async (host: string) => {
      const { port } = new URL(server.url)
      const { get: httpGet } = await import('node:http')
      return await new Promise<number>((resolve) => {
        const options = { host: '127.0.0.1', port, path: pathname, headers: { host } }
        httpGet(options, (answer) => {
          answer.resume()
          resolve(answer.statusCode ?? 0)
        })
      })
    }
    expect(await get('evil.example')).toBe(403)
    expect(await get('jars.example')).toBe(200)
    expect(await get(`127.0.0.1:80`)).toBe(200)
  })
})

describe('an executor', () => {
  it('gets the files of its set, and no others', async () => {
    const site = await serve()
    const { server, libraries } = site
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'b.jar'), 'another')
    const other = await (await openStore()).stage([join(folder, 'b.jar')])
    server.add(other)
    const access = accessOf(site)
    const statusOf = async (path: string, method = 'GET') => {
      const signed = { method: 'GET', path: decodeURIComponent(path) }
      const Authorization = authorizeSet(libraries.set.id, access, signed)
      return (await request(server.url + path, { Authorization }, method)).status
    }
    const own = pathsOf({ ...site, server }).filter((path) => /^\/(blobs|sets)/.test(path))
    for (const path of own.filter((each) => !each.includes(other.set.id)))
      expect([path, await statusOf(path)]).toEqual([path, 200])
    expect(await statusOf(`/sets/${other.set.id}.json`)).toBe(403)
    expect(await statusOf(`/blobs/${other.blobs[0]?.sha256}/b.jar`)).toBe(403)
    expect(await statusOf('/status.json')).toBe(403)
    expect(await statusOf(own[0] ?? '', 'HEAD')).toBe(403)
    // What others pass on, too.
    expect(Object.keys(access.relayKeys)).toEqual([libraries.set.libraries[1]?.sha256])
    expect(server.accessTo(other.set.id)?.relayKeys).toEqual({})
  })

  it('joins at a limited rate, and leaves room for other hosts', async () => {
    const site = await serve()
    const sha256 = site.libraries.set.libraries[1]?.sha256
    const { id } = site.libraries.set
    const open: ClientRequest[] = []
    onTestFinished(() => open.forEach((each) => each.destroy()))
    const post = (type: string, port: number, localAddress = '127.0.0.1') =>
      new Promise<number>((resolve, reject) => {
        const body = JSON.stringify({ type, sha256, port, time: Date.now(), nonce: randomUUID() })
        const signed = { method: 'POST', path: '/relays', body }
        const Authorization = authorizeSet(id, accessOf(site), signed)
        const call = httpRequest(`${site.server.url}/relays`, {
          method: 'POST',
          headers: { Authorization },
          localAddress,
          agent: false,
        })
        open.push(call)
        call.on('error', reject)
        call.on('response', (answer) => {
          answer.on('error', () => undefined).resume()
          resolve(answer.statusCode ?? 0)
        })
        call.end(body)
      })
    const countOf = (statuses: readonly number[], status: number) =>
      statuses.filter((each) => each === status).length
    const startMs = performance.now()
    // Nobody listens at these ports.
    const flood = await Promise.all(Array.from({ length: 300 }, (_, at) => post('join', at + 1)))
    expect([countOf(flood, 200), countOf(flood, 503)]).toEqual([125, 175])
    expect(await post('join', 9, '127.0.0.2')).toBe(200)
    let asked = countOf(flood, 200)
    while (asked < 1000) {
      expect(await post('leave', 1)).toBe(204)
      if ((await post('join', 1)) !== 200) break
      asked += 1
    }
    // A burst, and what comes by and by.
    expect(asked).toBeLessThanOrEqual(513 + ((performance.now() - startMs) / 1000) * 10)
    expect(await post('join', 10, '127.0.0.2')).toBe(200)
  })

  it('becomes a source only if it proves the key at its port', async () => {
    const site = await serve()
    const access = accessOf(site)
    const { id } = site.libraries.set
    const joinAs = async (port: number, claim: Partial<LibraryAccess> = {}) => {
      const body = joinBody(site, port)
      const signed = { method: 'POST', path: '/relays', body }
      return await join_(site, body, authorizeSet(id, { ...access, ...claim }, signed))
    }
    expect((await joinAs(9, { key: 'x'.repeat(43) })).status).toBe(403)
    expect((await joinAs(9, { expires: access.expires + 1 })).status).toBe(403)
    expect(site.events).toEqual([])
    const sha256 = site.libraries.set.libraries[1]?.sha256 ?? ''
    const key = access.relayKeys[sha256] ?? ''
    const isOpen = () => false
    const member = await startRelayServer({ isOpen, of: (digest) => access.relayKeys[digest] })
    const wrong = await startRelayServer({ isOpen, of: () => 'y'.repeat(43) })
    // Answers all that it is asked with what it saw once.
    const old = answerToProbe(key, `/probe/${sha256}/1`)
    const replayer = createServer((_, res) => res.end(old))
    await new Promise<void>((resolve) => replayer.listen(0, resolve))
    onTestFinished(() => {
      replayer.close()
      return Promise.all([member.close(), wrong.close()]).then(() => undefined)
    })
    const { port } = replayer.address() as AddressInfo
    // Has the member answer for it.
    const forwarder = createServer(({ url, headers }, res) => {
      const host = `127.0.0.1:${member.port}`
      get(`http://${host}${url}`, { headers: { ...headers, host } }, (answer) => answer.pipe(res))
    })
    await new Promise<void>((resolve) => forwarder.listen(0, resolve))
    onTestFinished(() => void forwarder.close())
    const { port: forwarded } = forwarder.address() as AddressInfo
    for (const each of [member.port, wrong.port, port, forwarded])
      expect((await joinAs(each)).status).toBe(200)
    const joined = site.events.flatMap((event) =>
      event.type === 'relay.joined' ? [[event.host.id.split(':')[1], event.host.canServe]] : [],
    )
    expect(joined).toEqual([
      [String(member.port), true],
      [String(wrong.port), false],
      [String(port), false],
      [String(forwarded), false],
    ])
  })
})

describe('a recorded message', () => {
  const signedBy = (site: Site, body: string) =>
    authorizeSet(site.libraries.set.id, accessOf(site), { method: 'POST', path: '/relays', body })

  it('is answered once, in any spelling', async () => {
    const site = await serve()
    const body = joinBody(site, 9)
    const authorization = signedBy(site, body)
    expect((await join_(site, body, authorization)).status).toBe(200)
    for (const again of [authorization, authorization.replace('Jarcast', 'jarcast')])
      expect((await join_(site, body, again)).status).toBe(409)
    expect(site.events.filter(({ type }) => type === 'relay.joined')).toHaveLength(1)
  })

  it.each([-61_000, 61_000, undefined])('is useless at another time (%s ms)', async (offMs) => {
    const site = await serve()
    const body = joinBody(site, 9, { time: offMs === undefined ? undefined : Date.now() + offMs })
    const { status, headers } = await join_(site, body, signedBy(site, body))
    expect(status).toBe(409)
    expect(Math.abs(Number(headers.get('jarcast-time')) - Date.now())).toBeLessThan(60_000)
    expect(site.events).toEqual([])
  })
})

describe('an open server', () => {
  it('serves all clients at plain addresses, but no foreign web pages', async () => {
    const site = await serve({ open: true })
    expect(site.server.uriOf('a.jar')).not.toContain('/mac/')
    expect(site.server.seedUris().split(',')[0]).toBe(`${site.server.url}/0_a.jar`)
    for (const path of pathsOf(site))
      expect((await request(site.server.url + path)).status).toBe(200)
    const Origin = 'http://evil.example'
    expect((await request(`${site.server.url}/0_a.jar`, { Origin })).status).toBe(403)
    expect(site.server.accessTo(site.libraries.set.id)).toBeUndefined()
  })
})

it('is the default of a jar server', async () => {
  const server = createJarServer({ bind: '127.0.0.1' })
  onTestFinished(() => server.close(0))
  await server.start()
  expect((await request(server.url)).status).toBe(401)
})
