import { connect as connectTcp, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { SchedulerLike } from 'rxjs'
import { HttpFailure } from './http-failure.ts'
import type { TlsSettings } from './tls.ts'

export interface ConnectorOptions {
  /** For https. */
  readonly tls: TlsSettings
  /** Maximum time for the TCP and TLS handshakes. */
  readonly connectTimeoutMs: number
  readonly scheduler: SchedulerLike
}

/** Opens connections to servers, and knows all that are open. */
export interface Connector {
  /**
   * `onConnected` is called when data can flow. After `connectTimeoutMs` the socket is destroyed
   * with an `HttpFailure`.
   */
  connect(url: URL, onConnected: () => void): Socket
  /** Closes every connection; resolves when they are closed. */
  close(): Promise<void>
}

/** TCP probes a silent peer after this time, ms. */
const keepAliveMs = 30_000

export function createConnector({ tls, connectTimeoutMs, scheduler }: ConnectorOptions): Connector {
  const sockets = new Set<Socket>()
  return {
    connect: (url, onConnected) => {
      const socket = openSocket(url, tls)
      sockets.add(socket)
      const late = () =>
        socket.destroy(
          new HttpFailure('connect', `no connection within ${connectTimeoutMs / 1000} s`),
        )
      const timer = scheduler.schedule(late, connectTimeoutMs)
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        timer.unsubscribe()
        socket.setNoDelay(true)
        socket.setKeepAlive(true, keepAliveMs)
        onConnected()
      })
      socket.once('close', () => {
        timer.unsubscribe()
        sockets.delete(socket)
      })
      return socket
    },
    close: async () => {
      const closed = Array.from(
        sockets,
        (socket) => new Promise((resolve) => socket.once('close', resolve)),
      )
      for (const socket of sockets) socket.destroy()
      await Promise.all(closed)
    },
  }
}

function openSocket({ protocol, hostname, port }: URL, tls: TlsSettings): Socket {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (protocol !== 'https:') return connectTcp({ host, port: Number(port || 80) })
  // Server names are names of hosts only (RFC 6066, 3).
  const servername = isIP(host) === 0 ? host : ''
  return connectTls({ host, port: Number(port || 443), servername, ...tls })
}
