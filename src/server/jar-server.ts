/**
 * The HTTP server on the scheduler's side that ships libraries to the executors.
 */
import { defined } from '../defined.ts'
import type { LibraryAccess } from '../domain/libraries/library-access.ts'
import type { RelayAnswers } from '../domain/relay/relay-events.ts'
import { JarcastError } from '../errors.ts'
import type { StagedBlob } from './blobs/blob.ts'
import { checkJarServerOptions } from './jar-server-options.ts'
import type { JarServerOptions } from './jar-server-options.ts'
import type { StagedLibraries } from './libraries/library-store.ts'
import { createLibraryUris } from './library-uris.ts'
import { createCertificates } from './listener/certificates.ts'
import type { Certificates } from './listener/certificates.ts'
import { createListener } from './listener/listener.ts'
import type { Listener, ListenerPeer } from './listener/listener.ts'
import { createRunKey } from './permissions/access.ts'
import type { Lifetime } from './permissions/access.ts'
import { createRequestHandling } from './request-handling.ts'
import type { RequestHandling } from './request-handling.ts'
import type { JarServerStatus } from './status-data.ts'

export interface JarServerStats {
  /** Requests, except those of the status page. */
  readonly requests: number
  /** Bytes of bodies that the system accepted, counted per chunk of up to 1 MiB. */
  readonly bytesServed: number
  /**
   * Requests whose connection was lost before the last byte of the answer, except those of relays.
   */
  readonly aborted: number
}

export interface JarServer {
  /**
   * Listens and resolves to the base URL. Rejects with `JAR_SERVER_RUNNING` while it runs,
   * `ADDRESS_NOT_ADVERTISABLE` before it listens, `JAR_SERVER_FAILED` when it cannot listen. After
   * `close` it can be started again.
   */
  start(peer?: ListenerPeer): Promise<string>
  /**
   * Serves another set, beside the earlier ones. Returns the URI of its manifest. The server must
   * run.
   */
  add(libraries: StagedLibraries): string
  /** Serves a file to every client from now on, as the extras. Returns its URI. */
  addExtra(extra: StagedBlob): string
  /**
   * Stops serving a set and the libraries that are only in it; downloads in progress continue.
   * Returns the blobs that are no longer needed. Has no effect on the set added last.
   */
  remove(setId: string): readonly StagedBlob[]
  /**
   * Such as `http://10.0.0.5:41234`, without a slash. This and all URIs throw `JAR_SERVER_FAILED`
   * until it runs.
   */
  readonly url: string
  /**
   * URI of the manifest of the set added last; undefined without libraries. This and the URIs below
   * contain a permission for their one path, valid for at least a year: treat them as secrets.
   * Extras have one permanent address without a permission.
   */
  readonly manifestUri: string | undefined
  /**
   * URI of a library or extra. A name may stand for several; the last one counts. Throws
   * `LIBRARY_NOT_FOUND` for an unknown name.
   */
  uriOf(file: string | Pick<StagedBlob, 'name' | 'sha256'>): string
  /**
   * The seed's form: `URL/…/0_a.jar,URL/…/1_b.jar` of the set added last, safe in a shell; empty
   * without libraries.
   */
  seedUris(): string
  /** URI of the status page; undefined without a page. */
  readonly pageUri: string | undefined
  /** CA certificate (PEM) used to verify this server; undefined without TLS. */
  readonly authority: string | undefined
  /** Adds a permission to a URI of this server; returns URIs of other servers unchanged. */
  sign(uri: string, lifetime: Lifetime): string
  /** The keys that an executor needs for a set, valid for at least a day; undefined if open. */
  accessTo(setId: string): LibraryAccess | undefined
  /** Sends executors their sources of a library. */
  answerRelay(answers: RelayAnswers): void
  stats(): JarServerStats
  /** What `/status.json` answers, with paths that have no permission. */
  status(): JarServerStatus
  /** Accepts no more connections; resolves after the last answer in progress. */
  drain(): Promise<void>
  /** As `drain`, but cuts the answers still in progress after `graceMs`, default 5,000. */
  close(graceMs?: number): Promise<void>
}

/**
 * Makes a jar server that does not listen yet. Start it when the framework is registered. Throws
 * `CONFIG_INVALID`.
 */
export function createJarServer(options: JarServerOptions = {}): JarServer {
  checkJarServerOptions(options)
  const { tls, key = createRunKey() } = options
  const certificates = tls === undefined ? undefined : createCertificates(tls, key.secret)
  const handling = createRequestHandling(options, key, () => socket.url())
  const { table, traffic, access, relays } = handling
  for (const libraries of [options.libraries ?? []].flat()) table.addSet(libraries)
  for (const extra of options.extras ?? []) table.addPublic(extra)
  const socket = createSocket(options, certificates, handling)
  const uris = createLibraryUris(handling, requireUrl)

  function requireUrl(): string {
    const base = socket.url()
    if (base !== undefined) return base
    throw new JarcastError('JAR_SERVER_FAILED', 'the jar server is not running; start it first')
  }

  return {
    start: socket.start,
    add(libraries) {
      // A stopped server adds nothing.
      requireUrl()
      return uris.ofPath(table.addSet(libraries))
    },
    addExtra(extra) {
      requireUrl()
      table.addPublic(extra)
      return uris.of(extra)
    },
    remove: (setId) => table.removeSet(setId),
    get url() {
      return requireUrl()
    },
    get manifestUri() {
      return uris.ofManifest()
    },
    uriOf: uris.of,
    seedUris: uris.seedForm,
    get pageUri() {
      return uris.ofPage()
    },
    get authority() {
      return certificates?.authority()
    },
    sign: uris.sign,
    accessTo(setId) {
      const own = access.accessTo(setId)
      return own && { ...own, ...defined({ ca: certificates?.authority() }) }
    },
    answerRelay: (answers) => relays?.tell(answers),
    stats: traffic.totals,
    status: handling.status,
    drain: () => socket.stop(),
    close: (graceMs = 5000) => socket.stop(graceMs),
  }
}

interface JarServerSocket {
  start(peer?: ListenerPeer): Promise<string>
  stop(graceMs?: number): Promise<void>
  /** Base URL; undefined unless it listens. */
  url(): string | undefined
}

/** Starts and stops listeners, one at a time. */
function createSocket(
  { tls: _, ...options }: JarServerOptions,
  certificates: Certificates | undefined,
  { relays, ...answers }: RequestHandling,
): JarServerSocket {
  let running: Listener | undefined
  let starting: Promise<string> | undefined
  return {
    url: () => running?.url(),
    async start(peer = {}) {
      if (running) throw alreadyRunning(running)
      running = createListener({ ...options, ...defined({ tls: certificates?.certify }) }, answers)
      starting = running.listen(peer)
      try {
        return await starting
      } catch (error) {
        running = undefined
        throw error
      }
    },
    async stop(graceMs) {
      const stopping = running
      await starting?.catch(() => undefined)
      relays?.close()
      await stopping?.stop(graceMs)
      if (running === stopping) running = undefined
    },
  }
}

function alreadyRunning(listener: Listener): JarcastError {
  const url = listener.url()
  const where = url === undefined ? '' : ` at ${url}`
  return new JarcastError(
    'JAR_SERVER_RUNNING',
    `already running${where}; close it before a new start`,
  )
}
