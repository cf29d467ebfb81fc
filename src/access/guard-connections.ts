/**
 * Keeps one sender from having all the connections of a server. As long as there is room, everybody may have what it likes;
 * when there is none, the sender with the most gives one of its own up for a newcomer: one that waits for another request,
 * then one whose request has not come, then one that is being answered.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Server as NetServer, Socket } from 'node:net'
import { senderOf } from './remote-address.ts'

interface Connection {
  readonly socket: Socket
  readonly sender: string
  readonly sinceMs: number
  /** Requests that are being answered. */
  answering: number
  hasAsked: boolean
}

/** Of one sender by remote port, oldest first. */
type Connections = Map<number, Connection>

/**
 * Connections that are being answered are closed only of a sender with more than this part of all: where there is no room
 * because there are many senders, newcomers are turned away.
 */
const largePart = 1 / 8
/** Longer than a client takes to send its request once it is connected. */
const askMs = 1000

/**
 * Watches a server that is not listening yet, and the HTTP or HTTPS servers that answer on its connections: itself, unless they
 * are given. A connection for which there is no room is destroyed.
 * A connection is known by its remote address and port, since the socket of a request over TLS is another than the one that
 * was accepted.
 */
export function guardConnections(server: Server, maxConnections: number): void
export function guardConnections(
  server: NetServer,
  maxConnections: number,
  answering: readonly Server[],
): void
export function guardConnections(
  server: NetServer,
  maxConnections: number,
  answering: readonly NetServer[] = [server],
): void {
  const senders = new Map<string, Connections>()
  let count = 0

  function most(): Connections | undefined {
    let best: Connections | undefined
    for (const connections of senders.values()) {
      if (best === undefined || connections.size > best.size) best = connections
    }
    return best
  }

  function forget({ sender, socket }: Connection, port: number): void {
    const connections = senders.get(sender)
    if (connections?.get(port)?.socket !== socket) return
    connections.delete(port)
    count -= 1
    if (connections.size === 0) senders.delete(sender)
  }

  /** False when the newcomer has no better claim than any that is there. */
  function makeRoom(newcomer: Connections | undefined): boolean {
    const crowd = most()
    if (crowd === undefined) return false
    // Who has as many as any makes room among its own.
    const isLarger = crowd.size > (newcomer?.size ?? 0) + 1
    const mayCut = isLarger && crowd.size > maxConnections * largePart
    const victim = leastUseful(isLarger ? crowd : (newcomer ?? new Map()), mayCut)
    if (victim === undefined) return false
    const [port, connection] = victim
    forget(connection, port)
    connection.socket.destroy()
    return true
  }

  function add(socket: Socket): void {
    const { remoteAddress, remotePort } = socket
    // Gone before it was looked at.
    if (remotePort === undefined) return
    const sender = senderOf(remoteAddress)
    if (count >= maxConnections && !makeRoom(senders.get(sender))) {
      // The server's own listeners have not seen it yet, and expect it to be open.
      setImmediate(() => socket.destroy())
      return
    }
    const connections = senders.get(sender) ?? new Map<number, Connection>()
    senders.set(sender, connections)
    const sinceMs = performance.now()
    const connection = { socket, sender, sinceMs, answering: 0, hasAsked: false }
    connections.set(remotePort, connection)
    count += 1
    socket.once('close', () => forget(connection, remotePort))
  }

  function note(req: IncomingMessage, res: ServerResponse): void {
    const { remoteAddress, remotePort } = req.socket
    const connection = senders.get(senderOf(remoteAddress))?.get(remotePort ?? -1)
    if (connection === undefined) return
    connection.hasAsked = true
    connection.answering += 1
    res.once('close', () => {
      connection.answering -= 1
    })
  }

  // Beyond it even the looking is too much.
  server.maxConnections = maxConnections + 64
  server.prependListener('connection', add)
  for (const each of answering) each.prependListener('request', note)
}

/** One that is late with its request, one that waits for another, one that has not asked yet, one that is being answered. */
function leastUseful(
  connections: Connections,
  mayCut: boolean,
): readonly [port: number, Connection] | undefined {
  const nowMs = performance.now()
  let [idle, silent, first]: (readonly [number, Connection] | undefined)[] = []
  // One look at each, and mostly one at all: the oldest come first.
  for (const each of connections) {
    const [, { answering, hasAsked, sinceMs }] = each
    first ??= each
    if (answering > 0) continue
    if (!hasAsked && nowMs - sinceMs > askMs) return each
    if (hasAsked) idle ??= each
    silent ??= each
  }
  return idle ?? silent ?? (mayCut ? first : undefined)
}
