/** What a framework ships, staged, and the jar server that will serve it. */
import { EventEmitter } from 'eventemitter3'
import type { SchedulerConnection } from '../client/scheduler-connection.ts'
import type { StagedBlob } from '../server/blob.ts'
import { createJarServer } from '../server/jar-server.ts'
import type { JarServer } from '../server/jar-server.ts'
import { createLibraryStore } from '../server/library-store.ts'
import { deliveryOf, executorProgram } from './delivery.ts'
import type { FrameworkEvents } from './events.ts'
import type { FrameworkSettings } from './options.ts'
import type { DeliveryServer } from './performer.ts'

export interface Shipment {
  /** Absent without libraries: then there is nothing to serve, and tasks are plain commands. */
  readonly server?: JarServer
  readonly program?: StagedBlob
  readonly librarySetId?: string
  /** Removes the staged copies. */
  remove(): Promise<void>
}

/** Stages the libraries and the executor's program. Errors: those of the library store, naming the path. */
export async function prepareShipment(
  settings: FrameworkSettings,
  emitter = new EventEmitter<FrameworkEvents>(),
): Promise<Shipment> {
  if (settings.libraries.length === 0) return { remove: () => Promise.resolve() }
  const program = executorProgram(settings.executor)
  const store = await createLibraryStore()
  try {
    const onProgress = (staging: FrameworkEvents['library.staging'][0]) =>
      emitter.emit('library.staging', staging)
    const libraries = await store.stage(settings.libraries, { onProgress })
    const staged = await store.stageFile(program)
    const server = createJarServer({ ...settings.jarServer, libraries, extras: [staged] })
    return { server, program: staged, librarySetId: libraries.set.id, remove: () => store.remove() }
  } catch (error) {
    await store.remove()
    throw error
  }
}

/** The shipment's jar server as the scheduler starts and stops it. */
export function deliveryServerOf(
  { server, program, librarySetId }: Shipment,
  settings: FrameworkSettings,
  connection: SchedulerConnection,
  emitter = new EventEmitter<FrameworkEvents>(),
): DeliveryServer {
  return {
    async start() {
      if (server === undefined || program === undefined || librarySetId === undefined) {
        throw new TypeError('there is nothing to serve')
      }
      const url = await server.start(peerOf(connection))
      const shipped = {
        programUri: server.uriOf(program.name),
        manifestUri: server.manifestUri ?? url,
        librarySetId,
        seedUris: server.seedUris(),
      }
      return { url, delivery: deliveryOf(settings.executor, shipped) }
    },
    async stop() {
      await server?.close()
      if (server !== undefined) emitter.emit('jarServer.stopped', server.stats())
    },
  }
}

/** The way to the master, from which the address that executors are told is chosen. */
function peerOf({ localAddress, masterUrl }: SchedulerConnection) {
  return {
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(masterUrl === undefined ? {} : { masterHost: new URL(masterUrl).hostname }),
  }
}
