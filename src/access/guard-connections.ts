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

class Connection implements ConnectionUse {
  readonly socket: Socket
  readonly sender: string
  readonly sinceMs = performance.now()
  /** Number of requests that are being answered. */
  answering = 0
  hasAsked = false

  constructor(socket: Socket, sender: string) {
    this.socket = socket
    this.sender = sender
  }

  begin(): void {
    this.hasAsked = true
    this.answering += 1
  }

  end(): void {
    this.answering -= 1
  }
}

/** Connections of one sender by remote port, oldest first. */
type Connections = Map<number, Connection>
type Victim = readonly [port: number, Connection]

/**
 * A connection that is being answered is closed only if its sender has more than this part of all.
 * If the server is full because there are many senders, newcomers are refused instead.
 */
const largePart = 1 / 8
/** Time for a new client to send its request. */
const askMs = 1000

/** How a connection is used, for the choice of the one that is closed. */
export interface ConnectionUse {
  /** Notes that a request of it is being answered. */
  begin(): void
  /** Notes the end of that answer. */
  end(): void
}

export interface GuardedConnections {
  /** The use of a connection that no HTTP server answers; undefined if there is no room for it. */
  useOf(socket: Socket): ConnectionUse | undefined
  /** Notes that the connection of this request is in use until it closes, as by a WebSocket. */
  noteUpgrade(req: Pick<IncomingMessage, 'socket'>): void
}

/**
 * Guards a server that is not listening yet. `answering`: the HTTP or HTTPS servers that answer on
 * its connections; default: itself. A connection without room is destroyed. `pool` limits the
 * connections of several servers together; default: those of this process, to a third of its open
 * files.
 * Connections are found by remote address and port, since the socket of a request over TLS is not
 * the one that was accepted.
 */
export function guardConnections(server: Server, maxConnections: number): GuardedConnections
export function guardConnections(
  server: NetServer,
  maxConnections: number,
  answering: readonly Server[],
  pool?: ConnectionPool,
): GuardedConnections
export function guardConnections(
  server: NetServer,
  wantedConnections: number,
  answering: readonly NetServer[] = [server],
  pool = ownPool,
): GuardedConnections {
  const maxConnections = Math.min(wantedConnections, pool.maxConnections)
  const guard = new ConnectionGuard(maxConnections, pool)
  // Above this number, choosing a connection would cost too much.
  server.maxConnections = maxConnections + 64
  server.prependListener('connection', (socket: Socket) => guard.add(socket))
  for (const each of answering)
    each.prependListener('request', (req: IncomingMessage, res: ServerResponse) =>
      guard.noteRequest(req, res),
    )
  return guard
}

class ConnectionGuard implements PooledConnections, GuardedConnections {
  readonly #maxConnections: number
  readonly #pool: ConnectionPool
  readonly #senders = new Map<string, Connections>()
  #count = 0

  constructor(maxConnections: number, pool: ConnectionPool) {
    this.#maxConnections = maxConnections
    this.#pool = pool
  }

  get count(): number {
    return this.#count
  }

  /** Keeps the connection, or destroys it if there is no room. */
  add(socket: Socket): void {
    const { remoteAddress, remotePort } = socket
    // Closed before this ran.
    if (remotePort === undefined) return
    const sender = senderOf(remoteAddress)
    const isTaken = this.#count < this.#maxConnections || this.makeRoom(sender)
    if (!isTaken || !hasRoom(this.#pool, sender)) {
      // The listeners of the server run after this one, and expect an open socket.
      setImmediate(() => socket.destroy())
      return
    }
    const connection = new Connection(socket, sender)
    this.#keep(connection, remotePort)
    socket.once('close', () => this.#forget(connection, remotePort))
  }

  noteRequest(req: IncomingMessage, res: ServerResponse): void {
    const connection = this.useOf(req.socket)
    if (connection === undefined) return
    connection.begin()
    res.once('close', () => connection.end())
  }

  noteUpgrade({ socket }: Pick<IncomingMessage, 'socket'>): void {
    this.useOf(socket)?.begin()
  }

  useOf({ remoteAddress, remotePort }: Socket): Connection | undefined {
    return this.#senders.get(senderOf(remoteAddress))?.get(remotePort ?? -1)
  }

  makeRoom(sender: string): boolean {
    const victim = chooseVictim(this.#senders, sender, this.#maxConnections * largePart)
    if (victim === undefined) return false
    const [port, connection] = victim
    this.#forget(connection, port)
    connection.socket.destroy()
    return true
  }

  #keep(connection: Connection, port: number): void {
    const connections = this.#senders.get(connection.sender) ?? new Map<number, Connection>()
    this.#senders.set(connection.sender, connections)
    connections.set(port, connection)
    this.#count += 1
    this.#pool.members.add(this)
  }

  #forget({ sender, socket }: Connection, port: number): void {
    const connections = this.#senders.get(sender)
    if (connections?.get(port)?.socket !== socket) return
    connections.delete(port)
    this.#count -= 1
    if (connections.size === 0) this.#senders.delete(sender)
    if (this.#count === 0) this.#pool.members.delete(this)
  }
}

/**
 * The connection to close for a newcomer; undefined when the newcomer has no better claim than the
 * existing connections. One that is being answered is chosen only from a sender with more than
 * `largeCount` connections.
 */
function chooseVictim(
  senders: ReadonlyMap<string, Connections>,
  newcomer: string,
  largeCount: number,
): Victim | undefined {
  const own = senders.get(newcomer) ?? new Map<number, Connection>()
  let largest: Connections = own
  for (const connections of senders.values())
    if (connections.size > largest.size) largest = connections
  // A sender that has as many as any other makes room among its own.
  const isLarger = largest.size > own.size + 1
  return isLarger ? leastUseful(largest, largest.size > largeCount) : leastUseful(own, false)
}

/**
 * Prefers one whose request is late, then one that waits for another request, then one that has not
 * asked yet, then one that is being answered.
 */
function leastUseful(connections: Connections, mayCut: boolean): Victim | undefined {
  const nowMs = performance.now()
  let [idle, silent, first]: (Victim | undefined)[] = []
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
