/** One port for https and plain http: the first byte of a connection selects the server. */
import type { Server as HttpServer } from 'node:http'
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { guardConnections } from '../../access/guard-connections.ts'

/** Type of a TLS handshake record. Source: RFC 8446 section 5.1. */
const handshake = 22
/** Time for the first byte. */
const firstByteMs = 10_000

export interface TlsDoor {
  /** Listens for both servers. */
  readonly server: Server
  /** Closes all connections, including those that have sent nothing yet. */
  closeAllConnections(): void
}

/**
 * The two servers must not listen themselves. A connection without a byte is closed after 10 s. All
 * connections are guarded from the start: silent ones cost an attacker as little as others.
 */
export function createTlsDoor(
  secure: HttpServer,
  plain: HttpServer,
  maxConnections: number,
): TlsDoor {
  const sockets = new Set<Socket>()
  const door = createServer((socket) => {
    sockets.add(socket)
    const close = (): void => void socket.destroy()
    socket.once('error', close).once('close', () => sockets.delete(socket))
    socket.setTimeout(firstByteMs, close)
    socket.once('data', (bytes: Buffer) => {
      socket.pause()
      socket.setTimeout(0).off('timeout', close)
      socket.unshift(bytes)
      const server = bytes[0] === handshake ? secure : plain
      server.emit('connection', socket)
      // Resume only after the server has added its listeners.
      process.nextTick(() => socket.resume())
    })
  })
  guardConnections(door, maxConnections, [secure, plain])
  door.once('listening', () => {
    // Servers start their connection timeouts on this event.
    for (const server of [secure, plain]) server.emit('listening')
  })
  door.once('close', () => {
    for (const server of [secure, plain]) server.close()
  })
  return {
    server: door,
    closeAllConnections() {
      for (const socket of sockets) socket.destroy()
    },
  }
}
