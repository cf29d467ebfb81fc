/**
 * One session at one server of a ZooKeeper ensemble. It ends with its connection: a reader owns no
 * ephemeral nodes, so it starts a new session and reads again instead of resuming the old one. What
 * a new session reads is never older than its start, since the ensemble agrees on each session
 * before granting it.
 * Source: apache/zookeeper zookeeper-docs, "ZooKeeper Programmer's Guide" (sessions, watches).
 */
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import {
  EMPTY,
  Observable,
  Subject,
  catchError,
  defer,
  finalize,
  ignoreElements,
  interval,
  merge,
  mergeMap,
  of,
  tap,
} from 'rxjs'
import type { SchedulerLike, Subscription } from 'rxjs'
import type { JarcastError } from '../../errors.ts'
import { failOnSilence } from '../../streams/fail-on-silence.ts'
import { monotonicScheduler } from '../../streams/monotonic-scheduler.ts'
import type { ZooKeeperServer } from './address.ts'
import { decodeFrames } from './frames.ts'
import { createJuteReader } from './jute.ts'
import type { JuteReader } from './jute.ts'
import * as messages from './messages.ts'
import { assertAccepted, connectionError, unreachable } from './session-errors.ts'

export interface ZooKeeperSession {
  /** Names of the nodes below `path`; undefined if it does not exist. Arms a watch on them. */
  children(path: string): Promise<readonly string[] | undefined>
  /** Bytes of the node at `path`; undefined if it does not exist. Arms a watch on it. */
  data(path: string): Promise<Uint8Array | undefined>
  /** True if there is a node at `path`. Arms a watch, on its creation too. */
  exists(path: string): Promise<boolean>
  /** Emits when a watch fires. Never errors; completes with the session. */
  readonly changed$: Observable<void>
}

export interface SessionOptions {
  /** `user:password`; a secret. */
  readonly digest: string | undefined
  /** Requested session timeout; servers have their own bounds. Default 10_000. */
  readonly sessionTimeoutMs?: number
  /** Maximum time to connect and start the session. Default 10_000. */
  readonly connectTimeoutMs?: number
  /** Maximum time for the answer to a request. Default 10_000. */
  readonly requestTimeoutMs?: number
  readonly scheduler?: SchedulerLike
}

interface Waiting {
  /** Ends the session if the answer is late. */
  readonly limit: Subscription
  /** Reads the body after the header; undefined if the node does not exist. */
  readonly settle: (reader: JuteReader | undefined) => void
  readonly reject: (error: JarcastError) => void
}

/** More than one reader ever has in flight. */
const maxWaiting = 16

/**
 * Starts a session.
 *
 * Next: the session, once. Error: `ZOOKEEPER_UNREACHABLE` (retryable) if it cannot connect, if the
 * connection closes, if nothing arrives for two thirds of the granted timeout, or if a request is
 * not answered in time: a server may answer pings alone. `ZOOKEEPER_REJECTED` if the server rejects
 * the credentials. Requests reject with the same codes, and with `ZOOKEEPER_REJECTED` for a path
 * that these credentials may not read.
 * Complete: never. Unsubscribing closes the session.
 */
export function openSession(
  server: ZooKeeperServer,
  options: SessionOptions,
): Observable<ZooKeeperSession> {
  return defer(() => {
    const session = new Session(server, options)
    return session.run().pipe(finalize(() => session.close()))
  })
}

class Session implements ZooKeeperSession {
  readonly #server: ZooKeeperServer
  readonly #options: SessionOptions
  readonly #socket: Socket
  readonly #changedSubject = new Subject<void>()
  readonly changed$ = this.#changedSubject.asObservable()
  readonly #waiting = new Map<number, Waiting>()
  /** 0 until the server grants the session. */
  #grantedMs = 0
  #lastXid = 0
  #isClosed = false

