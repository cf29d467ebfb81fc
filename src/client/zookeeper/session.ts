/**
 * One session at one server of a ZooKeeper ensemble, for as long as its connection lives.
 *
 * A session that outlives its connection matters to who keeps ephemeral nodes. A reader has nothing
 * to lose: it begins a new one and reads again, and since a new session is agreed on by the
 * ensemble before it is granted, what is read in it is never older than its start. So there is
 * nothing to resume, and an expired session is a closed connection like any other.
 * Source: apache/zookeeper zookeeper-docs, "ZooKeeper Programmer's Guide" (sessions, watches).
 */
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { Observable, Subject, interval } from 'rxjs'
import type { SchedulerLike } from 'rxjs'
import { JarcastError } from '../../errors.ts'
import { failOnSilence } from '../../streams/fail-on-silence.ts'
import { monotonicScheduler } from '../../streams/monotonic-scheduler.ts'
import type { ZooKeeperServer } from './address.ts'
import { decodeFrames } from './frames.ts'
import { createJuteReader } from './jute.ts'
import type { JuteReader } from './jute.ts'
import * as messages from './messages.ts'

export interface ZooKeeperSession {
  /**
   * Names of the nodes below `path`; undefined when there is no such node. Arms a watch on its
   * children.
   */
  children(path: string): Promise<readonly string[] | undefined>
  /** Bytes of the node at `path`; undefined when there is none. Arms a watch on it. */
  data(path: string): Promise<Uint8Array | undefined>
  /** Whether there is a node at `path`. Arms a watch, on its creation too. */
  exists(path: string): Promise<boolean>
  /** A watch has fired. Never errors; completes with the session. */
  readonly changed$: Observable<void>
}

export interface SessionOptions {
  /** `user:password`; a secret. */
  readonly digest: string | undefined
  /**
   * How long the server may be silent, as asked for; servers have bounds of their own. Default
   * 10_000.
   */
  readonly sessionTimeoutMs?: number
  /** How long the connection and the start of the session may take. Default 10_000. */
  readonly connectTimeoutMs?: number
  readonly scheduler?: SchedulerLike
}

interface Waiting {
  /** Reads the body after the head; undefined if the node does not exist. */
  readonly settle: (reader: JuteReader | undefined) => void
  readonly reject: (error: JarcastError) => void
}

/** More requests than one reader has under way at any time. */
const maxWaiting = 16

/**
 * Begins a session.
 *
 * Next: the session, once. Error: `ZOOKEEPER_UNREACHABLE` (retryable) when there is none, when its
 * connection ends, or when nothing was heard for two thirds of its timeout; `ZOOKEEPER_REJECTED`
 * when the server does not take the credentials. Requests reject with the same codes, and with
 * `ZOOKEEPER_REJECTED` for a path that may not be read.
 * Complete: never. Unsubscribing closes the session.
 */
export function openSession(
  server: ZooKeeperServer,
  options: SessionOptions,
): Observable<ZooKeeperSession> {
  const { digest, sessionTimeoutMs = 10_000, connectTimeoutMs = 10_000 } = options
  const { scheduler = monotonicScheduler } = options

  return new Observable((subscriber) => {
    const socket = connect({ ...server, noDelay: true })
    const changedSubject = new Subject<void>()
    const waiting = new Map<number, Waiting>()
    let grantedMs = 0
    let lastXid = 0

    const fail = (error: unknown) => {
      subscriber.error(failure(server, error))
    }
    subscriber.add(() => {
      close(socket, grantedMs > 0)
      changedSubject.complete()
      for (const { reject } of waiting.values())
        reject(unreachable(server, 'the session has ended'))
      waiting.clear()
    })

    function ask<Answer>(
      op: number,
      path: string,
      read: (reader: JuteReader | undefined) => Answer,
    ): Promise<Answer> {
      return new Promise((resolve, reject) => {
        if (subscriber.closed || waiting.size >= maxWaiting) {
          reject(unreachable(server, 'the session takes no request'))
          return
        }
        lastXid = (lastXid % 0x7fff_ffff) + 1
        waiting.set(lastXid, { settle: (reader) => resolve(read(reader)), reject })
        socket.write(messages.watchRequest(lastXid, op, path))
      })
    }

    function begin(reader: JuteReader): void {
      grantedMs = messages.readSessionTimeoutMs(reader)
      if (!(grantedMs > 0)) throw unreachable(server, 'no session was granted')
      if (digest !== undefined) socket.write(messages.authRequest(digest))
      const pings$ = interval(grantedMs / 3, scheduler)
      subscriber.add(pings$.subscribe(() => socket.write(messages.pingRequest())))
      subscriber.next({
        children: (path) => ask(messages.readOps.getChildren, path, (answer) => answer?.texts()),
        data: (path) => ask(messages.readOps.getData, path, (answer) => answer?.buffer()),
        exists: (path) => ask(messages.readOps.exists, path, (answer) => answer !== undefined),
        changed$: changedSubject.asObservable(),
      })
    }

    function hear(message: Buffer): void {
      const reader = createJuteReader(message)
      if (grantedMs === 0) {
        begin(reader)
        return
      }
      const { xid, code } = messages.readHeader(reader)
      if (xid === messages.reservedXids.notification) changedSubject.next()
      else if (xid === messages.reservedXids.auth) assertAccepted(server, code)
      else if (xid !== messages.reservedXids.ping) settle(xid, code, reader)
    }

    function settle(xid: number, code: number, reader: JuteReader): void {
      const request = waiting.get(xid)
      if (request === undefined) throw unreachable(server, `an answer ${xid} to no question`)
      const isMissing = code === messages.errorCodes.noNode
      if (!isMissing) assertAccepted(server, code)
      request.settle(isMissing ? undefined : reader)
      waiting.delete(xid)
    }

    socket.once('connect', () => socket.write(messages.connectRequest(sessionTimeoutMs)))
    const silence = {
      firstMs: connectTimeoutMs,
      intervalMsOf: () => (grantedMs > 0 ? (grantedMs * 2) / 3 : connectTimeoutMs),
      factor: 1,
      scheduler,
    }
    subscriber.add(
      bytesOf(socket)
        .pipe(decodeFrames(), failOnSilence(silence))
        .subscribe({
          next: (message) => {
            try {
              hear(message)
            } catch (error) {
              fail(error)
            }
          },
          error: fail,
        }),
    )
  })
}

/** Errors with what ended the connection; never completes. */
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

function assertAccepted(server: ZooKeeperServer, code: number): void {
  const { ok, noAuth, authFailed, sessionClosedRequireAuth } = messages.errorCodes
  if (code === ok) return
  if (code === noAuth)
    throw rejected(server, 'these credentials may not read the path of the masters')
  if (code === authFailed || code === sessionClosedRequireAuth) {
    throw rejected(server, 'the credentials are missing, or of a kind that it does not take')
  }
  throw unreachable(server, `it answers with error ${code}`)
}

function failure(server: ZooKeeperServer, error: unknown): JarcastError {
  if (error instanceof JarcastError && error.code.startsWith('ZOOKEEPER_')) return error
  const why = error instanceof Error ? error.message : String(error)
  // With several addresses for one name the errors come together, and the message is empty.
  const code = (error as NodeJS.ErrnoException).code ?? 'connection failed'
  return unreachable(server, why === '' ? code : why, error)
}

function unreachable(server: ZooKeeperServer, why: string, cause?: unknown): JarcastError {
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
