import { messageOf } from '../../errors.ts'
import { toPlainLine } from './plain-line.ts'
import { tlsHint } from './tls.ts'

/**
 * `connect`: no connection, so nothing was sent. `timeout`: no answer arrived in time. `unread`: the
 * server closed the connection with its answer to an earlier call, so it did not read this one.
 * `stale`: a kept connection, idle before the call, was closed before any byte of an answer.
 * `broken`: the connection ended later, or the answer is not HTTP.
 */
export type HttpFailureKind = 'connect' | 'timeout' | 'unread' | 'stale' | 'broken'

/** The call got no answer. Internal: connections turn it into a `JarcastError`. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure'
  readonly kind: HttpFailureKind

  constructor(kind: HttpFailureKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
  }
}

/** The error of a connection that the server closed without one. */
export function closedError(): Error {
  return Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' })
}

/** The failure of a call whose connection ended with `error`. */
export function toFailure(error: Error, isConnected: boolean): HttpFailure {
  if (error instanceof HttpFailure) return error
  const plain = messageOf(error)
  const hint = tlsHint((error as NodeJS.ErrnoException).code)
  // Messages of OpenSSL have several lines.
  const message = hint === undefined ? plain : `${hint} (${toPlainLine(plain)})`
  return new HttpFailure(isConnected ? 'broken' : 'connect', message, error)
}
