/**
 * Limits the connections of all servers of a process together. Each connection is an open file; if
 * the system allows few, the servers must leave some for journals, calls and processes.
 */
import { readFileSync } from 'node:fs'

/** The connections of one server. */
export interface PooledConnections {
  readonly count: number
  /** Closes a connection for a newcomer of this sender. False if none has a weaker claim. */
  makeRoom(sender: string): boolean
}

export interface ConnectionPool {
  readonly maxConnections: number
  /** Servers with connections. */
  readonly members: Set<PooledConnections>
}

/** A connection may need a second file, for the blob that is sent; the rest is for other uses. */
const partOfFiles = 1 / 3

/** Makes a pool without connections. */
export function createConnectionPool(maxConnections: number): ConnectionPool {
  return { maxConnections, members: new Set() }
}

/** The pool of this process. */
export const ownPool = createConnectionPool(Math.floor(readOpenFiles() * partOfFiles))

/**
 * True if the pool takes another connection. When it is full, the server with the most connections
 * loses one.
 */
export function hasRoom({ maxConnections, members }: ConnectionPool, sender: string): boolean {
  let total = 0
  let fullest: PooledConnections | undefined
  for (const each of members) {
    total += each.count
    if (fullest === undefined || each.count > fullest.count) fullest = each
  }
  return total < maxConnections || fullest?.makeRoom(sender) === true
}

/** Maximum number of open files of this process; Infinity if unknown. */
function readOpenFiles(): number {
  try {
    return parseOpenFiles(readFileSync('/proc/self/limits', 'latin1'))
  } catch {
    return Infinity
  }
}

/** Reads the soft limit. Source: proc(5), /proc/pid/limits. */
export function parseOpenFiles(limits: string): number {
  return Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Infinity)
}
