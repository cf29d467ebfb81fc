import * as http from 'node:http'
import * as https from 'node:https'
import { asyncScheduler } from 'rxjs'
import type { SchedulerLike, Subscription } from 'rxjs'
import { HttpFailure, toFailure } from './http-failure.ts'
import type { TlsSettings } from './tls.ts'

export interface HttpCall {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Must be made for the URL's protocol, see `createAgent`. */
  readonly agent: http.Agent
  /** Ends the call, its answer included. */
  readonly signal: AbortSignal
  /** Maximum time for the TCP and TLS handshakes. */
  readonly connectTimeoutMs: number
  /** Maximum time from the start to the answer's head. */
  readonly answerTimeoutMs: number
  readonly scheduler?: SchedulerLike
}

/** An agent with one kept-alive connection per server. TCP probes a silent peer after 30 s. */
export function createAgent(protocol: string, tls: TlsSettings): http.Agent {
  const options = { keepAlive: true, keepAliveMsecs: 30_000, maxSockets: 1, maxFreeSockets: 1 }
  return protocol === 'https:' ? new https.Agent({ ...options, ...tls }) : new http.Agent(options)
}

/** Closes every connection of an agent, busy or idle; resolves when they are closed. */
export async function closeAgent(agent: http.Agent): Promise<void> {
  const sockets = [agent.sockets, agent.freeSockets]
    .flatMap((byServer) => Object.values(byServer))
    .flatMap((sockets) => sockets ?? [])
    .filter((socket) => !socket.closed)
  agent.destroy()
  await Promise.all(
    sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))),
  )
}

/**
 * Posts once, and resolves to the answer of any status when its head has arrived. The caller must
 * read or destroy the answer.
 *
 * Rejects with `HttpFailure`: `connect` (no connection to the server), `timeout`, `stale` (a
 * kept-alive connection was closed before any byte of an answer), `broken` (the connection closed
 * later), or with the signal's reason.
 */
export function postCall(call: HttpCall): Promise<http.IncomingMessage> {
  const { url, headers, body, agent, signal } = call
  const { request } = url.protocol === 'https:' ? https : http
  const outgoing = request(url, {
    method: 'POST',
    agent,
    headers: { ...headers, 'Content-Length': String(body.length) },
  })
  const answerTimer = destroyAfter(outgoing, call.answerTimeoutMs, 'timeout', call.scheduler)
  const connectTimer = destroyAfter(outgoing, call.connectTimeoutMs, 'connect', call.scheduler)
  const progress = followSocket(outgoing, url.protocol, () => connectTimer.unsubscribe())
  const stopTimers = () => {
    answerTimer.unsubscribe()
    connectTimer.unsubscribe()
  }
  destroyOnAbort(outgoing, signal)
  outgoing.end(body)
  return new Promise((resolve, reject) => {
    outgoing.once('response', (answer) => {
      stopTimers()
      resolve(answer)
    })
    // Kept after the answer: destroying the request while its answer is read may emit an error.
    outgoing.on('error', (error) => {
      stopTimers()
      reject(signal.aborted ? asError(signal.reason) : asFailure(error, progress()))
    })
  })
}

interface Progress {
  readonly isConnected: boolean
  /** A kept-alive connection that received nothing since this request got it. */
  readonly isUntouched: boolean
}

/** Sets up the socket of a request. Returns a function that tells the request's progress. */
function followSocket(
  outgoing: http.ClientRequest,
  protocol: string,
  onConnected: () => void,
): () => Progress {
  let isConnected = false
  let isUntouched = (): boolean => false
  const connected = () => {
    isConnected = true
    onConnected()
  }
  outgoing.once('socket', (socket) => {
    if (outgoing.reusedSocket) {
      const before = socket.bytesRead
      isUntouched = () => socket.bytesRead === before
      connected()
      return
    }
    socket.setNoDelay(true)
    socket.setKeepAlive(true, 30_000)
    socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', connected)
  })
  return () => ({ isConnected, isUntouched: isUntouched() })
}

function destroyAfter(
  outgoing: http.ClientRequest,
  ms: number,
  kind: 'timeout' | 'connect',
  scheduler: SchedulerLike = asyncScheduler,
): Subscription {
  const missing = kind === 'timeout' ? 'answer' : 'connection'
  const failure = () => new HttpFailure(kind, `no ${missing} within ${ms / 1000} s`)
  return scheduler.schedule(() => outgoing.destroy(failure()), ms)
}

/** The request's own `signal` option has no effect after the body is sent. */
function destroyOnAbort(outgoing: http.ClientRequest, signal: AbortSignal): void {
  const abort = () => outgoing.destroy(asError(signal.reason))
  signal.addEventListener('abort', abort)
  outgoing.once('close', () => signal.removeEventListener('abort', abort))
  if (signal.aborted) abort()
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}

function asFailure(error: Error, { isConnected, isUntouched }: Progress): HttpFailure {
  const { code } = error as NodeJS.ErrnoException
  return isUntouched && (code === 'ECONNRESET' || code === 'EPIPE')
    ? new HttpFailure('stale', 'the kept connection was closed', error)
    : toFailure(error, isConnected)
}
