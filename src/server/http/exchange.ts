/** A request and the ways to end its answer. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Place } from '../../access/waiting-line.ts'

/** A finished request: its last byte was written, or its connection was lost. */
export interface RequestRecord {
  readonly method: string
  /** Decoded path; of a refused target, the text as received. */
  readonly path: string
  /** 0 if the connection was lost before an answer. */
  readonly status: number
  /** Digest of the found blob. */
  readonly sha256?: string
  /** Name of the found blob. */
  readonly name?: string
  /** Bytes of the body that the system accepted. */
  readonly sentBytes: number
  /** True if the connection was lost before the last byte, unless the client may hang up. */
  readonly isAborted: boolean
  readonly remoteAddress?: string
  /** Why the status is 5xx, or why the body was cut. */
  readonly error?: unknown
}

/** A request being answered. */
export interface Exchange {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  /** Aborted when the connection is closed. */
  readonly closed: AbortSignal
  readonly record: { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] }
  /** True for answers that the client may end early, such as those to relays. */
  mayHangUp?: boolean
}

/** The place of a request that must retry. */
const placeHeader = 'Jarcast-Place'
/** Shorter than the timeout of silent connections. */
const maxWaitSeconds = 30

/** Ends the exchange with a status, headers and an optional text. */
export function finish(
  { req, res, record }: Exchange,
  status: number,
  headers: OutgoingHttpHeaders,
  text?: string,
): void {
  record.status = status
  // The body of a refused request is not read, so the connection cannot be used again after it.
  if (hasRequestBody(req)) res.shouldKeepAlive = false
  if (text === undefined) res.writeHead(status, headers).end()
  else res.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(text) }).end(text)
}

/** Ends the exchange with an error status and no body. */
export function refuse(
  exchange: Exchange,
  status: number,
  headers: OutgoingHttpHeaders = {},
): void {
  finish(exchange, status, { ...headers, 'Content-Length': 0 })
}

/** Answers 503 with the place in the queue and the time to retry. */
export function refusePlace(
  exchange: Exchange,
  { place, waiting, retryAfterSeconds }: Place,
): void {
  const text = `place ${place} of ${waiting} in the queue; retry in ${retryAfterSeconds} s\n`
  const headers = { 'Retry-After': retryAfterSeconds, [placeHeader]: place }
  finish(exchange, 503, { ...headers, 'Content-Type': 'text/plain' }, text)
}

/** Time that the client is willing to wait. Source: RFC 7240 section 4.3. */
export function willingToWaitMs({ headers }: IncomingMessage): number | undefined {
  const seconds = /(?:^|[\s,;])wait\s*=\s*(\d{1,6})/i.exec(String(headers['prefer'] ?? ''))?.[1]
  return seconds === undefined ? undefined : Math.min(maxWaitSeconds, Number(seconds)) * 1000
}

const refusals = {
  401:
    'This address needs a permission: open the whole link that the program printed, or that is in ' +
    'the FILE of --page-link FILE.\n',
  403:
    'This permission is for another address, or has expired; or the server does not know the name ' +
    'in this address (allow it with --allow-host NAME).\n',
}

/**
 * Refuses a request without a permission, with a text for people who opened the address in a
 * browser. Source: RFC 9110 section 15.5.2.
 */
export function refuseAccess(exchange: Exchange, status: 401 | 403): void {
  const challenge = status === 401 ? { 'WWW-Authenticate': 'Jarcast' } : {}
  finish(exchange, status, { ...challenge, 'Content-Type': 'text/plain' }, refusals[status])
}

/**
 * Ends the exchange after an error: with an error status, or by cutting a body that has begun.
 */
export function fail(exchange: Exchange, error: unknown): void {
  exchange.record.error = error
  if (exchange.res.headersSent) {
    exchange.res.destroy()
    return
  }
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code === 'ENOENT') return refuse(exchange, 404)
  if (code === 'EMFILE' || code === 'ENFILE') return refuse(exchange, 503, { 'Retry-After': 1 })
  refuse(exchange, 500)
}

function hasRequestBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0
}

/** Resolves to true when the system accepts the chunk, to false if the connection is lost first. */
export function write(
  res: ServerResponse,
  chunk: Buffer,
  isLast: boolean,
  closed: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    // Node does not call back for a write to a destroyed connection.
    if (closed.aborted) return resolve(false)
    const onClosed = (): void => resolve(false)
    const onWritten = (error?: Error | null): void => {
      closed.removeEventListener('abort', onClosed)
      resolve(!error)
    }
    closed.addEventListener('abort', onClosed, { once: true })
    if (isLast) res.end(chunk, onWritten)
    else res.write(chunk, onWritten)
  })
}

/**
 * Resolves when the last byte is written or the connection is lost. Call before the response ends.
 */
export function responseOver(res: ServerResponse, closed: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const onOver = (): void => {
      // A connection serves many requests, so listeners would pile up on it.
      closed.removeEventListener('abort', onOver)
      resolve()
    }
    res.once('close', onOver)
    closed.addEventListener('abort', onOver, { once: true })
  })
}
