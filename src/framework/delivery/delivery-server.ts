/** The jar server of a framework, as its scheduler starts and stops it. */
import type { SchedulerConnection } from '../../client/scheduler-connection.ts'
import { createDeferred } from '../../deferred.ts'
import { defined } from '../../defined.ts'
import type { Library, LibrarySet } from '../../domain/libraries/library.ts'
import type { Platform } from '../../domain/runtimes/platforms.ts'
import type { Delivery } from '../../domain/tasks/executors.ts'
import { JarcastError } from '../../errors.ts'
import type { SetTable } from '../../machines/scheduler/delivery/set-table.ts'
import type { RunKey } from '../../server/permissions/access.ts'
import { createJarServer } from '../../server/jar-server.ts'
import type { JarServer } from '../../server/jar-server.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import type { StagedLibraries } from '../../server/libraries/library-store.ts'
import type { ReportProgress } from '../facts/events.ts'
import type { FrameworkSettings } from '../options/settings.ts'
import type { RuntimePrepared } from '../../machines/scheduler/delivery/runtimes.ts'
import { checkClassPath } from './class-path-check.ts'
import { deliveryOf, ownExecutor, shippedBy } from './delivery.ts'
import type { ShippedLibraries } from './delivery.ts'
import { createRelayPlanning } from './relay-planning.ts'
import { digestsOf, servedSets } from './shipment.ts'
import type { Shipment } from './shipment.ts'

export interface DeliveryServer {
  /**
   * Listens, and returns how tasks are launched with the libraries. `previousUrl` is the address in
   * an earlier process, which executors may still use: its port is taken again if it is free.
   */
  start(
    previousUrl: string | undefined,
  ): Promise<{ readonly url: string; readonly delivery: Delivery }>
  /** Lets running downloads end, then closes; without effect a second time. */
  stop(): Promise<void>
  /**
   * Stages libraries, once the server listens, and serves the set that `compose` makes of them as
   * the current one. One at a time. Errors: those of staging, of `compose` and of `checkClassPath`,
   * after which nothing has changed.
   */
  ship(
    inputs: readonly (string | LibraryInput)[],
    compose: (staged: readonly Library[]) => LibrarySet,
  ): Promise<void>
  /**
   * Fetches, stages and serves the Node.js for a platform, for agents without one. Errors: those of
   * `resolvePackages`, of the store.
   */
  prepareRuntime(platform: Platform): Promise<Omit<RuntimePrepared, 'type'>>
  /** Ends the serving of these sets, and removes bytes that no other set needs. */
  release(sets: readonly LibrarySet[]): void
  /** Undefined until it is started. */
  readonly server: JarServer | undefined
}

export interface DeliveryServerOptions {
  /** The key for the permissions; default: a new one. */
  readonly key?: RunKey
  /** Called with progress of libraries that are added later, and totals at the end. */
  readonly report?: ReportProgress
  /** The sets to serve from the start; default: the staged one. */
  readonly setTable?: () => SetTable
  /** Hosts that have a library, for the status page; default: none is known. */
  readonly holdersOf?: (sha256: string) => readonly string[]
}

/** `shipment` is undefined without libraries: then nothing may be started. */
export function createDeliveryServer(
  shipment: Shipment | undefined,
  settings: FrameworkSettings,
  connection: SchedulerConnection,
  options: DeliveryServerOptions = {},
): DeliveryServer {
  return shipment === undefined
    ? nothingToServe
    : new JarDelivery(shipment, settings, connection, options)
}

const nothingToServe: DeliveryServer = {
  start: () => Promise.reject(new TypeError('there is nothing to serve')),
  ship: () => Promise.reject(new TypeError('there is nothing to serve')),
  prepareRuntime: () => Promise.reject(new TypeError('there is nothing to serve')),
  stop: () => Promise.resolve(),
  release: () => undefined,
  server: undefined,
}

class JarDelivery implements DeliveryServer {
  readonly #shipment: Shipment
  readonly #settings: FrameworkSettings
  readonly #connection: SchedulerConnection
  readonly #options: DeliveryServerOptions
  readonly #listening = createDeferred<JarServer>()
  readonly #relays = createRelayPlanning((answers) => this.#server?.answerRelay(answers))
  /** Ends with the last change of the sets. */
  #last: Promise<unknown> = this.#listening.promise
  #server: JarServer | undefined
  #isStopped = false

