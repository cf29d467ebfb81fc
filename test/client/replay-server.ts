import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface SeenRequest {
  readonly headers: IncomingHttpHeaders
  readonly url: string | undefined
  readonly body: Buffer
  /** The connection that it came on; equal for kept-alive ones. */
  readonly socket: Socket
}

export interface ReplayServer {
  readonly url: string
  readonly port: number
  readonly seen: SeenRequest[]
  readonly sockets: Set<Socket>
  /** Resolves when `isTrue` holds; looked at whenever a request arrives or a connection opens or closes. */
  until(isTrue: () => boolean): Promise<void>
  close(): Promise<void>
}

export type Handler = (seen: SeenRequest, response: ServerResponse) => void | Promise<void>

/** Starts an HTTP server on an ephemeral port (or a given one) that remembers what it was asked. */
export async function startServer(
  handler: Handler,
  { host = '127.0.0.1', port = 0 }: { readonly host?: string; readonly port?: number } = {},
): Promise<ReplayServer> {
  const seen: SeenRequest[] = []
  const sockets = new Set<Socket>()
  const waiting = new Set<() => void>()
  const changed = () => {
    for (const look of waiting) look()
  }
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { headers, url, socket } = request
    const one = { headers, url, socket, body: Buffer.concat(chunks) }
    seen.push(one)
    changed()
    await handler(one, response)
  }
  const server = createServer((request, response) => {
    // A client that goes away while its request is read is part of several tests.
    answer(request, response).catch(() => response.destroy())
  })
  server.keepAliveTimeout = 0
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      changed()
    })
    changed()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const bound = (server.address() as AddressInfo).port
  return {
    url: `http://${host}:${bound}`,
    port: bound,
    seen,
    sockets,
    until: (isTrue) =>
      new Promise((resolve) => {
        const look = () => {
          if (!isTrue()) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Bytes that were recorded from a real master or agent. */
export function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/mesos/${name}`, import.meta.url))
}

/** Opens an event stream as a master does, and leaves it open. */
export function openStream(
  response: ServerResponse,
  mediaType = 'application/x-protobuf',
  streamId = 'stream-1',
): void {
  response.writeHead(200, { 'Content-Type': mediaType, 'Mesos-Stream-Id': streamId })
  response.flushHeaders()
}

/** Writes `bytes` in pieces of `size`, each in a TCP segment of its own as far as the system lets us. */
export async function writePieces(
  response: ServerResponse,
  bytes: Uint8Array,
  size: number,
): Promise<void> {
  for (let at = 0; at < bytes.length; at += size) {
    await new Promise((resolve) => response.write(bytes.subarray(at, at + size), resolve))
  }
}
