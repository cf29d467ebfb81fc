/** HTTP servers as master and agents need them. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { keepIdleConnections, writeAnswer } from './http.ts'

export interface Listener {
  readonly server: Server
  readonly port: number
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void

/** Listens; rejects when the address cannot be had. */
export function listen(host: string, port: number): Promise<Listener> {
  const server = createServer()
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
