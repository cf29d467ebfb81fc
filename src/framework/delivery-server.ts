/** The jar server of a framework, as its scheduler starts and stops it. */
import type { EventEmitter } from 'eventemitter3'
import type { SchedulerConnection } from '../client/scheduler-connection.ts'
import type { Delivery } from '../domain/executors.ts'
import { JarcastError } from '../errors.ts'
import { createJarServer } from '../server/jar-server.ts'
import type { JarServer } from '../server/jar-server.ts'
import { deliveryOf } from './delivery.ts'
import type { ShippedLibraries } from './delivery.ts'
import type { FrameworkEvents } from './events.ts'
import type { FrameworkSettings } from './options.ts'
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
  /** Undefined until it is started. */
  readonly server: JarServer | undefined
}

export function createDeliveryServer(
  shipment: Shipment | undefined,
  settings: FrameworkSettings,
  connection: SchedulerConnection,
  emitter?: EventEmitter<FrameworkEvents>,
): DeliveryServer {
  let server: JarServer | undefined
  let isStopped = false

  async function listen({ libraries, program }: Shipment, port: number): Promise<JarServer> {
    const extras = program === undefined ? [] : [program]
    const started = createJarServer({ ...settings.jarServer, port, libraries, extras })
    await started.start(peerOf(connection))
    return started
  }

  return {
    get server() {
      return server
    },
    async start(previousUrl) {
      if (shipment === undefined) throw new TypeError('there is nothing to serve')
      const { port = 0 } = settings.jarServer
      const previousPort = previousUrl === undefined ? port : Number(new URL(previousUrl).port)
      server = await listen(shipment, port === 0 ? previousPort : port).catch((error: unknown) => {
        if (port !== 0 || !isPortTaken(error)) throw error
        return listen(shipment, 0)
      })
      const delivery = deliveryOf(settings, shippedBy(server, shipment))
      return { url: server.url, delivery }
    },
    async stop() {
      if (server === undefined || isStopped) return
      isStopped = true
      await server.close()
      emitter?.emit('jarServer.stopped', server.stats())
    },
  }
}

function shippedBy(server: JarServer, { libraries, program }: Shipment): ShippedLibraries {
  const { id, libraries: list } = libraries.set
  return {
    ...(program === undefined ? {} : { programUri: server.uriOf(program.name) }),
    libraries: list.map(({ name, kind }) => ({ name, kind, uri: server.uriOf(name) })),
    manifestUri: server.manifestUri ?? server.url,
    librarySetId: id,
    seedUris: server.seedUris(),
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
