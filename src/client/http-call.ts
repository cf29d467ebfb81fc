import * as http from 'node:http'
import * as https from 'node:https'
import { asyncScheduler } from 'rxjs'
import type { SchedulerLike, Subscription } from 'rxjs'

export interface HttpCall {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Must be made for the URL's protocol, see `createAgent`. */
  readonly agent: http.Agent
  /** Ends the call, its answer included. */
  readonly signal: AbortSignal
  /** Bound of the TCP (and TLS) handshake, ms. */
  readonly connectTimeoutMs: number
  /** Bound from the start to the answer's head, ms. */
  readonly answerTimeoutMs: number
  readonly scheduler?: SchedulerLike
}

/** Why no answer came. `timeout`: the call was sent, or may have been, and nothing came back in time. */
export type HttpFailureKind = 'connect' | 'timeout' | 'stale' | 'broken'

/** The call got no answer. Never leaves this folder: connections turn it into a `JarcastError`. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure'
  readonly kind: HttpFailureKind

  constructor(kind: HttpFailureKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
  }
}

/** An agent with one kept-alive connection per server, whose TCP probes a silent peer after 30 s. */
export function createAgent(protocol: string): http.Agent {
  const options = { keepAlive: true, keepAliveMsecs: 30_000, maxSockets: 1, maxFreeSockets: 1 }
  return protocol === 'https:' ? new https.Agent(options) : new http.Agent(options)
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
 * Posts once and resolves with the answer as soon as its head is there, whatever its status.
 *
 * Rejects with `HttpFailure`: `connect` (the server was not reached), `timeout`, `stale` (a kept-alive
 * connection turned out to be closed, before any byte of an answer), `broken` (the connection ended later), or with
 * the signal's reason. Who gets the answer must read or destroy it.
 */
export function postCall(call: HttpCall): Promise<http.IncomingMessage> {
  const { url, headers, body, agent, signal, scheduler = asyncScheduler } = call
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === 'https:' ? https : http
    const outgoing = request(url, {
      method: 'POST',
      agent,
      headers: { ...headers, 'Content-Length': String(body.length) },
    })
    let isConnected = false
    const failAfter = (ms: number, failure: () => HttpFailure): Subscription =>
      scheduler.schedule(() => outgoing.destroy(failure()), ms)
    const answerTimer = failAfter(call.answerTimeoutMs, () => late(call.answerTimeoutMs))
    const connectTimer = failAfter(call.connectTimeoutMs, () => unreached(call.connectTimeoutMs))
    const stopTimers = () => {
      answerTimer.unsubscribe()
      connectTimer.unsubscribe()
    }
    // Not the option of the same name: that one lets go of the request once its body is sent.
    const abort = () => outgoing.destroy(asError(signal.reason))
    signal.addEventListener('abort', abort)
    outgoing.once('close', () => signal.removeEventListener('abort', abort))
    if (signal.aborted) abort()

    outgoing.once('socket', (socket) => {
      const connected = () => {
        isConnected = true
        connectTimer.unsubscribe()
      }
      if (outgoing.reusedSocket) connected()
      else {
        socket.setNoDelay(true)
        socket.setKeepAlive(true, 30_000)
        socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', connected)
      }
    })
    outgoing.once('response', (answer) => {
      stopTimers()
      resolve(answer)
    })
    // Stays after the answer: destroying a request whose answer is being read may emit once more.
    outgoing.on('error', (error) => {
      stopTimers()
      reject(
        signal.aborted
          ? asError(signal.reason)
          : asFailure(error, outgoing.reusedSocket, isConnected),
      )
    })
    outgoing.end(body)
  })
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}

function asFailure(error: Error, isReused: boolean, isConnected: boolean): HttpFailure {
  if (error instanceof HttpFailure) return error
  const { code } = error as NodeJS.ErrnoException
  if (isReused && (code === 'ECONNRESET' || code === 'EPIPE')) {
    return new HttpFailure('stale', 'the kept connection was closed', error)
  }
  // With several addresses for one name the errors come together, and the message is empty.
  const message = error.message === '' ? (code ?? 'connection failed') : error.message
  return new HttpFailure(isConnected ? 'broken' : 'connect', message, error)
}

function late(ms: number): HttpFailure {
  return new HttpFailure('timeout', `no answer within ${ms / 1000} s`)
}

function unreached(ms: number): HttpFailure {
  return new HttpFailure('connect', `no connection within ${ms / 1000} s`)
}
