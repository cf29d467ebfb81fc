import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, get } from 'node:http'
import type { RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { joinRelays } from '../../../../src/executor/libraries/relay/membership.ts'
import { openRelaySite } from '../../support/relay-site.ts'
import type { RelayHost, RelaySite, RelaySiteOptions } from '../../support/relay-site.ts'
import { openStranger as openOne } from '../../support/stranger.ts'

const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function openSite(options?: RelaySiteOptions): Promise<RelaySite> {
  const site = await openRelaySite(options)
  closing.push(() => site.close())
  return site
}

function openHosts(site: RelaySite, count: number): Promise<readonly RelayHost[]> {
  return Promise.all(Array.from({ length: count }, () => site.openHost()))
}

/** Another host of the run, which joins before the others and answers in any way. */
async function openStranger(site: RelaySite, answer: RequestListener): Promise<string> {
  const stranger = await openOne(site, answer)
  closing.push(() => stranger.close())
  return stranger.id
}

/** The right bytes, a few at a time. */
function sendSlowly(site: RelaySite, path: string, res: ServerResponse): void {
  const authorization = site.authorize({ method: 'GET', path })
  get(new URL(path, site.uri), { headers: { authorization } }, (source) => {
    let bytes = Buffer.alloc(0)
    let sent = 0
    source.on('data', (more: Buffer) => (bytes = Buffer.concat([bytes, more])))
    const timer = setInterval(() => res.write(bytes.subarray(sent, (sent += 2000))), 100)
    res.on('close', () => clearInterval(timer))
  })
}

async function expectAllRight(site: RelaySite, hosts: readonly RelayHost[]): Promise<void> {
  for (const host of hosts) expect((await host.read()).equals(site.bytes)).toBe(true)
}

describe('hosts that pass a library on', () => {
  it('fetch it from each other while they receive it', async () => {
    const site = await openSite({ egressBytesPerSecond: 5_000_000 })
    const hosts = await openHosts(site, 8)
    const fetched = await Promise.all(hosts.map((host) => host.fetch()))
    await expectAllRight(site, hosts)
    expect(site.server.stats().bytesServed).toBeLessThan(3 * site.bytes.length)
    for (const { receivedBytes } of fetched) expect(receivedBytes).toBe(site.bytes.length)
    expect(fetched.filter(({ source }) => source === 'peers').length).toBeGreaterThanOrEqual(5)
    expect(site.events.filter(({ type }) => type === 'relay.failed')).toEqual([])
    // They close connections to the server when peers have the rest, which is no loss.
    expect(site.server.stats().aborted).toBe(0)
  })

  it('serve it to later hosts', async () => {
    const site = await openSite()
    const [first, second] = await openHosts(site, 2)
    await first?.fetch()
    await site.until(() => site.events.find(({ type }) => type === 'relay.finished'))
    const { bytesServed: before } = site.server.stats()
    expect(await second?.fetch()).toMatchObject({ receivedBytes: site.bytes.length })
    expect(site.server.stats().bytesServed - before).toBeLessThan(site.bytes.length)
    await expectAllRight(site, [second as RelayHost])
  })

  it('drop one with a wrong first chunk, and report it', async () => {
    const site = await openSite()
    const bytesSent: number[] = []
    const liar = await openStranger(site, (req, res) => {
      const { socket } = req
      res.on('close', () => bytesSent.push(socket.bytesWritten))
      res.writeHead(200, { 'content-length': 50_000_000 })
      const lie = (): void => {
        while (!res.destroyed && res.write(Buffer.alloc(65_536)));
      }
      res.on('drain', lie)
      lie()
    })
    const hosts = await openHosts(site, 4)
    await Promise.all(hosts.map((host) => host.fetch()))
    await expectAllRight(site, hosts)
    const failures = site.events.filter(({ type }) => type === 'relay.failed')
    expect(failures.length).toBeGreaterThan(0)
    for (const failure of failures) expect(failure).toMatchObject({ sourceId: liar })
    // On a busy machine, a source that was not read in time counts as slow.
    expect(failures).toContainEqual(expect.objectContaining({ reason: 'wrong' }))
    // Only bytes that fit in the buffers.
    for (const bytes of bytesSent) expect(bytes).toBeLessThan(20_000_000)
  })

  it.each([
    ['sends nothing', 'dead', (): void => undefined],
    ['is far slower than others', 'slow', sendSlowly],
  ])('change the source when one %s', async (_, reason, send) => {
    // Longer than it takes to detect the fault.
    const site = await openSite({ egressBytesPerSecond: 1_000_000 })
    const stranger = await openStranger(site, (req, res) => {
      res.writeHead(200, { 'content-length': 5_000_000 })
      res.flushHeaders()
      send(site, req.url ?? '', res)
    })
    const [host] = await openHosts(site, 1)
    await host?.fetch()
    await expectAllRight(site, host === undefined ? [] : [host])
    const failures = site.events.filter(({ type }) => type === 'relay.failed')
    expect(failures).toMatchObject([{ sourceId: stranger, reason }])
  })

  it('change the source when one dies during the transfer', async () => {
    const site = await openSite({ egressBytesPerSecond: 5_000_000 })
    const dead = await openStranger(site, (_req, res) => {
      res.writeHead(200, { 'content-length': 50_000_000 })
      res.flushHeaders()
      res.destroy()
    })
    const hosts = await openHosts(site, 4)
    await Promise.all(hosts.map((host) => host.fetch()))
    await expectAllRight(site, hosts)
    const failures = site.events.filter(({ type }) => type === 'relay.failed')
    expect(failures[0]).toMatchObject({ sourceId: dead, reason: 'dead' })
  })

  it('continue when one of them leaves in the middle', async () => {
    const site = await openSite({ egressBytesPerSecond: 2_500_000 })
    const [leaving, ...others] = await openHosts(site, 5)
    const cancel = new AbortController()
    const left = leaving?.fetch({
      signal: cancel.signal,
      onProgress: (received) => {
        if (received > site.bytes.length / 3) cancel.abort()
      },
    })
    const staying = others.map((host) => host.fetch())
    await expect(left).rejects.toThrow()
    await leaving?.relay.close()
    await Promise.all(staying)
    await expectAllRight(site, others)
    expect(site.events.map(({ type }) => type)).toContain('relay.left')
  })

  it('do not take part if it is off, and ask only once', async () => {
    const site = await openSite({ hasRelay: false })
    const [host, other] = await openHosts(site, 2)
    expect(await host?.fetch()).toMatchObject({ source: 'server' })
    expect(await other?.fetch()).toMatchObject({ source: 'server' })
    await expectAllRight(site, [host as RelayHost])
    const joins = site.requests.filter(({ method }) => method === 'POST')
    expect(joins.map(({ status }) => status)).toEqual([405, 405])
    expect(site.events).toEqual([])
  })

  it('continue with what an interrupted fetch received', async () => {
    const site = await openSite({ egressBytesPerSecond: 5_000_000 })
    const [host] = await openHosts(site, 1)
    const cancel = new AbortController()
    const half = host?.fetch({
      signal: cancel.signal,
      onProgress: (received) => {
        if (received > site.bytes.length / 2) cancel.abort()
      },
    })
    await expect(half).rejects.toThrow()
    const fetched = await host?.fetch()
    expect(fetched?.receivedBytes).toBeLessThan(site.bytes.length * 0.7)
    await expectAllRight(site, [host as RelayHost])
  })
})

describe('POST /relays', () => {
  const fresh = () => ({ time: Date.now(), nonce: randomUUID() })

  async function post(site: RelaySite, body: string): Promise<number> {
    const authorization = site.authorize({ method: 'POST', path: '/relays', body }) ?? ''
    const response = await fetch(site.endpoint, {
      method: 'POST',
      body,
      headers: { authorization },
    })
    await response.body?.cancel()
    return response.status
  }

  it('refuses messages that are invalid, too long, or about an unknown library', async () => {
    const site = await openSite()
    expect(await post(site, 'x')).toBe(400)
    expect(await post(site, 'x'.repeat(5000))).toBe(413)
    const stranger = { type: 'join', sha256: 'b'.repeat(64), port: 1, ...fresh() }
    expect(await post(site, JSON.stringify(stranger))).toBe(404)
    const other = await fetch(`${site.server.url}/blobs`, { method: 'POST', body: '{}' })
    expect(other.status).toBe(405)
    expect(site.events).toEqual([])
  })

  it('ignore hosts that have not joined', async () => {
    const site = await openSite()
    const { sha256 } = site.library
    for (const message of [
      { type: 'finish' },
      { type: 'leave' },
      { type: 'fail', source: '127.0.0.1:1', reason: 'wrong' },
    ]) {
      const body = JSON.stringify({ sha256, port: 1, ...fresh(), ...message })
      expect(await post(site, body)).toBe(204)
    }
    expect(site.events).toEqual([])
  })

  it('makes an unreachable host no source', async () => {
    const site = await openSite()
    const { sha256 } = site.library
    const leaving = new AbortController()
    const closed = createServer()
    closed.listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    const { endpoint: uri, authorize } = site
    const hostname = 'agent-1'
    await joinRelays({ uri, sha256, port, hostname, signal: leaving.signal, authorize })
    const host = `127.0.0.1:${port}`
    expect(site.events[0]).toMatchObject({ host: { id: host, canServe: false } })
    expect(site.server.status().relays).toMatchObject([{ host, hostname, isComplete: false }])
    leaving.abort()
    await site.until(() => site.events.find(({ type }) => type === 'relay.left'))
  })
})
