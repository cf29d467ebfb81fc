/**
 * The HTTP server on the scheduler's side that ships libraries to the executors.
 */
import type { IncomingMessage } from 'node:http'
import { hostname } from 'node:os'
import type { RelayAnswers, RelayEvent } from '../domain/relay/relay-events.ts'
import type { LibraryAccess } from '../domain/libraries/library-access.ts'
import { JarcastError } from '../errors.ts'
import { TLSSocket } from 'node:tls'
import { createAdmission } from '../access/admission.ts'
import type { AdmissionOptions } from '../access/admission.ts'
import { createAccess, createRunKey, pageScope, readClock } from './permissions/access.ts'
import type { Lifetime, RunKey } from './permissions/access.ts'
import { createBlobHandler } from './blobs/blob-handler.ts'
import { blobPath, createBlobTable, manifestPath } from './libraries/blob-table.ts'
import type { StagedBlob } from './blobs/blob.ts'
import type { RequestRecord } from './http/exchange.ts'
import type { StagedLibraries } from './libraries/library-store.ts'
import { createListener } from './listener/listener.ts'
import type { Listener, ListenerOptions, ListenerPeer } from './listener/listener.ts'
import { createRelayControl } from './relays/relay-control.ts'
import { createRunCertificate } from './listener/run-certificate.ts'
import { readServerTls } from './listener/server-tls.ts'
import type { ServerTls, ServerTlsFiles } from './listener/server-tls.ts'
import { createStatusPage } from './status-page.ts'
import { createStripeTable } from './relays/stripe-table.ts'
import { createTraffic } from './traffic.ts'

export interface JarServerOptions extends Omit<ListenerOptions, 'tls'>, AdmissionOptions {
  /**
   * Speaks https with this certificate, or with `auto`, with one of an authority made from the key.
   * The authority travels with `accessTo`. Extras are also served without TLS. Executors do not
   * relay libraries then: they have no certificates. Throws `CONFIG_INVALID` for unusable files,
   * and together with `open`.
   */
  readonly tls?: ServerTlsFiles | 'auto'
  /** Host names that browsers may use, besides addresses and the advertised host. */
  readonly allowHosts?: readonly string[]
  /**
   * The key for permissions; default: a new one. To continue after an earlier server, pass its key.
   */
  readonly key?: RunKey
  /** Gives all files to every client, and accepts every client as an executor. Default false. */
  readonly open?: boolean
  /** A set, or several, of which the last is the current one. */
  readonly libraries?: StagedLibraries | readonly StagedLibraries[]
  /**
   * Files served besides the libraries, such as the executor's program. They are in no set and not
   * in the seed's form. Every client that knows their address may have them.
   */
  readonly extras?: readonly StagedBlob[]
  /** Bytes of blobs kept in memory; default 64 MiB. */
  readonly memoryBudgetBytes?: number
  /** Called once per request, when it is over. What it throws is ignored. */
  readonly onRequest?: (record: RequestRecord) => void
  /** Hears of executors that pass libraries on to each other, which is off without it. */
  readonly onRelay?: (event: RelayEvent) => void
  /** Serves a page that shows the libraries and what was taken of them, at `/`. Default true. */
  readonly statusPage?: boolean
  /** Hosts that have a library by its digest, shown by the status page; default: none are known. */
  readonly holdersOf?: (sha256: string) => readonly string[]
}

export interface JarServerStats {
  /** All but those for the status page. */
  readonly requests: number
  /**
   * Bytes of bodies that the system took from us; those of a chunk of 1 MiB are counted when all of
   * it is taken.
   */
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
   * Serves another set from now on; earlier ones stay. Returns the URI of its manifest, so the
   * server must run.
   */
  add(libraries: StagedLibraries): string
  /**
   * Serves a set no longer, nor the libraries that are in it alone; downloads under way go on.
   * Returns what nothing needs any more. Without effect for the set given last.
   */
  remove(setId: string): readonly StagedBlob[]
  /**
   * Such as `http://10.0.0.5:41234`, without a slash. This and all URIs throw `JAR_SERVER_FAILED`
   * until it runs.
   */
  readonly url: string
  /**
   * URI of the manifest of the set given last; undefined without libraries. This and the URIs below
   * contain a permission for their one path, valid for at least a year: treat them as secrets.
   * Extras have one permanent address without a permission.
   */
  readonly manifestUri: string | undefined
  /**
   * URI of a library or extra: by name, the one given last; by digest, exactly that one. Throws
   * `LIBRARY_NOT_FOUND` for any other name.
   */
  uriOf(file: string | Pick<StagedBlob, 'name' | 'sha256'>): string
  /**
   * The seed's form: `URL/…/0_a.jar,URL/…/1_b.jar` of the set given last, safe in a shell; empty
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
  /** Tells executors from whom to take a library. */
  answerRelay(answers: RelayAnswers): void
  stats(): JarServerStats
  /** Takes no more connections; resolves when the answers under way are over. */
  drain(): Promise<void>
  /** As `drain`, but cuts what is still under way after `graceMs`, default 5,000. */
  close(graceMs?: number): Promise<void>
}

/**
 * Makes a jar server that does not listen yet. Start it when the framework is registered. Throws
 * `CONFIG_INVALID`.
 */
