/** What crowds, floods and hostile sources do to others that fetch libraries. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createJarServer } from '../../../src/server/jar-server.ts'
import { createLibraryStore } from '../../../src/server/libraries/library-store.ts'
import { median } from '../support/measure.ts'
import type { Figure } from '../support/measure.ts'
import { hostileRelays } from './hostile-relays.ts'

/** Without a byte for so long, a client gives up and asks again; executors wait 30 s. */
const patienceMs = 2000

interface Site {
  readonly uri: string
  readonly close: () => Promise<unknown>
}

export async function* figures(): AsyncGenerator<Figure> {
  yield* sixtyHosts()
  yield* crowd()
  yield* slowConnections()
  yield* oneHost()
  yield* hostileRelays()
}

async function openSite(sizeBytes: number, egressBytesPerSecond?: number): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-bench-'))
  await writeFile(join(folder, 'a.jar'), randomBytes(sizeBytes))
  const store = await createLibraryStore(join(folder, 'store'))
  const libraries = await store.stage([join(folder, 'a.jar')])
  const server = createJarServer({
    libraries,
    bind: '127.0.0.1',
    ...({ open: true } as object),
    ...(egressBytesPerSecond !== undefined && { egressBytesPerSecond }),
  })
  await server.start()
  return {
    uri: server.uriOf('a.jar'),
    async close() {
      await server.close(0)
      await rm(folder, { recursive: true })
    },
  }
}

/** Resolves to the bytes of the body; rejects when it is cut, refused or does not move for too long. */
async function fetchOnce(uri: string, localAddress: string, timeout = 60_000): Promise<number> {
  const sending = get(uri, { agent: false, localAddress, timeout })
  sending.on('timeout', () => sending.destroy(new Error('nothing came')))
  const [response] = (await once(sending, 'response')) as [IncomingMessage]
  if (response.statusCode !== 200) {
    response.destroy()
    throw new Error(`status ${response.statusCode}`)
  }
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) bytes += chunk.length
  return bytes
}

/** 60 hosts fetch 1 MB twice each, from 20 MB/s, and have no more patience than executors have at a fifteenth of it. */
async function* sixtyHosts(): AsyncGenerator<Figure> {
  const site = await openSite(1_000_000, 20_000_000)
  const endMs = performance.now() + 30_000
  const startedMs = performance.now()
  let lastMs = startedMs
  let failures = 0
  const results = await Promise.all(
    Array.from({ length: 120 }, async (_, index) => {
      const localAddress = `127.0.1.${1 + (index % 60)}`
      while (performance.now() < endMs) {
        try {
          await fetchOnce(site.uri, localAddress, patienceMs)
          lastMs = performance.now()
          return true
        } catch {
          failures += 1
          await sleep(Math.random() * 500)
        }
      }
      return false
    }),
  )
  await site.close()
  const what = '60 hosts × 2 × 1 MB at 20 MB/s (cut at 30 s)'
  yield { case: `${what}: fetched`, value: results.filter(Boolean).length, unit: 'of 120' }
  yield { case: `${what}: given up and asked again`, value: failures, unit: 'requests' }
  yield { case: `${what}: until the last`, value: (lastMs - startedMs) / 1000, unit: 's' }
}

/** One host beside another that sends a hundred requests. */
async function* crowd(): AsyncGenerator<Figure> {
  const site = await openSite(4_000_000, 8_000_000)
  const startedAloneMs = performance.now()
  await fetchOnce(site.uri, '127.0.0.3')
  const alone = (performance.now() - startedAloneMs) / 1000
  const others = Array.from({ length: 100 }, () =>
    fetchOnce(site.uri, '127.0.0.2').catch(() => undefined),
  )
  await sleep(200)
  const startedMs = performance.now()
  await Promise.race([fetchOnce(site.uri, '127.0.0.3').catch(() => undefined), sleep(30_000)])
  const value = (performance.now() - startedMs) / 1000
  await site.close()
  await Promise.all(others)
  yield {
    case: '4 MB at 8 MB/s beside 100 requests of another address (cut at 30 s)',
    value,
    unit: 's',
    peer: 'alone',
    peerValue: alone,
    ratio: value / alone,
  }
}

const floods: Readonly<Record<string, string>> = {
  'half a head': 'GET / HTTP/1.1\r\nHost: a\r\n',
  'a request and no reading': 'GET PATH HTTP/1.1\r\nHost: a\r\n\r\n',
  'half a body': 'POST /relays HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n{',
}

/** 1,100 connections of one address, while another fetches 14 MB ten times. */
async function* slowConnections(): AsyncGenerator<Figure> {
  for (const [what, text] of Object.entries(floods)) {
    const site = await openSite(14_000_000)
    const before = await fetchTen(site.uri)
    const { port, pathname } = new URL(site.uri)
    const sockets = Array.from({ length: 1100 }, () => {
      const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress: '127.0.0.2' })
      socket.on('error', () => undefined).pause()
      socket.write(text.replace('PATH', pathname))
      return socket
    })
    await sleep(500)
    const during = await fetchTen(site.uri)
    for (const socket of sockets) socket.destroy()
    await site.close()
    const name = `14 MB beside 1,100 connections with ${what}`
    yield { case: `${name}: failed`, value: during.failures, unit: 'of 10' }
    yield {
      case: `${name}: median`,
      value: during.ms,
      unit: 'ms',
      peer: 'without them',
      peerValue: before.ms,
      ratio: during.ms / before.ms,
    }
  }
}

async function fetchTen(uri: string): Promise<{ ms: number; failures: number }> {
  const samples: number[] = []
  for (let count = 0; count < 10; count += 1) {
    const startedMs = performance.now()
    const isThere = await fetchOnce(uri, '127.0.0.3', patienceMs).then(
      () => true,
      () => false,
    )
    if (isThere) samples.push(performance.now() - startedMs)
  }
  return { ms: median(samples), failures: 10 - samples.length }
}

/** 32 executors of one host, each with four requests at a time. */
async function* oneHost(): AsyncGenerator<Figure> {
  const site = await openSite(1_000_000)
  const fetches = await Promise.allSettled(
    Array.from({ length: 128 }, () => fetchOnce(site.uri, '127.0.0.1')),
  )
  await site.close()
  const refused = fetches.filter(({ status }) => status === 'rejected').length
  yield {
    case: '32 executors on one host, 4 requests each: refused',
    value: refused,
    unit: 'of 128',
  }
}
