/** The inspector's server: the page's files over HTTP, its questions over one WebSocket. */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { findForeignRequest } from '../../access/foreign-request.ts'
import { guardConnections } from '../../access/guard-connections.ts'
import { JarcastError } from '../../errors.ts'
import { createAppTable } from './app-table.ts'
import type { AppTable } from './app-table.ts'
import { createPageFiles } from './page-files.ts'
import { serveWatcher } from './watcher.ts'

export interface InspectorServerOptions {
  /** Address to listen on. Default `127.0.0.1`. */
  readonly host?: string
  /** Default 0: any free port. */
  readonly port?: number
}

export interface InspectorServer {
  /** What to open in a browser: `http://127.0.0.1:41234/`. */
  readonly url: string
  readonly apps: AppTable
  /** Ends all connections; resolves once the port is free. */
  close(): Promise<void>
}

const maxConnections = 256
/** A question is short; its longest part is the event of a branch. */
const maxQuestionBytes = 256 * 1024

/** Starts the server. Rejects with INSPECTOR_FAILED where it cannot listen. */
export async function startInspectorServer({
  host = '127.0.0.1',
  port = 0,
}: InspectorServerOptions = {}): Promise<InspectorServer> {
  const apps = createAppTable()
  const sendPage = createPageFiles()
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxQuestionBytes })
  const server = createServer({ maxHeaderSize: 16 * 1024 }, (req, res) => {
    const reason = findForeignRequest(req, { hosts: [] })
    if (reason === undefined) sendPage(req, res)
    else refuse(res, reason)
  })
  guardConnections(server, maxConnections)
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => undefined)
    if (findForeignRequest(req, { hosts: [] }) !== undefined) return refuseUpgrade(socket)
    if (req.url !== '/inspector/socket') return refuseUpgrade(socket)
    sockets.handleUpgrade(req, socket, head, (watcher) => serveWatcher(watcher, apps))
  })
  await listening(server, host, port)
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}/`,
    apps,
    close: () =>
      new Promise((resolve) => {
        for (const watcher of sockets.clients) watcher.terminate()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function refuse(res: ServerResponse, reason: string): void {
  res.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' })
  res.end(`${reason}\n`)
}

function refuseUpgrade(socket: Duplex): void {
  socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const message = `the inspector cannot listen on port ${port} of ${host} (${cause.code ?? cause.message}): name another with --inspect HOST:PORT`
      reject(new JarcastError('INSPECTOR_FAILED', message, { cause, details: { host, port } }))
    })
    server.listen({ host, port }, resolve)
  })
}
