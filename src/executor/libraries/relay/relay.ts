/**
 * Fetches large libraries from other executors that are fetching them too, and serves them to
 * others meanwhile and for a while after. The scheduler says who takes what from whom; the jar
 * server has whatever nobody else gives.
 */
import { randomUUID } from 'node:crypto'
import { encodedChunkBytes } from '../../../domain/chunks/chunk-list.ts'
import { authorizeRelay } from '../../../domain/libraries/library-access.ts'
import type { Authorize, SignedRequest } from '../../../domain/libraries/library-access.ts'
import type { Library } from '../../../domain/libraries/library.ts'
import { server as jarServer } from '../../../domain/relay/relay-events.ts'
import { stripesOf } from '../../../domain/relay/stripes.ts'
import { JarcastError } from '../../../errors.ts'
import { fetchChunkList } from '../transfer/chunk-source.ts'
import type { RelayKeys } from '../transfer/set-access.ts'
import { fetchStripes } from './fetch-stripes.ts'
import { joinRelays } from './membership.ts'
import type { Membership } from './membership.ts'
import { startRelayServer } from './relay-server.ts'
import type { RelayServer } from './relay-server.ts'
import { createServerClock } from './server-clock.ts'
import { openRelayedBlob } from './relayed-blob.ts'
import type { RelayedBlob } from './relayed-blob.ts'
import { createSeeds } from './seeds.ts'
import { createYardstick } from './yardstick.ts'
import type { Yardstick } from './yardstick.ts'

export interface RelayFetch {
  readonly library: Library
  readonly uri: string
  /**
   * What an earlier fetch received, and where what comes is left, without a gap from the library's
   * first byte on.
   */
  readonly partPath: string
  /** A new name on the same file system. */
  readonly temporaryPath: string
  readonly signal: AbortSignal
  /** Signs requests to the jar server. */
  readonly authorize?: Authorize | undefined
  /** Told of the bytes there are so far. */
  readonly onProgress?: ((receivedBytes: number) => void) | undefined
  /** Called with the place in the queue of a busy server. */
  readonly onPlace?: ((place: number) => void) | undefined
}

interface OpenedBlob {
  readonly blob: RelayedBlob
  readonly yardstick: Yardstick
}

/** Bytes that came, by where from. */
export interface Relayed {
  readonly peerBytes: number
  readonly serverBytes: number
  /** Of the part, when it is all of the library, is synced, and was hashed while it came. */
  readonly sha256?: string | undefined
}

export interface Relay {
  /**
   * Leaves at `partPath` what it can get of a library that has a list of chunks. Whatever is
   * missing then is to be had from the server. Rejects with the signal's reason alone.
   */
  fetch(fetch: RelayFetch): Promise<Relayed>
  /** Stops serving, and reports it to the jar server. */
  close(): Promise<void>
}

export interface RelayOptions {
  /** The agent's rack, if it has the attribute. */
  readonly rack?: () => string | undefined
  /** Keys for requests between executors; default: none are needed. */
  readonly relayKeys?: RelayKeys
  /** How long a library is served after it is here. Default 5 minutes. */
  readonly seedMs?: number
}

