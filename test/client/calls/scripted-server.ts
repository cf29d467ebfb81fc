import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { TlsOptions } from 'node:tls'

/** A server that reads bytes and writes what a test tells it to. */
export interface ScriptedServer {
  readonly url: URL
  /** The bytes of each connection, in the pieces in which they came. */
  readonly pieces: string[][]
  readonly sockets: Socket[]
  /** Writes to the last connection. */
  write(text: string): void
  /** Resolves when `isTrue` holds; looked at when bytes come or a connection opens or closes. */
  until(isTrue: () => boolean): Promise<void>
  close(): Promise<void>
}

/** Over TLS with `tls`. */
export async function startScripted({
  tls,
  host = '127.0.0.1',
}: { readonly tls?: TlsOptions; readonly host?: string } = {}): Promise<ScriptedServer> {
  const pieces: string[][] = []
  const sockets: Socket[] = []
  const looks = new Set<() => void>()
  const changed = () => {
    for (const look of looks) look()
  }
  const onSocket = (socket: Socket) => {
    const own: string[] = []
    pieces.push(own)
    sockets.push(socket)
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.on('close', changed)
    socket.on('data', (bytes: Buffer) => {
      own.push(bytes.toString('latin1'))
      changed()
    })
    changed()
  }
  const server = tls === undefined ? createServer(onSocket) : createTlsServer(tls, onSocket)
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  const authority = host.includes(':') ? `[${host}]` : host
  return {
    url: new URL(`${tls === undefined ? 'http' : 'https'}://${authority}:${port}/calls`),
    pieces,
    sockets,
    write: (text) => void sockets.at(-1)?.write(text, 'latin1'),
    until: (isTrue) =>
      new Promise((resolve) => {
        const look = () => {
          if (!isTrue()) return
          looks.delete(look)
          resolve()
        }
        looks.add(look)
        look()
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
