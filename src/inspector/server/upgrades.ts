/** WebSockets of the inspector: pages, receivers of frames, and programs that send them. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { pageProtocol } from './access.ts'
import type { Access } from './access.ts'
import { createSocketLimits } from './socket-limits.ts'

export interface UpgradeHandlers {
  readonly page: (socket: WebSocket) => void
  readonly receiver: (socket: WebSocket, app: string | undefined) => void
  readonly program: (socket: WebSocket) => void
}

export interface Upgrades {
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): void
}

/** A question is short; its longest part is the event of a branch. */
const maxQuestionBytes = 256 * 1024
/** A snapshot has the whole context of an actor. */
const maxFrameBytes = 16 * 1024 * 1024
/** Close code that tells our page to ask for the token. */
const tokenMissing = 4401

export function createUpgrades(access: Access, handlers: UpgradeHandlers): Upgrades {
  const sockets = createServer(maxQuestionBytes)
  const frames = createServer(maxFrameBytes)
  const pages = createSocketLimits(128, 64)
  const programs = createSocketLimits(64, 32)

  function upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => undefined)
    if (access.findForeign(req) !== undefined) return refuse(socket, '403 Forbidden')
    const { pathname, app } = readUrl(req.url)
    const isPage = pathname === '/inspector/socket'
    const isReader = isPage || pathname === '/receive'
    const isPermitted = access.isPermitted(req)
    if (!isPage && !isPermitted) return refuse(socket, '401 Unauthorized')
    const giveBack = (isReader ? pages : programs).take(req.socket.remoteAddress)
    if (giveBack === undefined) return refuse(socket, '503 Service Unavailable')
    socket.once('close', giveBack)
    const server = isReader ? sockets : frames
    server.handleUpgrade(req, socket, head, (opened) => {
      if (!isPermitted) sendAway(opened)
      else if (isPage) handlers.page(opened)
      else if (isReader) handlers.receiver(opened, app)
      else handlers.program(opened)
    })
  }

  return {
    upgrade,
    close() {
      for (const { clients } of [sockets, frames]) for (const each of clients) each.terminate()
    },
  }
}

function createServer(maxPayload: number): WebSocketServer {
  // The token is a subprotocol too, and must not be in the answer.
  const handleProtocols = (offered: Set<string>) => offered.has(pageProtocol) && pageProtocol
  return new WebSocketServer({ noServer: true, maxPayload, handleProtocols })
}

/** A browser does not tell a page why an upgrade was refused, but why a WebSocket was closed. */
function sendAway(socket: WebSocket): void {
  socket.on('error', () => undefined)
  socket.close(tokenMissing, 'a token is needed')
  setTimeout(() => socket.terminate(), 1000).unref()
}

function readUrl(url = ''): { readonly pathname: string; readonly app: string | undefined } {
  const [pathname = '', query = ''] = url.split('?')
  return { pathname, app: new URLSearchParams(query).get('app') ?? undefined }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
}
