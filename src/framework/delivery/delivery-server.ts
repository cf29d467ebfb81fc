/** The jar server of a framework, as its scheduler starts and stops it. */
import { createHash } from 'node:crypto'
import type { SchedulerConnection } from '../../client/scheduler-connection.ts'
import type { Delivery } from '../../domain/tasks/executors.ts'
import type { Library, LibrarySet } from '../../domain/libraries/library.ts'
import { valuesOf } from '../../domain/persistent-map.ts'
import { currentSet } from '../../machines/scheduler/delivery/set-table.ts'
import { withoutMac } from '../../domain/libraries/signed-path.ts'
import type { SetTable } from '../../machines/scheduler/delivery/set-table.ts'
import { JarcastError } from '../../errors.ts'
import type { SchedulerCall } from '../../mesos/types.generated.ts'
import type { RunKey } from '../../server/permissions/access.ts'
import type { StagedBlob } from '../../server/blobs/blob.ts'
import { createJarServer } from '../../server/jar-server.ts'
import type { JarServer } from '../../server/jar-server.ts'
import type { LibraryInput } from '../../server/libraries/library-check.ts'
import type { StagedLibraries } from '../../server/libraries/library-store.ts'
import { checkClassPath } from './class-path-check.ts'
import { createDeferred } from '../../deferred.ts'
import { deliveryOf } from './delivery.ts'
import type { ShippedLibraries } from './delivery.ts'
import type { ReportProgress } from '../facts/events.ts'
import type { FrameworkSettings } from '../options/settings.ts'
import { createRelayPlanning } from './relay-planning.ts'
import { signLaunches } from './sign-launches.ts'
import type { Shipment } from './shipment.ts'

export interface DeliveryServer {
  /**
   * Listens, and tells how tasks are launched with what it serves. `previousUrl` is where it was before the process
   * was gone: executors may still be fetching from there, so that port is taken again if it is free.
   */
  start(
    previousUrl: string | undefined,
  ): Promise<{ readonly url: string; readonly delivery: Delivery }>
  /** Lets running downloads end, then closes; without effect a second time. */
  stop(): Promise<void>
  /**
   * Stages libraries and serves the set that is made of them, as the current one; waits until it listens. One at a time.
   * Errors: those of staging, of `compose` and of `checkClassPath`, after which all is as it was.
   */
  ship(
    inputs: readonly (string | LibraryInput)[],
    compose: (staged: readonly Library[]) => LibrarySet,
  ): Promise<void>
  /** Serves these sets no longer, and removes the bytes that no other set needs. */
  release(sets: readonly LibrarySet[]): void
  /** Returns the call with permissions for the jar server in its launches. */
  sign(call: SchedulerCall): SchedulerCall
  /** Undefined until it is started. */
  readonly server: JarServer | undefined
}

export interface DeliveryServerOptions {
  /** The key for the permissions; default: a new one. */
  readonly key?: RunKey
  /** Called with progress of libraries that are added later, and totals at the end. */
  readonly report?: ReportProgress
  /** The sets to serve from the start; default: what was staged. */
  readonly setTable?: () => SetTable
  /** Hosts that have a library, for people who look; default: none are known. */
  readonly holdersOf?: (sha256: string) => readonly string[]
}

