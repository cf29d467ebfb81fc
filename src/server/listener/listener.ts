/** The socket of the jar server, from listening to closed. */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import type { AddressInfo, Server as NetServer } from 'node:net'
import { guardConnections } from '../../access/guard-connections.ts'
import { JarcastError } from '../../errors.ts'
import { advertisedHost, hostInUri } from './advertised-host.ts'
import type { BlobHandler } from '../blobs/blob-handler.ts'
import type { FastAnswers } from '../fast-path/fast-answers.ts'
import { createFastPath } from '../fast-path/fast-path.ts'
import { createDoor, createSecureServer } from './door.ts'
import type { ServerTls } from './server-tls.ts'

export interface ListenerOptions {
  /** Default 0: any free port. */
  readonly port?: number
  /**
   * Address to listen on. Default `::`: all IPv6 and IPv4 addresses of the host, or all IPv4 ones
   * if it has no IPv6.
   */
  readonly bind?: string
  /** The advertised host; default see `advertisedHost`. */
  readonly advertise?: string
  /**
   * Maximum number of connections. Above it, the address with the most connections loses one to a
   * newcomer, or is refused if it is the newcomer itself. Default 2048.
   */
  readonly maxConnections?: number
  /** A connection without traffic is closed after this time. Default 60,000 ms. */
  readonly idleTimeoutMs?: number
  /**
   * Speaks https, with a certificate for the advertised host. Also answers plain http on the same
   * port, which the handler limits: Mesos' fetcher does not trust our certificates.
   */
  readonly tls?: (host: string) => ServerTls
  /**
   * Called if the server cannot accept a connection, for example without free descriptors. The
   * server continues.
   */
  readonly onError?: (error: Error) => void
}

/** The connection to the master at the start of the server. */
export interface ListenerPeer {
  /** Local address of that connection. */
  readonly localAddress?: string
  /** Host or address of the master. */
  readonly masterHost?: string
}

export interface Listener {
  /**
   * Resolves to the base URL. Errors: `ADDRESS_NOT_ADVERTISABLE`, `CONFIG_INVALID`,
   * `JAR_SERVER_FAILED`.
   */
  listen(peer: ListenerPeer): Promise<string>
  /** Base URL; undefined unless it listens. */
  url(): string | undefined
  /**
   * Accepts no more connections; resolves after the last answer in progress, or after `graceMs`.
   */
  stop(graceMs?: number): Promise<void>
}

/** Answers requests. */
export interface RequestAnswers {
  /** Answers a request that node:http has read. */
  readonly handle: BlobHandler
  /** Answers known requests without it. */
  readonly fastAnswers: FastAnswers
}

/** A listener that answers each request. */
export function createListener(
  options: ListenerOptions,
  { handle, fastAnswers }: RequestAnswers,
): Listener {
  const { maxConnections = 2048, tls } = options
  let url: string | undefined
  let active = 0
  let stopped: Promise<void> | undefined

  const server = createHardenedServer(options, (req, res) => void onRequest(req, res))
  const secure = tls && createSecureServer()
  const door = createDoor((socket) => fastPath.take(socket), secure)
  const guard = guardConnections(door.server, maxConnections, [server])
  const fastPath = createFastPath({
    answers: fastAnswers,
    server,
    useOf: (socket) => guard.useOf(socket),
    isStopping: () => stopped !== undefined,
    onBegin: () => (active += 1),
    onEnd,
  })
  // The server starts the checks of its time limits on this event.
  door.server.once('listening', () => server.emit('listening'))

  async function onRequest(req: IncomingMessage, res: ServerResponse): Promise<void> {
    active += 1
    if (stopped) res.shouldKeepAlive = false
    await handle(req, res)
    onEnd()
  }

  function onEnd(): void {
    active -= 1
    closeWhenIdle()
  }

  /** Silent connections and incomplete requests must not delay the drain. */
  function closeWhenIdle(): void {
    if (stopped && active === 0) door.closeAllConnections()
  }

  return {
    url: () => url,
    async listen(peer) {
      const { advertise, bind = '::', port = 0 } = options
      // Chosen first: an error must not leave an open port.
      const host = advertisedHost({ bind, ...peer, ...(advertise !== undefined && { advertise }) })
      if (tls !== undefined) secure?.setSecureContext(tls(host))
      await listening(door.server, port, options.bind)
      door.server.on('error', (error) => options.onError?.(error))
      const scheme = tls === undefined ? 'http' : 'https'
      url = `${scheme}://${hostInUri(host)}:${(door.server.address() as AddressInfo).port}`
      return url
    },
    async stop(graceMs) {
      url = undefined
      stopped ??= new Promise((resolve) => door.server.close(() => resolve()))
      fastPath.closeIdleConnections()
      server.close()
      closeWhenIdle()
      if (graceMs === undefined) return stopped
      const timer = setTimeout(() => door.closeAllConnections(), graceMs)
      await stopped.finally(() => clearTimeout(timer))
    },
  }
}

/**
 * Does not listen itself. Each phase of a connection has a time limit: headers, request, silence,
 * and the wait for the next request.
 */
function createHardenedServer(
  { idleTimeoutMs = 60_000 }: ListenerOptions,
  onRequest: (req: IncomingMessage, res: ServerResponse) => void,
): Server {
  const settings: ServerOptions = {
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    connectionsCheckingInterval: 2000, // limits the precision of the two above
    keepAliveTimeout: 15_000,
    maxHeaderSize: 16 * 1024,
  }
  const server = createServer(settings, onRequest)
  server.timeout = idleTimeoutMs
  // Without a 'clientError' listener, Node answers 400, 408 or 431, and never within a body.
  server.on('connect', (_req, socket) => {
    // Node would drop CONNECT without an answer.
    socket.on('error', () => undefined)
    socket.end(
      'HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, HEAD\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
      () => socket.destroy(),
    )
  })
  return server
}

function listening(server: NetServer, port: number, bind: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (cause: NodeJS.ErrnoException): void => reject(listenError(port, bind, cause))
    server.once('error', onError)
    server.listen(
      { port, ...(bind !== undefined && { host: bind.replace(/^\[(.*)\]$/, '$1') }) },
      () => {
        server.off('error', onError)
        resolve()
      },
    )
  })
}

function listenError(port: number, bind = '::', cause: NodeJS.ErrnoException): JarcastError {
  const { code = cause.message } = cause
  return new JarcastError(
    'JAR_SERVER_FAILED',
    `the jar server cannot listen: ${explain(code, port, bind)}`,
    {
      cause,
      details: { port, bind, reason: code },
    },
  )
}

/** The option in `serve`, in the other commands, and in code. */
const portOption = '--port (run, exec: --jar-server-port; in code: port)'

function explain(code: string, port: number, bind: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} is in use; choose another with ${portOption}, or 0 for any free one`
    case 'EACCES':
      return `this user may not listen on port ${port}; choose one above 1023 with ${portOption}`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${bind} is no address of this host; choose another with --bind (bind)`
    default:
      return `${code} on port ${port} of ${bind}; change ${portOption} or --bind (bind)`
  }
}
