/** HTTP servers as master and agents need them. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { keepIdleConnections, writeAnswer } from './http.ts'
import type { TlsMaterial } from './tls.ts'

export interface Listener {
  readonly server: Server
  readonly port: number
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void

/** Listens, for HTTPS when there is a certificate; rejects when the address cannot be had. */
export function listen(
  host: string,
  port: number,
  tls: TlsMaterial | undefined,
): Promise<Listener> {
  const server =
    tls === undefined ? createServer() : createTlsServer({ cert: tls.cert, key: tls.key })
  keepIdleConnections(server)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve({ server, port: (server.address() as AddressInfo).port })
    })
  })
}

/** Serves requests; a failing handler costs its own request only. */
export function serve(server: Server, handler: Handler): void {
  server.on('request', (request, response) => {
    void Promise.resolve()
      .then(() => handler(request, response))
      .catch(() => {
        if (response.headersSent) response.destroy()
        else writeAnswer(response, { status: 500 })
      })
  })
}

/** Frees the port and cuts every connection. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** The path without its query. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?')[0] ?? '/'
}

/** `http://host:port`, or https. */
export function urlOf(host: string, port: number, tls: TlsMaterial | undefined): string {
  const authority = host.includes(':') ? `[${host}]` : host
  return `${tls === undefined ? 'http' : 'https'}://${authority}:${port}`
}
