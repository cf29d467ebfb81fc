/** The inspector's server: the page's files over HTTP, its questions over one WebSocket. */
import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import { guardConnections } from '../../access/guard-connections.ts'
import { JarcastError } from '../../errors.ts'
import type { FrameCharts } from '../frame-app/frame-scene.ts'
import { createAccess } from './access.ts'
import type { AccessOptions } from './access.ts'
import { createAppTable } from './app-table.ts'
import type { AppTable } from './app-table.ts'
import { createExchange } from './exchange.ts'
import type { ImportOptions } from './imports.ts'
import { createPageFiles } from './page-files.ts'
import { createPrograms } from './programs.ts'
import { createReceivers } from './receivers.ts'
import type { Receivers } from './receivers.ts'
import { createUpgrades } from './upgrades.ts'
import { serveWatcher } from './watcher.ts'
import { createWatchers } from './watchers.ts'
import type { Watchers } from './watchers.ts'

export interface InspectorServerOptions extends Partial<AccessOptions> {
  /** Default 0: any free port. */
  readonly port?: number
  /** Draws the machines of programs that send frames; without, they are refused. */
  readonly charts?: FrameCharts
  /** Opens a journal from a reader's disk; without, such files are refused. */
  readonly openJournal?: ImportOptions['openJournal']
  /** Apps that are listed before it listens, and who will watch them. Default: new ones. */
  readonly apps?: AppTable
  readonly watchers?: Watchers
  /** True: the server does not keep the process alive. */
  readonly isBackground?: boolean
}

export interface InspectorServer {
  /** What to open in a browser: `http://127.0.0.1:41234/`. */
  readonly url: string
  readonly apps: AppTable
  readonly receivers: Receivers
  /** Pages and receivers that are connected. */
  readonly watchers: Watchers
  /** Ends all connections; resolves once the port is free. */
  close(): Promise<void>
}

const maxConnections = 256

/**
 * Starts the server, on 127.0.0.1 by default. Rejects with INSPECTOR_FAILED where it cannot listen,
 * and with CONFIG_INVALID for an address that needs a token.
 */
export async function startInspectorServer(
  options: InspectorServerOptions = {},
): Promise<InspectorServer> {
  const { host = '127.0.0.1', port = 0, charts, isBackground = false } = options
  const access = createAccess({ ...options, host })
  const { apps = createAppTable(), watchers = createWatchers() } = options
  const receivers = createReceivers(apps)
  const programs = charts && createPrograms({ apps, charts, receivers })
  const sendPage = createPageFiles()
  const exchange = createExchange({ access, apps, charts, openJournal: options.openJournal })
  const server = createServer({ maxHeaderSize: 16 * 1024 }, (req, res) => {
    const reason = access.findForeign(req)
    if (reason !== undefined) refuse(res, reason)
    else if (!exchange.serve(req, res)) sendPage(req, res)
  })
  const upgrades = createUpgrades(access, {
    page: (socket) => {
      watchers.add(socket)
      serveWatcher(socket, apps)
    },
    receiver: (socket, app) => {
      watchers.add(socket)
      receivers.serve(socket, app)
    },
    program: (socket) => {
      if (programs === undefined) socket.close(1008, 'frames are not taken here')
      else programs.serve(socket)
    },
  })
  const guard = guardConnections(server, maxConnections)
  server.on('upgrade', (req, socket, head) => {
    guard.noteUpgrade(req)
    upgrades.upgrade(req, socket, head)
  })
  if (isBackground) {
    server.unref()
    server.on('connection', (socket) => socket.unref())
  }
  await listening(server, host, port)
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${nameIn(host)}:${taken}/`,
    apps,
    receivers,
    watchers,
    close: () =>
      new Promise((resolve) => {
        upgrades.close()
        exchange.close()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** How a browser reaches an address to listen on. */
function nameIn(host: string): string {
  if (host === '0.0.0.0' || host === '::') return hostname()
  return host.includes(':') ? `[${host}]` : host
}

function refuse(res: ServerResponse, reason: string): void {
  res.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' })
  res.end(`${reason}\n`)
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    // Also later, as without descriptors for a connection: a page never ends what it shows.
    server.on('error', (cause: NodeJS.ErrnoException) => {
      const message = `the inspector cannot listen on port ${port} of ${host} (${cause.code ?? cause.message}): name another with --inspect HOST:PORT`
      reject(new JarcastError('INSPECTOR_FAILED', message, { cause, details: { host, port } }))
    })
    server.listen({ host, port }, resolve)
  })
}
