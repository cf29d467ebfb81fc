/**
 * The ZooKeeper requests that are needed to find a leader, and the heads of the answers.
 * Source: apache/zookeeper zookeeper.jute; org.apache.zookeeper.ZooDefs.OpCode,
 * KeeperException.Code.
 */
import { juteBoolean, juteBuffer, juteInt } from './jute.ts'
import type { JuteReader } from './jute.ts'

/** Ids of messages that are no answers to numbered requests. */
export const reservedXids = { notification: -1, ping: -2, auth: -4 } as const

/** Requests with a path, on which they may arm a watch. */
export const readOps = { exists: 3, getData: 4, getChildren: 8 } as const

/** Error codes with a special meaning. All others end the session. */
export const errorCodes = {
  ok: 0,
  noNode: -101,
  noAuth: -102,
  authFailed: -115,
  sessionClosedRequireAuth: -124,
} as const

const pingOp = 11
const authOp = 100
const closeOp = -11
const noBytes = Buffer.alloc(16)

/** The first message: requests a new session. */
export function connectRequest(sessionTimeoutMs: number): Buffer {
  const protocolVersion = juteInt(0)
  const lastSeen = Buffer.alloc(8)
  const sessionId = Buffer.alloc(8)
  return frame(
    protocolVersion,
    lastSeen,
    juteInt(sessionTimeoutMs),
    sessionId,
    juteBuffer(noBytes),
    juteBoolean(false),
  )
}

/** Adds `user:password` to the session. */
export function authRequest(digest: string): Buffer {
  return request(reservedXids.auth, authOp, juteInt(0), juteBuffer('digest'), juteBuffer(digest))
}

/** Keeps the session. */
export function pingRequest(): Buffer {
  return request(reservedXids.ping, pingOp)
}

/** Ends the session at once instead of at its timeout. */
export function closeRequest(): Buffer {
  return request(0, closeOp)
}

/** Reads `path` and arms a watch on it. */
export function watchRequest(xid: number, op: number, path: string): Buffer {
  return request(xid, op, juteBuffer(path), juteBoolean(true))
}

/** The granted timeout; 0 or less means no session. The rest of the answer is not needed. */
export function readSessionTimeoutMs(reader: JuteReader): number {
  reader.int()
  return reader.int()
}

/** The head of every later message. */
export function readHeader(reader: JuteReader): { readonly xid: number; readonly code: number } {
  const xid = reader.int()
  reader.skipLong()
  return { xid, code: reader.int() }
}

function request(xid: number, op: number, ...fields: readonly Buffer[]): Buffer {
  return frame(juteInt(xid), juteInt(op), ...fields)
}

function frame(...fields: readonly Buffer[]): Buffer {
  return juteBuffer(Buffer.concat(fields))
}
