/** HTTP servers of masters and agents. */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { guardConnections } from '../../access/guard-connections.ts'
import { keepIdleConnections, writeAnswer } from './http.ts'
import type { TlsMaterial } from './tls.ts'
import { answerWebPage } from './web-pages.ts'
import type { WebPageRules } from './web-pages.ts'

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void

/** An address that outlives its server. */
export interface Site {
  readonly url: string
  readonly port: number
  /** Listens again. Rejects if the port is taken. */
  open(): Promise<void>
  /** Frees the port and cuts every connection. */
  close(): Promise<void>
}

export interface SiteOptions {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly tls: TlsMaterial | undefined
  /** Delay of a request. */
  readonly delayMs: () => number
  readonly webPages: WebPageRules
  readonly handle: Handler
  /**
   * Maximum number of connections. At the limit, a new one replaces one of the address with the
   * most. Default 8192.
   */
  readonly maxConnections?: number
}

/** Listens, for HTTPS if there is a certificate. Rejects if the address cannot be used. */
export async function openSite({ handle, host, tls, ...options }: SiteOptions): Promise<Site> {
  async function open(at: number): Promise<Server> {
    const opened = createFor(tls)
    guardConnections(opened, options.maxConnections ?? 8192)
    serve(opened, options.delayMs, async (request, response) => {
      if (!answerWebPage(request, response, options.webPages)) await handle(request, response)
    })
    await listen(opened, host, at)
    return opened
  }

  let server: Server | undefined = await open(options.port)
  const { port } = server.address() as AddressInfo
  return {
    url: urlOf(host, port, tls),
    port,
    async open() {
      server ??= await open(port)
    },
    async close() {
      const closing = server
      server = undefined
      if (closing !== undefined) await closeServer(closing)
    },
  }
}

function createFor(tls: TlsMaterial | undefined): Server {
  const server =
    tls === undefined ? createServer() : createTlsServer({ cert: tls.cert, key: tls.key })
  keepIdleConnections(server)
  return server
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await sleep(ms)
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/**
 * Serves the requests of each connection one after the other: a client may send one before the
 * answer to the last, and Mesos handles them in order. Their delays run at the same time. A failing
 * handler ends only its own request, with 500.
 */
function serve(server: Server, delayMs: () => number, handler: Handler): void {
  const turns = new WeakMap<Socket, Promise<void>>()
  server.on('request', (request, response) => {
    const handled = Promise.all([turns.get(request.socket), pause(delayMs())])
      .then(() => handler(request, response))
      .catch(() => {
        if (response.headersSent) response.destroy()
        else writeAnswer(response, { status: 500 })
      })
    turns.set(request.socket, handled)
  })
}

/** Frees the port and cuts every connection. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** The path without its query. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?')[0] ?? '/'
}

function urlOf(host: string, port: number, tls: TlsMaterial | undefined): string {
  const authority = host.includes(':') ? `[${host}]` : host
  return `${tls === undefined ? 'http' : 'https'}://${authority}:${port}`
}
