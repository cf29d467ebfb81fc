/**
 * Prevents one sender from holding all connections of a server. While there is room, every sender
 * gets what it asks for. When there is none, the sender with the most connections loses one to a
 * newcomer: first one that waits for another request, then one whose request has not arrived, then
 * one that is being answered.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Server as NetServer, Socket } from 'node:net'
import { hasRoom, ownPool } from './connection-pool.ts'
import type { ConnectionPool, PooledConnections } from './connection-pool.ts'
import { senderOf } from './remote-address.ts'

interface Connection {
  readonly socket: Socket
  readonly sender: string
  readonly sinceMs: number
  /** Number of requests that are being answered. */
  answering: number
  hasAsked: boolean
}

/** Connections of one sender by remote port, oldest first. */
type Connections = Map<number, Connection>

/**
 * A connection that is being answered is closed only if its sender has more than this part of all.
 * If the server is full because there are many senders, newcomers are refused instead.
 */
const largePart = 1 / 8
/** Time for a client to send its request after it connected. */
const askMs = 1000

/**
 * Guards a server that is not listening yet. `answering`: the HTTP or HTTPS servers that answer on
 * its connections; default: itself. A connection without room is destroyed. `pool` limits the
 * connections of several servers together; default: all of this process, to a third of the files
 * that it may open.
 * Connections are found by remote address and port, since the socket of a request over TLS is not
 * the one that was accepted.
 */
export function guardConnections(server: Server, maxConnections: number): void
export function guardConnections(
  server: NetServer,
  maxConnections: number,
  answering: readonly Server[],
  pool?: ConnectionPool,
): void
export function guardConnections(
  server: NetServer,
  wantedConnections: number,
  answering: readonly NetServer[] = [server],
  pool = ownPool,
): void {
  const maxConnections = Math.min(wantedConnections, pool.maxConnections)
  const senders = new Map<string, Connections>()
  let count = 0
  const pooled: PooledConnections = {
    get count() {
      return count
    },
    makeRoom: (sender) => makeRoom(senders.get(sender)),
  }

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
    if (count === 0) pool.members.delete(pooled)
  }

  /** Returns false when the newcomer has no better claim than the existing connections. */
  function makeRoom(newcomer: Connections | undefined): boolean {
    const crowd = most()
    if (crowd === undefined) return false
    // A sender that has as many as any other makes room among its own.
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
    // Closed before this ran.
    if (remotePort === undefined) return
    const sender = senderOf(remoteAddress)
    const isTaken = count < maxConnections || makeRoom(senders.get(sender))
    if (!isTaken || !hasRoom(pool, sender)) {
      // The listeners of the server run after this one, and expect an open socket.
      setImmediate(() => socket.destroy())
      return
    }
    const connections = senders.get(sender) ?? new Map<number, Connection>()
    senders.set(sender, connections)
    const sinceMs = performance.now()
    const connection = { socket, sender, sinceMs, answering: 0, hasAsked: false }
    connections.set(remotePort, connection)
    count += 1
    pool.members.add(pooled)
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

  // Above this number, choosing a connection would cost too much.
  server.maxConnections = maxConnections + 64
  server.prependListener('connection', add)
  for (const each of answering) each.prependListener('request', note)
}

/**
 * Prefers one whose request is late, then one that waits for another request, then one that has not
 * asked yet, then one that is being answered.
 */
function leastUseful(
  connections: Connections,
  mayCut: boolean,
): readonly [port: number, Connection] | undefined {
  const nowMs = performance.now()
  let [idle, silent, first]: (readonly [number, Connection] | undefined)[] = []
  // Mostly returns at the first one: the oldest come first.
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