  constructor(server: ZooKeeperServer, options: SessionOptions) {
    const { sessionTimeoutMs = 10_000 } = options
    this.#server = server
    this.#options = options
    this.#socket = connect({ ...server, noDelay: true })
    this.#socket.once('connect', () =>
      this.#socket.write(messages.connectRequest(sessionTimeoutMs)),
    )
  }

  /** Emits the session when it is granted; errors when it ends. */
  run(): Observable<ZooKeeperSession> {
    const { connectTimeoutMs = 10_000, scheduler = monotonicScheduler } = this.#options
    const silence = {
      firstMs: connectTimeoutMs,
      intervalMsOf: () => (this.#grantedMs > 0 ? (this.#grantedMs * 2) / 3 : connectTimeoutMs),
      factor: 1,
      scheduler,
    }
    return bytesOf(this.#socket).pipe(
      decodeFrames(),
      failOnSilence(silence),
      mergeMap((message) => {
        const reader = createJuteReader(message)
        if (this.#grantedMs === 0) return this.#begin(reader, scheduler)
        this.#receive(reader)
        return EMPTY
      }),
      catchError((error: unknown) => {
        throw connectionError(this.#server, error)
      }),
    )
  }

  children(path: string): Promise<readonly string[] | undefined> {
    return this.#ask(messages.readOps.getChildren, path, (answer) => answer?.texts())
  }

  data(path: string): Promise<Uint8Array | undefined> {
    return this.#ask(messages.readOps.getData, path, (answer) => answer?.buffer())
  }

  exists(path: string): Promise<boolean> {
    return this.#ask(messages.readOps.exists, path, (answer) => answer !== undefined)
  }

  /** Ends the session at the server, and rejects the requests in flight. */
  close(): void {
    this.#isClosed = true
    close(this.#socket, this.#grantedMs > 0)
    this.#changedSubject.complete()
    for (const { limit, reject } of this.#waiting.values()) {
      limit.unsubscribe()
      reject(unreachable(this.#server, 'the session has ended'))
    }
    this.#waiting.clear()
  }

  #begin(reader: JuteReader, scheduler: SchedulerLike): Observable<ZooKeeperSession> {
    const { digest } = this.#options
    this.#grantedMs = messages.readSessionTimeoutMs(reader)
    if (!(this.#grantedMs > 0)) throw unreachable(this.#server, 'no session was granted')
    if (digest !== undefined) this.#socket.write(messages.authRequest(digest))
    const ping$ = interval(this.#grantedMs / 3, scheduler).pipe(
      tap(() => this.#socket.write(messages.pingRequest())),
      ignoreElements(),
    )
    return merge(ping$, of(this))
  }

  #receive(reader: JuteReader): void {
    const { xid, code } = messages.readHeader(reader)
    if (xid === messages.reservedXids.notification) this.#changedSubject.next()
    else if (xid === messages.reservedXids.auth) assertAccepted(this.#server, code)
    else if (xid !== messages.reservedXids.ping) this.#settle(xid, code, reader)
  }

  #settle(xid: number, code: number, reader: JuteReader): void {
    const request = this.#waiting.get(xid)
    if (request === undefined)
      throw unreachable(this.#server, `it answers a request ${xid} that was not sent`)
    const isMissing = code === messages.errorCodes.noNode
    if (!isMissing) assertAccepted(this.#server, code)
    request.limit.unsubscribe()
    request.settle(isMissing ? undefined : reader)
    this.#waiting.delete(xid)
  }

  #ask<Answer>(
    op: number,
    path: string,
    read: (reader: JuteReader | undefined) => Answer,
  ): Promise<Answer> {
    if (this.#isClosed || this.#waiting.size >= maxWaiting)
      return Promise.reject(unreachable(this.#server, 'the session takes no request'))
    return new Promise((resolve, reject) => {
      this.#lastXid = (this.#lastXid % 0x7fff_ffff) + 1
      const settle: Waiting['settle'] = (reader) => resolve(read(reader))
      this.#waiting.set(this.#lastXid, { settle, reject, limit: this.#limitRequest() })
      this.#socket.write(messages.watchRequest(this.#lastXid, op, path))
    })
  }

  #limitRequest(): Subscription {
    const { requestTimeoutMs = 10_000, scheduler = monotonicScheduler } = this.#options
    const why = `it does not answer a request within ${requestTimeoutMs / 1000} s`
    const end = () => void this.#socket.destroy(unreachable(this.#server, why))
    return scheduler.schedule(end, requestTimeoutMs)
  }
}

/** Errors when the connection fails or closes; never completes. */
function bytesOf(socket: Socket): Observable<Buffer> {
  return new Observable((subscriber) => {
    socket.on('data', (chunk) => subscriber.next(chunk))
    socket.on('error', (error) => subscriber.error(error))
    socket.once('close', () => subscriber.error(new Error('it closed the connection')))
  })
}

function close(socket: Socket, hasSession: boolean): void {
  // Stays attached: an error without a listener would end the process.
  socket.on('error', () => undefined)
  if (!hasSession || socket.destroyed) {
    socket.destroy()
    return
  }
  socket.end(messages.closeRequest())
  socket.destroySoon()
}