export function createDeliveryServer(
  shipment: Shipment | undefined,
  settings: FrameworkSettings,
  connection: SchedulerConnection,
  { key, report, setTable, holdersOf }: DeliveryServerOptions = {},
): DeliveryServer {
  const listening = createDeferred<JarServer>()
  let last: Promise<unknown> = Promise.resolve()
  const relays = createRelayPlanning((answers) => server?.answerRelay(answers))
  let server: JarServer | undefined
  let isStopped = false

  async function listen(
    { program }: Shipment,
    port: number,
    libraries: readonly StagedLibraries[],
  ): Promise<JarServer> {
    const extras = program === undefined ? [] : [program]
    const { relay = true, ...options } = settings.jarServer
    const started = createJarServer({
      ...options,
      port,
      libraries,
      extras,
      ...(key === undefined ? {} : { key }),
      ...(holdersOf === undefined ? {} : { holdersOf }),
      ...(relay && { onRelay: (event) => relays.dispatch(event) }),
    })
    await started.start(peerOf(connection))
    return started
  }

  /** One after another: what is being staged must not be removed with an old set that had the same bytes. */
  async function inTurn<T>(work: (shipment: Shipment, running: JarServer) => Promise<T>) {
    const before = last
    const done = listening.promise.then(async (running) => {
      await before
      if (shipment === undefined) throw new TypeError('there is nothing to serve')
      return await work(shipment, running)
    })
    last = done.catch(() => undefined)
    return await done
  }

  return {
    get server() {
      return server
    },
    async start(previousUrl) {
      if (shipment === undefined) throw new TypeError('there is nothing to serve')
      const { port = 0 } = settings.jarServer
      const previousPort = previousUrl === undefined ? port : Number(new URL(previousUrl).port)
      const sets = await servedSets(shipment, setTable?.())
      await shipment.store.retain(digestsOf(shipment, sets))
      const wanted = port === 0 ? previousPort : port
      server = await listen(shipment, wanted, sets).catch((error: unknown) => {
        if (port !== 0 || !isPortTaken(error)) throw error
        return listen(shipment, 0, sets)
      })
      listening.resolve(server)
      const current = sets.at(-1) ?? shipment.libraries
      const delivery = deliveryOf(settings, shippedBy(server, shipment, current))
      return { url: server.url, delivery }
    },
    async ship(inputs, compose) {
      await inTurn(async ({ store }, running) => {
        const staged = await store.stage(inputs, {
          onProgress: (staging) => report?.({ type: 'library.staging', ...staging }),
          onPacked: (packed) => report?.({ type: 'library.packed', ...packed }),
        })
        const next = await store.restore(compose(staged.set.libraries))
        await checkClassPath(next, settings, report)
        running.add(next)
      })
    },
    sign: (call) => (server === undefined || isStopped ? call : signLaunches(call, server)),
    release(sets) {
      // Before it listens there is nothing to take back: it begins with what is needed then.
      if (server === undefined || isStopped) return
      void inTurn(async ({ store }, running) => {
        await store.discard(sets.flatMap(({ id }) => running.remove(id)))
      }).catch(() => undefined)
    },
    async stop() {
      if (server === undefined || isStopped) return
      isStopped = true
      await server.close()
      relays.stop()
      report?.({ type: 'jarServer.stopped', ...server.stats() })
    },
  }
}

/** The set that tasks run with which were submitted by an earlier process, too; the current one last. */
async function servedSets(
  { libraries, store }: Shipment,
  table: SetTable | undefined,
): Promise<readonly StagedLibraries[]> {
  const current = table && currentSet(table)
  if (table === undefined || current === undefined) return [libraries]
  const older = Array.from(valuesOf(table.sets)).filter(({ id }) => id !== current.id)
  const served: StagedLibraries[] = []
  for (const set of [...older, current]) served.push(await store.restore(set))
  return served
}

function digestsOf({ program }: Shipment, sets: readonly StagedLibraries[]): ReadonlySet<string> {
  const blobs = [
    ...sets.flatMap((set) => [...set.blobs, ...set.chunkLists]),
    ...(program === undefined ? [] : [program]),
  ]
  return new Set(blobs.map(({ sha256 }) => sha256))
}

function shippedBy(
  server: JarServer,
  { program }: Shipment,
  { set: { id, libraries: list } }: StagedLibraries,
): ShippedLibraries {
  // These addresses get into the journal, so permissions are added only when a call is sent.
  const plainUri = (file: Pick<StagedBlob, 'name' | 'sha256'>): string =>
    withoutMac(server.uriOf(file))
  return {
    ...(program && { program: { uri: plainUri(program), sha256: program.sha256 } }),
    libraries: list.map(({ name, kind, sha256 }) => ({
      name,
      kind,
      sha256,
      uri: plainUri({ name, sha256 }),
    })),
    manifestUri: withoutMac(server.manifestUri ?? server.url),
    librarySetId: id,
    seedUris: withoutMac(server.seedUris()),
    permission: createHash('sha256').update(server.seedUris()).digest('hex').slice(0, 16),
  }
}

/** The way to the master, from which the address that executors are told is chosen. */
function peerOf({ localAddress, masterUrl }: SchedulerConnection) {
  return {
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(masterUrl === undefined ? {} : { masterHost: new URL(masterUrl).hostname }),
  }
}

function isPortTaken(error: unknown): boolean {
  return error instanceof JarcastError && error.details['reason'] === 'EADDRINUSE'
}
