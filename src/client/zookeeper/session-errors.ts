/** Errors of a session at a ZooKeeper server. */
import { JarcastError, messageOf } from '../../errors.ts'
import type { ZooKeeperServer } from './address.ts'
import { errorCodes } from './messages.ts'

/** Throws unless an answer's error code is 0. */
export function assertAccepted(server: ZooKeeperServer, code: number): void {
  const { ok, noAuth, authFailed, sessionClosedRequireAuth } = errorCodes
  if (code === ok) return
  if (code === noAuth)
    throw rejected(server, 'these credentials may not read the path of the masters')
  if (code === authFailed || code === sessionClosedRequireAuth)
    throw rejected(server, 'the credentials are missing, or of an unsupported kind')
  throw unreachable(server, `it answers with error ${code}`)
}

/** Turns an error of the connection into `ZOOKEEPER_UNREACHABLE`; keeps errors of the session. */
export function connectionError(server: ZooKeeperServer, error: unknown): JarcastError {
  if (error instanceof JarcastError && error.code.startsWith('ZOOKEEPER_')) return error
  return unreachable(server, messageOf(error), error)
}

export function unreachable(server: ZooKeeperServer, why: string, cause?: unknown): JarcastError {
  return new JarcastError('ZOOKEEPER_UNREACHABLE', `ZooKeeper ${nameOf(server)}: ${why}`, {
    retryable: true,
    cause,
    details: { server: nameOf(server) },
  })
}

function rejected(server: ZooKeeperServer, why: string): JarcastError {
  return new JarcastError('ZOOKEEPER_REJECTED', `ZooKeeper ${nameOf(server)}: ${why}`, {
    details: { server: nameOf(server) },
  })
}

function nameOf({ host, port }: ZooKeeperServer): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
