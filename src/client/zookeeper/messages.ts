/**
 * The few requests of ZooKeeper that finding a leader takes, and what heads the answers.
 * Source: apache/zookeeper zookeeper.jute; org.apache.zookeeper.ZooDefs.OpCode,
 * KeeperException.Code.
 */
import { juteBoolean, juteBuffer, juteInt } from './jute.ts'
import type { JuteReader } from './jute.ts'

/** Ids of messages that answer no numbered request. */
export const reservedXids = { notification: -1, ping: -2, auth: -4 } as const

/** Types of request that name a path and may arm a watch on it. */
export const readOps = { exists: 3, getData: 4, getChildren: 8 } as const

/** Errors with a meaning of their own; every other one ends the session. */
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

/** The first message: asks for a new session. */
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

/** Ends the session at once, where it would live on until its timeout. */
export function closeRequest(): Buffer {
  return request(0, closeOp)
}

/** Reads something about `path` and arms a watch there. */
export function watchRequest(xid: number, op: number, path: string): Buffer {
  return request(xid, op, juteBuffer(path), juteBoolean(true))
}

/** What the server grants; 0 or less means no session. The rest of the answer is of no use here. */
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
