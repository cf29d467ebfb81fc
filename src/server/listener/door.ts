/** The port of a jar server: plain http, or together with https on the same port. */
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Server as TlsServer } from 'node:tls'

/** Type of a TLS handshake record. Source: RFC 8446 section 5.1. */
const handshake = 22
/** Time for the first byte, and for the handshake. */
const handshakeMs = 10_000

export interface Door {
  /** Listens. Emits 'connection' for each connection before it is taken. */
  readonly server: Server
  /** Closes all connections, including those that have sent nothing yet. */
  closeAllConnections(): void
}

/**
 * Hands all connections to `take`: those that begin with a TLS handshake as their decrypted side.
 * `secure`: from `createSecureServer`; without it, all connections are plain. With it, a connection
 * without a byte is closed after 10 s.
 */
export function createDoor(take: (socket: Socket) => void, secure?: TlsServer): Door {
  const sockets = new Set<Socket>()
  const takeEach = secure === undefined ? take : byFirstByte(take, secure)
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    takeEach(socket)
  })
  return {
    server,
    closeAllConnections() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** The server of TLS connections. It has no certificate yet, and does not listen itself. */
export function createSecureServer(): TlsServer {
  return createTlsServer({ handshakeTimeout: handshakeMs, ALPNProtocols: ['http/1.1'] })
}

function byFirstByte(take: (socket: Socket) => void, secure: TlsServer): (socket: Socket) => void {
  secure.on('secureConnection', take)
  secure.on('tlsClientError', (_error, socket) => socket.destroy())
  return (socket) => {
    const close = (): void => void socket.destroy()
    socket.on('error', close).once('end', close).setTimeout(handshakeMs, close)
    socket.once('data', (bytes: Buffer) => {
      socket.pause().unshift(bytes)
      socket.off('end', close).off('timeout', close).setTimeout(0)
      if (bytes[0] === handshake) {
        // TLS has a message of its own for the end, so half a connection is of no use.
        socket.allowHalfOpen = false
        secure.emit('connection', socket)
      } else {
        take(socket)
      }
      // Resume only after the new listeners are there.
      process.nextTick(() => socket.resume())
    })
  }
}
