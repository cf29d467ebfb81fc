/** Requests to the jar server, with limits, and errors that say whether to retry. */
import { request as httpRequest } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { defined } from '../../../defined.ts'
import type { Authorize } from '../../../domain/libraries/library-access.ts'
import { withoutMac } from '../../../domain/libraries/signed-path.ts'
import { isWebPageType, pageInPlace } from '../../../domain/web-page.ts'
import { JarcastError, messageOf } from '../../../errors.ts'
import { toFileError } from '../../../file-error.ts'

export interface HttpOptions {
  readonly method?: 'GET' | 'HEAD' | 'POST'
  /** JSON to send. */
  readonly body?: string
  readonly signal: AbortSignal
  /** Signs the request; default: it is not signed. */
  readonly authorize?: Authorize | undefined
  readonly part?: Part
  /** Gets a body that stays open: the caller writes and ends it while the answer arrives. */
  readonly onBody?: ((body: Writable) => void) | undefined
}

/**
 * A range of bytes: from `offset` to `end`, or to the last byte. The server sends all bytes if its
 * file no longer matches `etag`.
 */
export interface Part {
  readonly offset: number
  /** Offset of the last byte. */
  readonly end?: number
  readonly etag: string
}

/** Time without a byte after which a request fails. */
const idleMs = 30_000
/**
 * Time for a connection, after which it is tried once more. When many hosts connect at the same
 * moment, first packets get lost, and the system resends one only after a whole second.
 */
const connectMs = 250

/** Maximum of `Retry-After`, in seconds. */
const maxRetryAfter = 60
/**
 * Seconds that the server holds a request; then it answers with the place in its queue. Source:
 * RFC 7240 section 4.3.
 */
const waitSeconds = 10

/**
 * Resolves to a response with status 200; for a part, also 206 or 416; for a POST, also 204. The
 * caller reads or destroys its body. Errors: `LIBRARY_UNAVAILABLE` with `details.retryAfterMs` and
 * `details.place` if the server sent them. It is retryable except for statuses 4xx other than 407,
 * 408, 429 and those with a web page, which come from a proxy.
 */
export async function openUri(uri: string, options: HttpOptions): Promise<IncomingMessage> {
  const response = await connectAndSend(uri, options)
  const status = response.statusCode ?? 0
  const isDone = options.method === 'POST' && status === 204
  const isAnswer =
    status === 200 || isDone || (options.part !== undefined && [206, 416].includes(status))
  const encoding = response.headers['content-encoding'] ?? 'identity'
  const isPage = isWebPageType(response.headers['content-type'])
  // The jar server sends no web pages; other servers may.
  const isOurs = options.authorize !== undefined || options.part !== undefined
  if (isAnswer && encoding === 'identity' && !(isPage && isOurs)) return response
  response.destroy()
  const foreign = isPage || status < 200 || (status >= 300 && status < 400) || status === 407
  if (isPage && isAnswer) throw unavailable(uri, pageInPlace, true)
  if (isAnswer)
    throw unavailable(
      uri,
      `the server sent the encoding ${encoding}, which was not requested`,
      true,
    )
  const retryable = foreign || status >= 500 || status === 408 || status === 429
  const hint = foreign ? `: ${foreignHint}` : hintOf(status)
  throw unavailable(uri, `the server answered ${status}${hint}`, retryable, undefined, {
    status,
    ...retryAfter(response),
    ...placeOf(response),
    ...serverTimeOf(response),
  })
}

const foreignHint = 'does a proxy or login page answer in between?'

/** Reads a body. Errors: `LIBRARY_UNAVAILABLE`; `MESSAGE_INVALID` for more than `maxBytes`. */
export async function readUri(
  uri: string,
  maxBytes: number,
  options: Pick<HttpOptions, 'signal' | 'authorize'>,
): Promise<Buffer> {
  const response = await openUri(uri, options)
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > maxBytes)
        throw new JarcastError(
          'MESSAGE_INVALID',
          `${withoutMac(uri)} is larger than ${maxBytes} bytes`,
        )
      chunks.push(chunk)
    }
  } catch (error) {
    throw transferError(uri, error)
  }
  return Buffer.concat(chunks)
}

/** The path as it is signed: servers check the decoded path. */
function pathOf({ pathname }: URL): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return pathname
  }
}

function hintOf(status: number): string {
  if (status === 401) return ': it requires a signature, and the task brought no key'
  return status === 403 ? ': the key is of another run or library, or has expired' : ''
}

