/** A jar server with a library that hosts relay, and hosts with a cache each. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { authorizeSet } from '../../../src/domain/libraries/library-access.ts'
import type { Authorize } from '../../../src/domain/libraries/library-access.ts'
import { withoutMac } from '../../../src/domain/libraries/signed-path.ts'
import type { Library } from '../../../src/domain/libraries/library.ts'
import type { RelayEvent } from '../../../src/domain/relay/relay-events.ts'
import { fetchLibrary } from '../../../src/executor/libraries/fetch-library.ts'
import type { Fetched } from '../../../src/executor/libraries/fetch-library.ts'
import { openHostCache } from '../../../src/executor/libraries/cache/host-cache.ts'
import type { HostCache } from '../../../src/executor/libraries/cache/host-cache.ts'
import { Relay } from '../../../src/executor/libraries/relay/relay.ts'
import { createSetAccess } from '../../../src/executor/libraries/transfer/set-access.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import { relayMachine } from '../../../src/machines/relay/relay.ts'
import type { RequestRecord } from '../../../src/server/http/exchange.ts'
import { createJarServer } from '../../../src/server/jar-server.ts'
import type { JarServerOptions } from '../../../src/server/jar-server-options.ts'
import type { JarServer } from '../../../src/server/jar-server.ts'
import { createLibraryStore } from '../../../src/server/libraries/library-store.ts'

export interface RelayHost {
  readonly relay: Relay
  fetch(options?: HostFetch): Promise<Fetched>
  /** The library in its cache. */
  read(): Promise<Buffer>
}

export interface HostFetch {
  readonly signal?: AbortSignal
  readonly onProgress?: (receivedBytes: number) => void
}

export interface RelaySite {
  readonly server: JarServer
  readonly bytes: Buffer
  readonly library: Library
  readonly uri: string
  /** Signs requests for the library. */
  readonly authorize: Authorize
  /** URI of the library. */
  readonly relayKey: string
  /** URI of `POST /relays`. */
  readonly endpoint: string
  /** Events from the hosts, in order. */
  readonly events: readonly RelayEvent[]
  readonly requests: readonly RequestRecord[]
  /** Resolves with the first result of `find`, which is called after each event. */
  until<T>(find: () => T | undefined): Promise<T>
  openHost(): Promise<RelayHost>
  close(): Promise<void>
}

export interface RelaySiteOptions extends Pick<JarServerOptions, 'egressBytesPerSecond'> {
  readonly sizeBytes?: number
  /** False: the jar server relays nothing. */
  readonly hasRelay?: boolean
}

export async function openRelaySite(options: RelaySiteOptions = {}): Promise<RelaySite> {
  const { sizeBytes = 5_000_000, hasRelay = true, ...limits } = options
  const folder = await mkdtemp(join(tmpdir(), 'relay-site-'))
  const bytes = randomBytes(sizeBytes)
  await writeFile(join(folder, 'large.jar'), bytes)
  const store = await createLibraryStore(join(folder, 'store'))
  const libraries = await store.stage([join(folder, 'large.jar')])
  const events: RelayEvent[] = []
  const requests: RequestRecord[] = []
  const looks = new Set<() => void>()
  const runtime = createRuntime(relayMachine, {
    input: undefined,
  })
  runtime.effect$.subscribe(({ params }) => server.answerRelay(params as never))
  const server = createJarServer({
    libraries,
    bind: '127.0.0.1',
    ...limits,
    onRequest: (record) => requests.push(record),
    ...(hasRelay && {
      onRelay: (event) => {
        runtime.dispatch(event)
        events.push(event)
        for (const look of looks) look()
      },
    }),
  })
  runtime.start()
  const url = await server.start()
  const library = libraries.set.libraries[0] as Library
  const access = server.accessTo(libraries.set.id)
  const authorize: Authorize = (request) =>
    access && authorizeSet(libraries.set.id, access, request)
  const setAccess = createSetAccess()
  if (access !== undefined) setAccess.keep(libraries.set.id, access)
  const { relayKeys } = setAccess
  const uri = withoutMac(server.uriOf('large.jar'))
  const closing: (() => Promise<void>)[] = []
  let hosts = 0

  async function openHost(): Promise<RelayHost> {
    const own = join(folder, `host${(hosts += 1)}`)
    const cache: HostCache = await openHostCache({ folder: own, privateFolder: `${own}-private` })
    const relay = new Relay({ relayKeys })
    closing.push(async () => {
      await relay.close()
      await cache.close()
    })
    const { sha256 } = library
    return {
      relay,
      fetch: ({ signal = new AbortController().signal, onProgress } = {}) =>
        fetchLibrary(library, uri, {
          cache,
          relay,
          authorize,
          signal,
          ...(onProgress && { onProgress }),
        }),
      read: () => readFile(join(own, 'sha256', sha256)),
    }
  }

  return {
    server,
    bytes,
    library,
    uri,
    authorize,
    relayKey: relayKeys.of(library.sha256) ?? '',
    endpoint: `${url}/relays`,
    events,
    requests,
    until: (find) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = find()
          if (found === undefined) return
          looks.delete(look)
          resolve(found)
        }
        looks.add(look)
        look()
      }),
    openHost,
    async close() {
      await Promise.all(closing.map((close) => close()))
      await server.close(0)
      runtime.stop()
      await rm(folder, { recursive: true })
    },
  }
}
