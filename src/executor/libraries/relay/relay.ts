/**
 * Fetches large libraries from other executors that are fetching them too, and serves them to
 * others meanwhile and for a while after. The planner of the jar server chooses the sources; the
 * jar server itself is the last one.
 */
import { randomUUID } from 'node:crypto'
import { encodedChunkBytes } from '../../../domain/chunks/chunk-list.ts'
import { authorizeRelay } from '../../../domain/libraries/library-access.ts'
import type { Authorize } from '../../../domain/libraries/library-access.ts'
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
import { openRelayedBlob } from './blob/relayed-blob.ts'
import type { RelayedBlob } from './blob/relayed-blob.ts'
import { createSeeds } from './seeds.ts'
import { createServerSpeed } from './server-speed.ts'
import type { ServerSpeed } from './server-speed.ts'

export interface RelayFetch {
  readonly library: Library
  readonly uri: string
  /** A gapless beginning of the library, from an earlier fetch. The result is written there. */
  readonly partPath: string
  /** An unused name on the same file system. */
  readonly temporaryPath: string
  readonly signal: AbortSignal
  /** Signs requests to the jar server. */
  readonly authorize?: Authorize | undefined
  /** Called with the number of bytes received so far. */
  readonly onProgress?: ((receivedBytes: number) => void) | undefined
  /** Called with the place in the queue of a busy server. */
  readonly onPlace?: ((place: number) => void) | undefined
}

/** Result of a fetch. */
export interface Relayed {
  /** Bytes received from other executors. */
  readonly peerBytes: number
  /** Bytes received from the jar server. */
  readonly serverBytes: number
  /** Digest of the part, if it is the whole library, synced, and was hashed as it arrived. */
  readonly sha256?: string | undefined
}

export interface RelayOptions {
  /** The agent's rack, if it has the attribute. */
  readonly rack?: () => string | undefined
  /** The agent's hostname, once it is known: the inspector shows it. */
  readonly hostname?: () => string | undefined
  /** Keys for requests between executors; default: none are needed. */
  readonly relayKeys?: RelayKeys
  /** How long a complete library is served, ms. Default 5 minutes. */
  readonly seedMs?: number
}

interface OpenedBlob {
  readonly blob: RelayedBlob
  readonly serverSpeed: ServerSpeed
}

type OnBytes = (bytes: number, sourceId: string) => void

export class Relay {
  readonly #options: RelayOptions
  readonly #seeds
  /** Jar servers that relay nothing, by endpoint. */
  readonly #withoutRelay = new Set<string>()
  /** By the address that they listen on. */
  readonly #servers = new Map<string, Promise<RelayServer>>()
  readonly #clock = createServerClock()
  #isClosed = false

  constructor(options: RelayOptions = {}) {
    this.#options = options
    this.#seeds = createSeeds(options.seedMs ?? 300_000)
  }

  /**
   * Fetches to `partPath` as much as possible of a library that has a list of chunks. The caller
   * fetches the rest from the server. Rejects only with the signal's reason.
   */
  async fetch(fetch: RelayFetch): Promise<Relayed> {
    const received = { peerBytes: 0, serverBytes: 0 }
    if (fetch.library.chunks === undefined || !this.#canRelay(fetch.uri)) return received
    const count: OnBytes = (bytes, sourceId) => {
      received[sourceId === jarServer ? 'serverBytes' : 'peerBytes'] += bytes
    }
    const sha256 = await this.#fetchAll(fetch, count).catch(() => {
      fetch.signal.throwIfAborted()
      return undefined
    })
    return { ...received, sha256 }
  }

  /** Stops serving, and reports it to the jar server. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#seeds.close()
    const servers = [...this.#servers.values()].map((server) => server.then((it) => it.close()))
    await Promise.allSettled(servers)
  }

  /** False for https: bytes that the server encrypts must not travel in the clear between hosts. */
  #canRelay(uri: string): boolean {
    return !this.#isClosed && uri.startsWith('http:') && !this.#withoutRelay.has(endpointOf(uri))
  }

  /** Resolves to the digest of the library, if it was hashed as it arrived. */
  async #fetchAll(fetch: RelayFetch, count: OnBytes): Promise<string | undefined> {
    const { library, partPath } = fetch
    const server = await this.#serverFor(fetch.uri)
    const opened = openBlob(fetch)
    const opening = opened.then(({ blob }) => blob)
    // Serve before the join: others may ask as soon as the planner knows this executor.
    const unserve = server.serve(library.sha256, opening)
    const joining = this.#join(fetch, server)
    // They are awaited later; until then, their errors must not count as unhandled.
    for (const promise of [opening, joining]) promise.catch(() => undefined)
    try {
      const { blob, serverSpeed } = await opened
      const onRun: OnBytes = (bytes, sourceId) => {
        count(bytes, sourceId)
        fetch.onProgress?.(blob.heldBytes)
      }
      const { uri, signal, authorize, onPlace } = fetch
      const signing = { authorize, authorizePeer: this.#signerFor(library) }
      await fetchStripes({ blob, uri, joining, serverSpeed, signal, ...signing, onRun, onPlace })
      await blob.moveTo(partPath)
      this.#seeds.add({ unserve, blob, joining })
      return blob.digest()
    } catch (error) {
      unserve()
      // Either may still be in progress.
      joining.then((membership) => membership.leave()).catch(() => undefined)
      await opening.then((blob) => giveUp(blob, partPath)).catch(() => undefined)
      throw error
    }
  }

  /** Executors that reach the jar server by loopback reach each other by loopback too. */
  #serverFor(uri: string): Promise<RelayServer> {
    const { hostname } = new URL(uri)
    const bind = /^127\.|^localhost$|^\[::1\]$/.exec(hostname) === null ? '::' : hostname
    const known = this.#servers.get(bind)
    const server = known ?? startRelayServer(this.#options.relayKeys, bind)
    this.#servers.set(bind, server)
    return server
  }

  async #join(fetch: RelayFetch, { port }: RelayServer): Promise<Membership> {
    const { library, signal, authorize } = fetch
    const uri = endpointOf(fetch.uri)
    const { rack, hostname } = this.#options
    const about = { uri, sha256: library.sha256, port, rack: rack?.(), hostname: hostname?.() }
    try {
      return await joinRelays({ ...about, clock: this.#clock, signal, authorize })
    } catch (error) {
      if (error instanceof JarcastError && error.details['status'] === 405) {
        this.#withoutRelay.add(uri)
      }
      throw error
    }
  }

  /** Signs requests to other executors. */
  #signerFor({ sha256 }: Library): Authorize {
    const key = this.#options.relayKeys?.of(sha256)
    return (request) => key && authorizeRelay(key, request, randomUUID())
  }
}

async function openBlob(fetch: RelayFetch): Promise<OpenedBlob> {
  const { library, uri, partPath, temporaryPath, signal, authorize } = fetch
  const startedMs = performance.now()
  const chunks = await fetchChunkList(library, uri, { signal, authorize })
  const tookMs = performance.now() - startedMs
  const blob = await openRelayedBlob(library, stripesOf(chunks), temporaryPath, partPath)
  const list = { bytes: encodedChunkBytes * chunks.length, tookMs }
  return { blob, serverSpeed: createServerSpeed(list) }
}

/** Keeps the received bytes for the next attempt. */
async function giveUp(blob: RelayedBlob, partPath: string): Promise<void> {
  blob.giveUp()
  await blob.moveTo(partPath).catch(() => undefined)
  await blob.close()
}

function endpointOf(uri: string): string {
  return new URL('../../relays', uri).href
}
