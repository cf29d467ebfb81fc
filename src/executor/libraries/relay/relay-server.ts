/**
 * Serves what this executor has of libraries to other executors, while it receives them: `GET
 * /blobs/<sha256>/stripes/<stripe>/<first run>`, as the jar server does. Only verified bytes leave
 * it.
 */
import { createServer } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdmission } from '../../../access/admission.ts'
import type { Turn } from '../../../access/admission.ts'
import { findForeignRequest } from '../../../access/foreign-request.ts'
import { guardConnections } from '../../../access/guard-connections.ts'
import { endpointOf } from '../../../access/remote-address.ts'
import { createSeen } from '../../../access/seen.ts'
import { answerToProbe, nonceOfRelayRequest } from '../../../domain/libraries/library-access.ts'
import type { RelayKeys } from '../transfer/set-access.ts'
import type { RelayedBlob } from './relayed-blob.ts'

export interface RelayServer {
  readonly port: number
  /**
   * Serves a library, also before it can be; whoever asks for it then waits. Ends with a call of
   * what it returns.
   */
  serve(sha256: string, opening: Promise<RelayedBlob>): () => void
  close(): Promise<void>
}

/**
 * Stripes sent at the same time, half of them to one address: somewhat more than the scheduler
 * assigns to a host.
 */
const maxStreams = 32
const maxConnections = 256
const idleMs = 30_000

const libraryPath = /^\/(?:blobs|probe)\/([0-9a-f]{64})\//
const stripePath = /^\/blobs\/([0-9a-f]{64})\/stripes\/(\d)\/(\d{1,8})$/

/**
 * Listens on any free port of the address `bind`. Requests must be signed with the key of the
 * library, each with a nonce of its own; without keys, every request is allowed. Rejects with the
 * system's error.
 */
export async function startRelayServer(relayKeys?: RelayKeys, bind = '::'): Promise<RelayServer> {
  const blobs = new Map<string, Promise<RelayedBlob>>()
  // The signature names the port, which no other process has while this one lives.
  const seen = createSeen(Infinity, () => 0)
  const admission = createAdmission({ maxStreams })

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { method = '', url = '', headers, socket } = req
    if (findForeignRequest(req, { hosts: [] }) !== undefined) return refuse(res, 403)
    const to = endpointOf(socket.localAddress, socket.localPort)
    if (relayKeys?.isOpen() === false) {
      const key = relayKeys.of(libraryPath.exec(url)?.[1] ?? '')
      const { authorization } = headers
      if (authorization === undefined) return refuse(res, 401)
      if (key === undefined) return refuse(res, 403)
      const nonce = nonceOfRelayRequest(authorization, key, { to, method, path: url })
      if (nonce === undefined || !seen.isNew(nonce)) return refuse(res, 403)
      if (url.startsWith('/probe/')) return sendText(res, answerToProbe(key, url))
    }
    const [, sha256 = '', stripe = '', first = ''] = stripePath.exec(url) ?? []
    const opening = blobs.get(sha256)
    if (method !== 'GET') return refuse(res, 405)
    if (opening === undefined) return refuse(res, 404)
    const controller = new AbortController()
    res.once('close', () => controller.abort())
    const turn = await admission.enter({
      remoteAddress: req.socket.remoteAddress,
      closed: controller.signal,
      // A refused client has other sources.
      holdMs: 0,
      cut: () => res.destroy(),
    })
    if (turn === undefined) return
    if ('place' in turn) return refuse(res, 503, { 'Retry-After': turn.retryAfterSeconds })
    try {
      const blob = await opening
      if (res.destroyed) return
      if (Number(first) > (blob.stripes[Number(stripe)]?.length ?? -1)) return refuse(res, 404)
      await sendStripe(res, blob, Number(stripe), Number(first), turn, controller.signal)
    } finally {
      turn.leave()
    }
  }

  const server = createServer(
    {
      headersTimeout: 5000,
      requestTimeout: 5000,
      connectionsCheckingInterval: 2000,
      keepAliveTimeout: 1000,
      maxHeaderSize: 4096,
    },
    (req, res) => {
      res.shouldKeepAlive = false
      res.on('error', () => undefined)
      answer(req, res).catch(() => res.destroy())
    },
  )
  guardConnections(server, maxConnections)
  server.timeout = idleMs
  // Serving does not keep the executor alive.
  server.unref()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // Without an address, Node falls back to IPv4 where there is no IPv6.
    server.listen(
      { port: 0, ...(bind !== '::' && { host: bind.replace(/^\[|\]$/g, '') }) },
      resolve,
    )
  })
  server.on('error', () => undefined)

  return {
    port: (server.address() as AddressInfo).port,
    serve(sha256, opening) {
      blobs.set(sha256, opening)
      return () => {
        if (blobs.get(sha256) === opening) blobs.delete(sha256)
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function refuse(res: ServerResponse, status: number, headers: OutgoingHttpHeaders = {}): void {
  res.writeHead(status, { ...headers, 'Content-Length': 0 }).end()
}

function sendText(res: ServerResponse, text: string): void {
  res.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': text.length }).end(text)
}

/** The rest of a stripe, each run as soon as it is there; cut when the blob is given up. */
async function sendStripe(
  res: ServerResponse,
  blob: RelayedBlob,
  stripe: number,
  first: number,
  turn: Turn,
  closed: AbortSignal,
): Promise<void> {
  const runs = (blob.stripes[stripe] ?? []).slice(first)
  const length = runs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  res.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': length })
  res.flushHeaders()
  for (const index of runs.keys()) {
    if (!(await blob.until(stripe, first + index, closed))) {
      res.destroy()
      return
    }
    await sendRun(res, await blob.read(stripe, first + index), turn)
  }
  res.end()
}

async function sendRun(res: ServerResponse, run: Buffer, turn: Turn): Promise<void> {
  for (let offset = 0; offset < run.length;) {
    const bytes = await turn.grant(run.length - offset)
    if (bytes === 0) return
    if (!res.write(run.subarray(offset, (offset += bytes)))) await drained(res)
    turn.settle(!res.destroyed)
  }
}

function drained(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      res.off('drain', go)
      res.off('close', go)
      resolve()
    }
    res.on('drain', go)
    res.on('close', go)
    if (res.destroyed) go()
  })
}