export function createJarServer(options: JarServerOptions = {}): JarServer {
  const { tls } = options
  if (tls !== undefined && options.open === true) throw openWithTls()
  const key = options.key ?? createRunKey()
  const files = tls === undefined || tls === 'auto' ? undefined : readServerTls(tls)
  let certificate = files
  const table = createBlobTable()
  const traffic = createTraffic()
  let running: Listener | undefined
  let starting: Promise<string> | undefined

  const page =
    options.statusPage === false
      ? undefined
      : createStatusPage({
          set: table.set,
          sets: table.sets,
          url: () => running?.url(),
          holdersOf: options.holdersOf ?? (() => []),
          sign: (path) => access.sign(path, 'standing'),
          traffic,
        })
  const isPublic = (path: string): boolean => table.find(path)?.isPublic === true
  const access = createAccess(options.open === true ? undefined : key, {
    isPublic,
    isOfSet: table.isOfSet,
    relayedOf: (setId) => (relays === undefined ? [] : table.chunkedOf(setId)),
    // A client that may see the page may see all of it.
    scopeOf: (path) => (page?.has(path) === true ? pageScope : path),
    hosts: () => [...(options.allowHosts ?? []), ...ownNames()],
  })
  /** With TLS, plain http serves only public files. */
  function isInClear({ socket }: IncomingMessage): boolean {
    return tls !== undefined && !(socket instanceof TLSSocket)
  }

  const onRelay = tls === undefined ? options.onRelay : undefined
  const relays =
    onRelay &&
    createRelayControl({
      has: (sha256, setId) =>
        table.chunkedBlob(sha256) !== undefined &&
        (options.open === true || table.isOfSet(setId, `/blobs/${sha256}/`)),
      access,
      dispatch: onRelay,
      now: readClock,
    })
  const stripes = createStripeTable(table)
  const handle = createBlobHandler({
    find: (path) => table.find(path) ?? stripes.find(path),
    admit: (request, path) => {
      if (isInClear(request) && !isPublic(path)) return 403
      return access.admit(request, path)
    },
    ...(relays && { onPost: relays.answer }),
    ...(page && { onMiss: page.answer }),
    ...(options.memoryBudgetBytes !== undefined && {
      memoryBudgetBytes: options.memoryBudgetBytes,
    }),
    admission: createAdmission(checked(options)),
    onBytes: traffic.addBytes,
    onRequest: (record) => {
      // Who watches every second would drown the numbers that are watched.
      if (!page?.has(record.path)) traffic.addRequest(record)
      options.onRequest?.(record)
    },
  })

  function certify(host: string): ServerTls {
    certificate = files ?? createRunCertificate(key.secret, host)
    return certificate
  }

  function ownNames(): readonly string[] {
    const base = running?.url()
    return [hostname(), ...(base === undefined ? [] : [new URL(base).hostname])]
  }

  function url(): string {
    const base = running?.url()
    if (base !== undefined) return base
    throw new JarcastError('JAR_SERVER_FAILED', 'the jar server is not running; start it first')
  }

  async function stop(graceMs?: number): Promise<void> {
    const stopping = running
    await starting?.catch(() => undefined)
    relays?.close()
    await stopping?.stop(graceMs)
    if (running === stopping) running = undefined
  }

  for (const libraries of [options.libraries ?? []].flat()) table.addSet(libraries)
  options.extras?.forEach(table.addPublic)

  return {
    async start(peer = {}) {
      if (running) throw alreadyRunning(running)
      const { tls: _, ...own } = options
      running = createListener({ ...own, ...(tls && { tls: certify }) }, handle)
      starting = running.listen(peer)
      try {
        return await starting
      } catch (error) {
        running = undefined
        throw error
      }
    },
    add(libraries) {
      const base = url()
      return base + access.sign(table.addSet(libraries), 'standing')
    },
    remove: table.removeSet,
    get url() {
      return url()
    },
    get manifestUri() {
      const set = table.set()
      return set && url() + access.sign(manifestPath(set), 'standing')
    },
    uriOf: (file) => {
      const path = typeof file === 'string' ? table.pathOf(file) : blobPath(file)
      // Mesos' fetcher does not trust our certificate, and public files are checked by digest.
      if (isPublic(decodeURIComponent(path))) return url().replace(/^https:/, 'http:') + path
      return url() + access.sign(path, 'standing')
    },
    seedUris: () =>
      table
        .seedPaths()
        .map((path) => url() + access.sign(path, 'standing'))
        .join(','),
    get pageUri() {
      return page && url() + access.sign(pageScope, 'standing')
    },
    get authority() {
      return certificate?.ca
    },
    sign(uri, lifetime) {
      const base = url()
      return uri.startsWith(`${base}/`) ? base + access.sign(uri.slice(base.length), lifetime) : uri
    },
    accessTo: (setId) => {
      const own = access.accessTo(setId)
      return own && { ...own, ...(certificate && { ca: certificate.ca }) }
    },
    answerRelay: (answers) => relays?.tell(answers),
    stats: traffic.totals,
    drain: () => stop(),
    close: (graceMs = 5000) => stop(graceMs),
  }
}

/** Throws `CONFIG_INVALID` for limits that would allow nothing. */
function checked(options: JarServerOptions): JarServerOptions {
  const { maxStreams = 1, egressBytesPerSecond = 1 } = options
  for (const [name, value] of Object.entries({ maxStreams, egressBytesPerSecond })) {
    if (value >= 1) continue
    throw new JarcastError('CONFIG_INVALID', `${name} must be 1 or more, not ${value}`)
  }
  return options
}

function openWithTls(): JarcastError {
  const message = 'what everybody may read needs no TLS: leave out open, or tls'
  return new JarcastError('CONFIG_INVALID', message, { details: { setting: 'open' } })
}

function alreadyRunning(listener: Listener): JarcastError {
  const url = listener.url()
  const where = url === undefined ? '' : ` at ${url}`
  return new JarcastError(
    'JAR_SERVER_RUNNING',
    `already running${where}; close it before a new start`,
  )
}
