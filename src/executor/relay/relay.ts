/**
 * Fetches large libraries from other executors that are fetching them too, and serves them to others meanwhile and for a
 * while after. The scheduler says who takes what from whom; the jar server has whatever nobody else gives.
 */
import type { Library } from '../../domain/library.ts'
import { server as jarServer } from '../../domain/relay-plan.ts'
import { stripesOf } from '../../domain/stripes.ts'
import { JarcastError } from '../../errors.ts'
import { fetchChunkList } from '../chunk-source.ts'
import { fetchStripes } from './fetch-stripes.ts'
import { joinRelays } from './membership.ts'
import type { Membership } from './membership.ts'
import { startRelayServer } from './relay-server.ts'
import type { RelayServer } from './relay-server.ts'
import { openRelayedBlob } from './relayed-blob.ts'
import type { RelayedBlob } from './relayed-blob.ts'
import { createSeeds } from './seeds.ts'

export interface RelayFetch {
  readonly library: Library
  readonly uri: string
  /** What an earlier fetch received, and where what comes is left, without a gap from the library's first byte on. */
  readonly partPath: string
  /** A new name on the same file system. */
  readonly temporaryPath: string
  readonly signal: AbortSignal
  /** Told of the bytes there are so far. */
  readonly onProgress?: ((receivedBytes: number) => void) | undefined
}

/** Bytes that came, by where from. */
export interface Relayed {
  readonly peerBytes: number
  readonly serverBytes: number
}

export interface Relay {
  /**
   * Leaves at `partPath` what it can get of a library that has a list of chunks. Whatever is missing then is to be had from the
   * server. Rejects with the signal's reason alone.
   */
  fetch(fetch: RelayFetch): Promise<Relayed>
  /** Serves nothing any more, and says so. */
  close(): Promise<void>
}

export interface RelayOptions {
  /** Of the agent, where it says so. */
  readonly rack?: () => string | undefined
  /** How long a library is served after it is here. Default 5 minutes. */
  readonly seedMs?: number
}

export function createRelay({ rack, seedMs = 300_000 }: RelayOptions = {}): Relay {
  const seeds = createSeeds(seedMs)
  // Endpoints where nothing is passed on.
  const without = new Set<string>()
  let running: Promise<RelayServer> | undefined
  let isClosed = false

  async function join(
    endpoint: string,
    { library: { sha256 }, signal }: RelayFetch,
    { port }: RelayServer,
  ): Promise<Membership> {
    try {
      return await joinRelays({ uri: endpoint, sha256, port, rack: rack?.(), signal })
    } catch (error) {
      if (error instanceof JarcastError && error.details['status'] === 405) without.add(endpoint)
      throw error
    }
  }

  async function takePart(
    fetch: RelayFetch,
    blob: RelayedBlob,
    server: RelayServer,
    onRun: (bytes: number, sourceId: string) => void,
  ): Promise<void> {
    const { uri, partPath, signal } = fetch
    const endpoint = endpointOf(uri)
    let membership: Membership | undefined
    // Others may ask for it as soon as they hear of this executor.
    server.add(blob)
    try {
      membership = await join(endpoint, fetch, server)
      await fetchStripes({ blob, uri, membership, signal, onRun })
      await blob.moveTo(partPath)
      void membership.finish()
      seeds.add({ server, blob, membership })
    } catch (error) {
      server.remove(blob)
      blob.giveUp()
      void membership?.leave()
      await blob.moveTo(partPath).catch(() => undefined)
      await blob.close()
      throw error
    }
  }

  async function fetchAll(fetch: RelayFetch, count: (bytes: number, id: string) => void) {
    const { library, uri, partPath, temporaryPath, signal } = fetch
    running ??= startRelayServer()
    const [server, chunks] = await Promise.all([running, fetchChunkList(library, uri, signal)])
    const blob = await openRelayedBlob(library, stripesOf(chunks), temporaryPath, partPath)
    await takePart(fetch, blob, server, (bytes, id) => {
      count(bytes, id)
      fetch.onProgress?.(blob.heldBytes())
    })
  }

  return {
    async fetch(fetch) {
      const { library, uri, signal } = fetch
      let [peerBytes, serverBytes] = [0, 0]
      // Nothing that is encrypted on its way from the server travels in the clear from others.
      const isOff = isClosed || !uri.startsWith('http:') || without.has(endpointOf(uri))
      if (library.chunks !== undefined && !isOff) {
        await fetchAll(fetch, (bytes, id) => {
          if (id === jarServer) serverBytes += bytes
          else peerBytes += bytes
        }).catch(() => signal.throwIfAborted())
      }
      return { peerBytes, serverBytes }
    },
    async close() {
      isClosed = true
      await seeds.close()
      await (await running?.catch(() => undefined))?.close()
    },
  }
}

function endpointOf(uri: string): string {
  return new URL('../../relays', uri).href
}
