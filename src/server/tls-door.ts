/** One port for a server that speaks TLS and one that does not: the first byte of a connection says which of them is meant. */
import type { Server as HttpServer } from 'node:http'
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { guardConnections } from '../access/guard-connections.ts'

/** Of a TLS record with a handshake. Source: RFC 8446 section 5.1. */
const handshake = 22
/** For the first byte. */
const firstByteMs = 10_000

export interface TlsDoor {
  /** Listens in the place of both. */
  readonly server: Server
  /** Closes all connections, also those that have not said yet what they want. */
  closeAllConnections(): void
}

/**
 * Both servers must not listen themselves. Connections that do not send a byte are closed after 10 s, and all of them are guarded
 * from the moment they come: silent ones are as cheap to open as others.
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
      // Once the server has set up its own listeners.
      process.nextTick(() => socket.resume())
    })
  })
  guardConnections(door, maxConnections, [secure, plain])
  door.once('listening', () => {
    // Servers watch the times of their connections from then on.
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
