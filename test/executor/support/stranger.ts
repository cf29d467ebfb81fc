/** An executor that joins as others do, and then serves any bytes. */
import { once } from 'node:events'
import { createServer, get } from 'node:http'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { answerToProbe } from '../../../src/domain/libraries/library-access.ts'
import { joinRelays } from '../../../src/executor/libraries/relay/membership.ts'
import type { Membership } from '../../../src/executor/libraries/relay/membership.ts'
import type { RelaySite } from './relay-site.ts'

export interface Stranger {
  /** Its address in the relay plan. */
  readonly id: string
  readonly membership: Membership
  close(): Promise<void>
}

export async function openStranger(site: RelaySite, answer: RequestListener): Promise<Stranger> {
  const stranger = createServer((req, res) => {
    const { url = '' } = req
    if (url.startsWith('/probe/')) res.end(answerToProbe(site.relayKey, url))
    else answer(req, res)
  })
  stranger.listen(0, '127.0.0.1')
  await once(stranger, 'listening')
  const { port } = stranger.address() as AddressInfo
  const leaving = new AbortController()
  const membership = await joinRelays({
    uri: site.endpoint,
    sha256: site.library.sha256,
    port,
    signal: leaving.signal,
    authorize: site.authorize,
  })
  return {
    id: `127.0.0.1:${port}`,
    membership,
    async close() {
      leaving.abort()
      stranger.closeAllConnections()
      await new Promise((resolve) => stranger.close(resolve))
    },
  }
}

export type Behaviour = (res: ServerResponse, rightBytes: Buffer, req: IncomingMessage) => void

function send(res: ServerResponse, bytes: Buffer): void {
  res.writeHead(200, { 'content-length': bytes.length }).end(bytes)
}

/** Writes a few bytes at a time, from `offset`. */
function drip(res: ServerResponse, bytes: Buffer, offset: number): void {
  let sent = offset
  const timer = setInterval(() => res.write(bytes.subarray(sent, (sent += 1))), 500)
  res.on('close', () => clearInterval(timer))
}

function begin(res: ServerResponse, bytes: Buffer, count: number): void {
  res.writeHead(200, { 'content-length': bytes.length })
  res.write(bytes.subarray(0, count))
}

/** Faults of a source, which get the bytes that it should send. */
export const behaviours: Readonly<Record<string, Behaviour>> = {
  'drips two bytes a second': (res, bytes) => {
    begin(res, bytes, 1)
    drip(res, bytes, 1)
  },
  'begins fast, then drips': (res, bytes) => {
    const start = bytes.length >> 2
    begin(res, bytes, start)
    drip(res, bytes, start)
  },
  'stalls in the middle': (res, bytes) => begin(res, bytes, bytes.length >> 1),
  'stalls before its last byte': (res, bytes) => begin(res, bytes, bytes.length - 1),
  'never answers': () => undefined,
  'never sends a body': (res, bytes) => {
    res.writeHead(200, { 'content-length': bytes.length }).flushHeaders()
  },
  'ends before its last byte': (res, bytes) => {
    begin(res, bytes, bytes.length - 1)
    res.socket?.end()
  },
  'sends one byte less': (res, bytes) => send(res, bytes.subarray(0, -1)),
  'sends one byte more': (res, bytes) => send(res, Buffer.concat([bytes, Buffer.alloc(1)])),
  'says a wrong length': (res, bytes) => {
    res.writeHead(200, { 'content-length': 10 * bytes.length })
    res.write(bytes.subarray(0, 10))
  },
  'sends other bytes': (res, bytes) => send(res, Buffer.alloc(bytes.length)),
  'sends other bytes at the end': (res, bytes) => {
    const last = bytes.length - 1
    send(res, Buffer.concat([bytes.subarray(0, last), Buffer.from([~(bytes[last] ?? 0) & 255])]))
  },
  'has no room, for ever': (res) => res.writeHead(503, { 'Retry-After': 1 }).end(),
  'tells a place in a line that never ends': (res) =>
    res.writeHead(503, { 'Retry-After': 60, 'Jarcast-Place': 1 }).end(),
  'redirects to itself': (res, _bytes, req) =>
    res.writeHead(302, { location: `http://${req.headers.host}${req.url}` }).end(),
  'says that there is no such thing': (res) => res.writeHead(404).end(),
  'encodes what nobody asked for': (res, bytes) =>
    res.writeHead(200, { 'content-encoding': 'gzip' }).end(bytes),
  'cuts each connection': (res) => res.destroy(),
  'sends a head that never ends': (res) => {
    const timer = setInterval(() => res.socket?.write('x-more: and more\r\n'), 100)
    res.socket?.write('HTTP/1.1 200 OK\r\n')
    res.on('close', () => clearInterval(timer))
  },
}

/** Answers each request for a stripe with this fault. */
export function misbehave(site: RelaySite, behave: Behaviour): RequestListener {
  return (req, res) => {
    res.on('error', () => undefined)
    const { url: path = '' } = req
    const headers = { authorization: site.authorize({ method: 'GET', path }) }
    get(new URL(path, site.uri), { agent: false, headers }, (source) => {
      void buffer(source).then((bytes) => behave(res, bytes, req))
    }).on('error', () => res.destroy())
  }
}