  constructor(
    shipment: Shipment,
    settings: FrameworkSettings,
    connection: SchedulerConnection,
    options: DeliveryServerOptions,
  ) {
    this.#shipment = shipment
    this.#settings = settings
    this.#connection = connection
    this.#options = options
  }

  get server(): JarServer | undefined {
    return this.#server
  }

  async start(previousUrl: string | undefined): ReturnType<DeliveryServer['start']> {
    const { store } = this.#shipment
    const sets = await servedSets(this.#shipment, this.#options.setTable?.())
    await store.retain(digestsOf(this.#shipment, sets))
    const { port = 0 } = this.#settings.jarServer
    const previousPort = previousUrl === undefined ? port : Number(new URL(previousUrl).port)
    const server = await this.#listen(port === 0 ? previousPort : port, sets).catch(
      async (error: unknown) => {
        if (port !== 0 || !isPortTaken(error)) throw error
        return await this.#listen(0, sets)
      },
    )
    this.#server = server
    this.#listening.resolve(server)
    const delivery = deliveryOf(this.#settings, this.#shippedBy(server, sets.at(-1)))
    return { url: server.url, delivery }
  }

  async prepareRuntime(platform: Platform): Promise<Omit<RuntimePrepared, 'type'>> {
    const { store, nodes } = this.#shipment
    const archive = nodes.find((node) => node.platform === platform)
    if (archive === undefined) throw new TypeError(`there is no Node.js for ${platform}`)
    const { name, version } = archive
    const path = await archive.locate(this.#options.report)
    const server = await this.#listening.promise
    const blob = await store.stageFile(path, { name })
    const served = { platform, uri: server.addExtra(blob), archive: name }
    const executor = ownExecutor(this.#settings, this.#shippedBy(server), served)
    return { platform, version, sizeBytes: blob.sizeBytes, executor }
  }

  async ship(
    inputs: readonly (string | LibraryInput)[],
    compose: (staged: readonly Library[]) => LibrarySet,
  ): Promise<void> {
    const { report } = this.#options
    const { store } = this.#shipment
    await this.#inTurn(async (running) => {
      const staged = await store.stage(inputs, {
        onProgress: (staging) => report?.({ type: 'library.staging', ...staging }),
        onPacked: (packed) => report?.({ type: 'library.packed', ...packed }),
      })
      const next = await store.restore(compose(staged.set.libraries))
      await checkClassPath(next, this.#settings, report)
      running.add(next)
    })
  }

  release(sets: readonly LibrarySet[]): void {
    // Before it listens there is nothing to release: it starts with the sets that are needed then.
    if (this.#server === undefined || this.#isStopped) return
    void this.#inTurn(async (running) => {
      await this.#shipment.store.discard(sets.flatMap(({ id }) => running.remove(id)))
    }).catch(() => undefined)
  }

  async stop(): Promise<void> {
    const server = this.#server
    if (server === undefined || this.#isStopped) return
    this.#isStopped = true
    await server.close()
    this.#relays.stop()
    this.#options.report?.({ type: 'jarServer.stopped', ...server.stats() })
  }

  #shippedBy(server: JarServer, libraries = this.#shipment.libraries): ShippedLibraries {
    const { program, nodes } = this.#shipment
    return shippedBy(server, program, libraries, nodes)
  }

  async #listen(port: number, libraries: readonly StagedLibraries[]): Promise<JarServer> {
    const { program } = this.#shipment
    const { key, holdersOf } = this.#options
    const { relay = true, ...options } = this.#settings.jarServer
    const server = createJarServer({
      ...options,
      port,
      libraries,
      extras: program === undefined ? [] : [program],
      ...defined({ key, holdersOf }),
      ...(relay && { onRelay: (event) => this.#relays.dispatch(event) }),
    })
    await server.start(peerOf(this.#connection))
    return server
  }

  /** One after another: a release must not remove bytes that are being staged again. */
  async #inTurn(work: (running: JarServer) => Promise<void>): Promise<void> {
    const before = this.#last
    const done = this.#listening.promise.then(async (running) => {
      await before
      await work(running)
    })
    this.#last = done.catch(() => undefined)
    await done
  }
}

/** The route to the master, for the choice of an address that executors can reach. */
function peerOf({ localAddress, masterUrl }: SchedulerConnection) {
  const masterHost = masterUrl === undefined ? undefined : new URL(masterUrl).hostname
  return defined({ localAddress, masterHost })
}

function isPortTaken(error: unknown): boolean {
  return error instanceof JarcastError && error.details['reason'] === 'EADDRINUSE'
}