export function createRelay({ rack, relayKeys, seedMs = 300_000 }: RelayOptions = {}): Relay {
  const seeds = createSeeds(seedMs)
  // Endpoints where nothing is passed on.
  const without = new Set<string>()
  // By the address that they listen on.
  const running = new Map<string, Promise<RelayServer>>()
  const clock = createServerClock()
  let isClosed = false

  /**
   * An executor that shares the loopback interface with the jar server has its peers there, too.
   */
  function serverFor(uri: string): Promise<RelayServer> {
    const { hostname } = new URL(uri)
    const bind = /^127\.|^localhost$|^\[::1\]$/.exec(hostname) === null ? '::' : hostname
    const known = running.get(bind)
    const server = known ?? startRelayServer(relayKeys, bind)
    running.set(bind, server)
    return server
  }

  async function join(fetch: RelayFetch, { port }: RelayServer): Promise<Membership> {
    const { library, uri, signal, authorize } = fetch
    const endpoint = endpointOf(uri)
    const { sha256 } = library
    try {
      const about = { uri: endpoint, sha256, port, rack: rack?.(), clock }
      return await joinRelays({ ...about, signal, authorize })
    } catch (error) {
      if (error instanceof JarcastError && error.details['status'] === 405) without.add(endpoint)
      throw error
    }
  }

  async function openBlob(fetch: RelayFetch): Promise<OpenedBlob> {
    const { library, uri, partPath, temporaryPath, signal, authorize } = fetch
    const startedMs = performance.now()
    const chunks = await fetchChunkList(library, uri, { signal, authorize })
    const tookMs = performance.now() - startedMs
    const blob = await openRelayedBlob(library, stripesOf(chunks), temporaryPath, partPath)
    const list = { bytes: encodedChunkBytes * chunks.length, tookMs }
    return { blob, yardstick: createYardstick(list) }
  }

  /** Resolves to the digest of the library if it was worked out on the way. */
  async function fetchAll(
    fetch: RelayFetch,
    count: (bytes: number, sourceId: string) => void,
  ): Promise<string | undefined> {
    const { library, uri, partPath, signal, authorize } = fetch
    const server = await serverFor(uri)
    const opened = openBlob(fetch)
    const opening = opened.then(({ blob }) => blob)
    // Others may ask for it as soon as they hear of this executor, which may be before it has the
    // list of chunks.
    const unserve = server.serve(library.sha256, opening)
    const joining = join(fetch, server)
    // Each is waited for where it is needed, which may be after it failed.
    for (const promise of [opening, joining]) promise.catch(() => undefined)
    try {
      const { blob, yardstick } = await opened
      const onRun = (bytes: number, sourceId: string): void => {
        count(bytes, sourceId)
        fetch.onProgress?.(blob.heldBytes())
      }
      const { onPlace } = fetch
      const key = relayKeys?.of(library.sha256)
      const authorizePeer = (request: SignedRequest) =>
        key && authorizeRelay(key, request, randomUUID())
      const signing = { authorize, authorizePeer }
      await fetchStripes({ blob, uri, joining, yardstick, signal, ...signing, onRun, onPlace })
      await blob.moveTo(partPath)
      seeds.add({ unserve, blob, joining })
      return blob.digest()
    } catch (error) {
      unserve()
      // Whichever of the two there is, or will be.
      joining.then((membership) => membership.leave()).catch(() => undefined)
      await opening.then((blob) => giveUp(blob, partPath)).catch(() => undefined)
      throw error
    }
  }

  return {
    async fetch(fetch) {
      const { library, uri, signal } = fetch
      let [peerBytes, serverBytes] = [0, 0]
      let sha256: string | undefined
      // Nothing that is encrypted on its way from the server travels in the clear from others.
      const isOff = isClosed || !uri.startsWith('http:') || without.has(endpointOf(uri))
      if (library.chunks !== undefined && !isOff) {
        sha256 = await fetchAll(fetch, (bytes, id) => {
          if (id === jarServer) serverBytes += bytes
          else peerBytes += bytes
        }).catch(() => {
          signal.throwIfAborted()
          return undefined
        })
      }
      return { peerBytes, serverBytes, sha256 }
    },
    async close() {
      isClosed = true
      await seeds.close()
      const servers = [...running.values()].map((server) => server.then((each) => each.close()))
      await Promise.allSettled(servers)
    },
  }
}

/** What came is left for the next attempt. */
async function giveUp(blob: RelayedBlob, partPath: string): Promise<void> {
  blob.giveUp()
  await blob.moveTo(partPath).catch(() => undefined)
  await blob.close()
}

function endpointOf(uri: string): string {
  return new URL('../../relays', uri).href
}
