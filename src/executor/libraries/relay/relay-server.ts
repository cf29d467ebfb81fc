/**
 * Serves the libraries of this executor to other executors, also while it receives them:
 * `GET /blobs/<sha256>/stripes/<stripe>/<first run>`, as the jar server does. It sends only
 * verified bytes. The body of a request may acknowledge runs, one byte for each.
 */
import { createServer } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdmission } from '../../../access/admission.ts'
import { createTurns } from '../../../access/connection-turns.ts'
import { findForeignRequest } from '../../../access/foreign-request.ts'
import { guardConnections } from '../../../access/guard-connections.ts'
import { endpointOf } from '../../../access/remote-address.ts'
import { createSeen } from '../../../access/seen.ts'
import { defined } from '../../../defined.ts'
import { answerToProbe, nonceOfRelayRequest } from '../../../domain/libraries/library-access.ts'
import type { RelayKeys } from '../transfer/set-access.ts'
import { readReceipts } from './receipts.ts'
import type { RelayedBlob } from './blob/relayed-blob.ts'
import { sendStripe } from './send-stripe.ts'
import type { StripeRest } from './send-stripe.ts'

/** Stripes sent at the same time, half of them to one address: more than the planner assigns. */
const maxStreams = 32
const maxConnections = 256
const idleMs = 30_000
const limits = {
  headersTimeout: 5000,
  // Requests for stripes end with their answers.
  requestTimeout: 0,
  connectionsCheckingInterval: 2000,
  keepAliveTimeout: 1000,
  maxHeaderSize: 4096,
}

const libraryPath = /^\/(?:blobs|probe)\/([0-9a-f]{64})\//
const stripePath = /^\/blobs\/([0-9a-f]{64})\/stripes\/(\d)\/(\d{1,8})$/

/**
 * Listens on any free port of the address `bind`. Each request must be signed with the key of its
 * library and a fresh nonce; without keys, every request is allowed. Rejects with the system's
 * error.
 */
export async function startRelayServer(relayKeys?: RelayKeys, bind = '::'): Promise<RelayServer> {
  const server = new RelayServer(relayKeys)
  await server.listen(bind)
  return server
}

export class RelayServer {
  readonly #relayKeys: RelayKeys | undefined
  readonly #blobs = new Map<string, Promise<RelayedBlob>>()
  // For ever: the signature names the port, which no other process has while this one lives.
  readonly #seen = createSeen(Infinity, () => 0)
  readonly #admission = createAdmission({ maxStreams })
  readonly #server: Server

  constructor(relayKeys: RelayKeys | undefined) {
    this.#relayKeys = relayKeys
    const inTurn = createTurns()
    this.#server = createServer(limits, (req, res) => {
      res.shouldKeepAlive = false
      res.on('error', () => undefined)
      void inTurn(req.socket, (closed) =>
        // Each stripe needs a signal of its own.
        this.#answer(req, res, AbortSignal.any([closed])).catch(() => void res.destroy()),
      )
    })
    guardConnections(this.#server, maxConnections)
    this.#server.timeout = idleMs
    // Serving does not keep the executor alive.
    this.#server.unref()
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async listen(bind: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      // Without an address, Node falls back to IPv4 where there is no IPv6.
      const host = bind === '::' ? undefined : bind.replace(/^\[|\]$/g, '')
      this.#server.listen({ port: 0, ...defined({ host }) }, resolve)
    })
    this.#server.on('error', () => undefined)
  }

  /**
   * Serves a library; requests wait until `opening` resolves. Returns a function that ends the
   * service.
   */
  serve(sha256: string, opening: Promise<RelayedBlob>): () => void {
    this.#blobs.set(sha256, opening)
    return () => {
      if (this.#blobs.get(sha256) === opening) this.#blobs.delete(sha256)
    }
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  async #answer(req: IncomingMessage, res: ServerResponse, closed: AbortSignal): Promise<void> {
    const { method = '', url = '' } = req
    if (findForeignRequest(req, { hosts: [] }) !== undefined) return refuse(res, 403)
    const key = this.#findKey(req)
    if (typeof key === 'number') return refuse(res, key)
    if (key !== undefined && url.startsWith('/probe/'))
      return sendText(res, answerToProbe(key, url))
    const [, sha256 = '', stripe = '', first = ''] = stripePath.exec(url) ?? []
    const opening = this.#blobs.get(sha256)
    if (method !== 'GET') return refuse(res, 405)
    if (opening === undefined) return refuse(res, 404)
    await this.#sendInTurn(req, res, closed, async () => {
      const blob = await opening
      return { blob, stripe: Number(stripe), first: Number(first) }
    })
  }

  /**
   * The key that the request is signed with; undefined if none is needed; the status of a refusal.
   */
  #findKey({
    method = '',
    url = '',
    headers,
    socket,
  }: IncomingMessage): string | number | undefined {
    if (this.#relayKeys?.isOpen() !== false) return undefined
    const key = this.#relayKeys.of(libraryPath.exec(url)?.[1] ?? '')
    const { authorization } = headers
    if (authorization === undefined) return 401
    if (key === undefined) return 403
    const to = endpointOf(socket.localAddress, socket.localPort)
    const nonce = nonceOfRelayRequest(authorization, key, { to, method, path: url })
    return nonce !== undefined && this.#seen.isNew(nonce) ? key : 403
  }

  async #sendInTurn(
    req: IncomingMessage,
    res: ServerResponse,
    closed: AbortSignal,
    open: () => Promise<StripeRest>,
  ): Promise<void> {
    const turn = await this.#admission.enter({
      remoteAddress: req.socket.remoteAddress,
      closed,
      // A refused client has other sources.
      holdMs: 0,
      cut: () => void req.socket.destroy(),
    })
    if (turn === undefined) return
    if ('place' in turn) return refuse(res, 503, { 'Retry-After': turn.retryAfterSeconds })
    try {
      const rest = await open()
      if (closed.aborted) return
      const runs = rest.blob.stripes[rest.stripe]?.length ?? -1
      if (rest.first > runs) return refuse(res, 404)
      const receipts = readReceipts(req, runs - rest.first, closed)
      await sendStripe(res, rest, turn, receipts, closed)
    } finally {
      turn.leave()
    }
  }
}

function refuse(res: ServerResponse, status: number, headers: OutgoingHttpHeaders = {}): void {
  res.writeHead(status, { ...headers, 'Content-Length': 0 }).end()
}

function sendText(res: ServerResponse, text: string): void {
  res.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': text.length }).end(text)
}