/** The error for a library, or a list of libraries, that cannot be fetched. */
export function unavailable(
  uri: string,
  why: string,
  retryable: boolean,
  cause?: unknown,
  more: Readonly<Record<string, unknown>> = {},
): JarcastError {
  const details = { uri: withoutMac(uri), ...more }
  return new JarcastError('LIBRARY_UNAVAILABLE', why, { retryable, cause, details })
}

/** The error for a failed transfer; `DISK_FULL` or `FILE_UNUSABLE` for the local file. */
export function transferError(uri: string, error: unknown): JarcastError {
  const known = toFileError(error, 'a library', true)
  return known instanceof JarcastError ? known : unavailable(uri, messageOf(error), true, error)
}

function retryAfter({ headers }: IncomingMessage): { readonly retryAfterMs?: number } {
  const seconds = /^\d{1,9}$/.exec(headers['retry-after'] ?? '')?.[0]
  return defined({
    retryAfterMs:
      seconds === undefined ? undefined : Math.min(Number(seconds), maxRetryAfter) * 1000,
  })
}

/** The time of a jar server that refused a message as too old. */
function serverTimeOf({ headers }: IncomingMessage): { readonly serverTimeMs?: number } {
  const time = /^\d{1,15}$/.exec(String(headers['jarcast-time'] ?? ''))?.[0]
  return defined({ serverTimeMs: time === undefined ? undefined : Number(time) })
}

/** The server chooses this number, so it is limited. */
function placeOf({ headers }: IncomingMessage): { readonly place?: number } {
  const place = /^[1-9]\d{0,5}$/.exec(String(headers['jarcast-place'] ?? ''))?.[0]
  return defined({ place: place === undefined ? undefined : Number(place) })
}

async function connectAndSend(uri: string, options: HttpOptions): Promise<IncomingMessage> {
  const late = new AbortController()
  const signal = AbortSignal.any([options.signal, late.signal])
  let isReused = false
  try {
    return await send(uri, { ...options, signal }, (socket, { reusedSocket }) => {
      isReused = reusedSocket
      if (!socket.connecting) return
      const timer = setTimeout(() => late.abort(), connectMs)
      socket.once('connect', () => clearTimeout(timer)).once('close', () => clearTimeout(timer))
    })
  } catch (error) {
    const isStale = isReused && options.method !== 'POST' && isClosed(error)
    if (options.signal.aborted || !(late.signal.aborted || isStale)) throw error
    return send(uri, options)
  }
}

/**
 * A server may close a connection while the next request is on its way to it. Source: RFC 9112
 * section 9.3.1.
 */
function isClosed(error: unknown): boolean {
  const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException
  return code === 'ECONNRESET' || code === 'EPIPE'
}

const heard = new WeakSet<Socket>()

/**
 * Between a response and the next request on a connection, Node has no error listener: an abort at
 * that time would end the process.
 */
function hearErrors(socket: Socket): void {
  if (heard.has(socket)) return
  heard.add(socket)
  socket.on('error', () => undefined)
}

function send(
  uri: string,
  { method = 'GET', body, signal, authorize, part, onBody }: HttpOptions,
  onSocket?: (socket: Socket, request: ClientRequest) => void,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      reject(unavailable(uri, messageOf(error), true, error))
    }
    if (!URL.canParse(uri)) {
      reject(unavailable(uri, `${withoutMac(uri)} is not a URI`, false))
      return
    }
    const url = new URL(uri)
    const to = `${url.hostname}:${url.port || 80}`
    const authorization = authorize?.({ to, method, path: pathOf(url), ...(body && { body }) })
    const headers = {
      // Digests and ranges are those of the plain bytes.
      'accept-encoding': 'identity',
      prefer: `wait=${waitSeconds}`,
      ...(authorization !== undefined && { authorization }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(onBody && { 'transfer-encoding': 'chunked' }),
      ...(part && { range: `bytes=${part.offset}-${part.end ?? ''}`, 'if-range': part.etag }),
    }
    const ca = authorize?.ca
    const options = { method, headers, signal, timeout: idleMs, ...(ca !== undefined && { ca }) }
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, resolve)
    request.once('socket', (socket) => {
      hearErrors(socket)
      onSocket?.(socket, request)
    })
    request.on('timeout', () => {
      request.destroy(new Error(`no byte within ${idleMs} ms`))
    })
    request.on('error', fail)
    if (onBody === undefined) {
      request.end(body)
      return
    }
    request.flushHeaders()
    onBody(request)
  })
}
