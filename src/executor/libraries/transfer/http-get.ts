/**
 * Requests to the jar server: plain, bounded, and with errors that say whether another attempt can
 * help.
 */
import { request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import type { Authorize } from '../../../domain/libraries/library-access.ts'
import { withoutMac } from '../../../domain/libraries/signed-path.ts'
import { isWebPageType, pageInPlace } from '../../../domain/web-page.ts'
import { JarcastError, messageOf, toFileError } from '../../../errors.ts'

export interface HttpOptions {
  readonly method?: 'GET' | 'HEAD' | 'POST'
  /** JSON to send. */
  readonly body?: string
  readonly signal: AbortSignal
  /** Signs the request; default: it is not signed. */
  readonly authorize?: Authorize | undefined
  readonly part?: Part
}

/**
 * Asks for bytes from `offset` on, to `end` where that is given, if the server still has what
 * `etag` names; else for all.
 */
export interface Part {
  readonly offset: number
  /** Of the last byte. */
  readonly end?: number
  readonly etag: string
}

/** A server that says nothing for this long is given up. */
const idleMs = 30_000
/**
 * A connection that is not there by then is tried once more. Many connect at the same moment, over
 * links that are full, and the system repeats a first packet that got lost after a whole second.
 */
const connectMs = 250

/** Seconds that `Retry-After` may ask for. */
const maxRetryAfter = 60
/**
 * Seconds to wait for a turn; then the server answers with the place. Source: RFC 7240 section 4.3.
 */
const waitSeconds = 10

/**
 * Gives the answer once it has status 200, or what a part can be answered with: 206, 416. Its body
 * is the caller's to read or destroy. Errors: `LIBRARY_UNAVAILABLE`, retryable unless the server
 * refuses for good (4xx but 407, 408, 429 and those with a web page, which a machine in between
 * sends), with `details.retryAfterMs` when it says when to come again, and `details.place` when it
 * has others to answer before.
 */
export async function openUri(uri: string, options: HttpOptions): Promise<IncomingMessage> {
  const response = await connectAndSend(uri, options)
  const status = response.statusCode ?? 0
  const isDone = options.method === 'POST' && status === 204
  const isAnswer =
    status === 200 || isDone || (options.part !== undefined && [206, 416].includes(status))
  const encoding = response.headers['content-encoding'] ?? 'identity'
  const isPage = isWebPageType(response.headers['content-type'])
  // The jar server labels no file as a web page; servers of others may.
  const isOurs = options.authorize !== undefined || options.part !== undefined
  if (isAnswer && encoding === 'identity' && !(isPage && isOurs)) return response
  response.destroy()
  const foreign = isPage || status < 200 || (status >= 300 && status < 400) || status === 407
  if (isPage && isAnswer) throw unavailable(uri, pageInPlace, true)
  if (isAnswer) throw unavailable(uri, `the server encoded it as ${encoding}, unasked`, true)
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

/**
 * Reads a body of at most `maxBytes`. Errors: `LIBRARY_UNAVAILABLE`, `MESSAGE_INVALID` when it is
 * longer.
 */
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

/** Returns the part that is signed: servers check the decoded path. */
function pathOf({ pathname }: URL): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return pathname
  }
}

function hintOf(status: number): string {
  if (status === 401) return ': it wants a permission, which the task came without'
  return status === 403 ? ': the permission is of another run or path, or is over' : ''
}

/** The error of a library, or a list of them, that is unavailable now. */
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

/** Makes the error of a failed transfer. An unwritable local file is not a fault of the server. */
export function transferError(uri: string, error: unknown): JarcastError {
  const known = toFileError(error, 'a library', true)
  return known instanceof JarcastError ? known : unavailable(uri, messageOf(error), true, error)
}

function retryAfter({ headers }: IncomingMessage): { readonly retryAfterMs?: number } {
  const seconds = /^\d{1,9}$/.exec(headers['retry-after'] ?? '')?.[0]
  return seconds === undefined
    ? {}
    : { retryAfterMs: Math.min(Number(seconds), maxRetryAfter) * 1000 }
}

/** The time of a jar server that refused a message because of its age. */
function serverTimeOf({ headers }: IncomingMessage): { readonly serverTimeMs?: number } {
  const time = /^\d{1,15}$/.exec(String(headers['jarcast-time'] ?? ''))?.[0]
  return time === undefined ? {} : { serverTimeMs: Number(time) }
}

/** The server chooses this number, so it is limited. */
function placeOf({ headers }: IncomingMessage): { readonly place?: number } {
  const place = /^[1-9]\d{0,5}$/.exec(String(headers['jarcast-place'] ?? ''))?.[0]
  return place === undefined ? {} : { place: Number(place) }
}

async function connectAndSend(uri: string, options: HttpOptions): Promise<IncomingMessage> {
  const late = new AbortController()
  const signal = AbortSignal.any([options.signal, late.signal])
  try {
    return await send(uri, { ...options, signal }, (socket) => {
      if (!socket.connecting) return
      const timer = setTimeout(() => late.abort(), connectMs)
      socket.once('connect', () => clearTimeout(timer)).once('close', () => clearTimeout(timer))
    })
  } catch (error) {
    if (options.signal.aborted || !late.signal.aborted) throw error
    return send(uri, options)
  }
}

const heard = new WeakSet<Socket>()

/**
 * Between the end of an answer and the next use of its connection, Node has no error listener: a
 * request that is aborted then would end the process.
 */
function hearErrors(socket: Socket): void {
  if (heard.has(socket)) return
  heard.add(socket)
  socket.on('error', () => undefined)
}

function send(
  uri: string,
  { method = 'GET', body, signal, authorize, part }: HttpOptions,
  onSocket?: (socket: Socket) => void,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      reject(unavailable(uri, messageOf(error), true, error))
    }
    if (!URL.canParse(uri)) {
      reject(unavailable(uri, `${withoutMac(uri)} is no URI`, false))
      return
    }
    const url = new URL(uri)
    // Digests are of the bytes as they are: no encoding may be put on them.
    const to = `${url.hostname}:${url.port || 80}`
    const authorization = authorize?.({ to, method, path: pathOf(url), ...(body && { body }) })
    const headers = {
      'accept-encoding': 'identity',
      prefer: `wait=${waitSeconds}`,
      ...(authorization !== undefined && { authorization }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(part && { range: `bytes=${part.offset}-${part.end ?? ''}`, 'if-range': part.etag }),
    }
    const ca = authorize?.ca
    const options = { method, headers, signal, timeout: idleMs, ...(ca !== undefined && { ca }) }
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, resolve)
    request.once('socket', (socket) => {
      hearErrors(socket)
      onSocket?.(socket)
    })
    request.on('timeout', () => {
      request.destroy(new Error(`no byte within ${idleMs} ms`))
    })
    request.on('error', fail)
    request.end(body)
  })
}
