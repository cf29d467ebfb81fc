/**
 * Fetches one library from its URI into the host cache: hashes it as it arrives, and publishes it
 * only if the digest matches.
 */
import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import type { Library } from '../../domain/libraries/library.ts'
import { isWebPageInPlaceOf, pageInPlace } from '../../domain/web-page.ts'
import { JarcastError } from '../../errors.ts'
import { assemble } from './delta/assemble.ts'
import { probeServer } from './delta/probe-server.ts'
import type { HostCache } from './cache/host-cache.ts'
import { openUri, transferError, unavailable } from './transfer/http-get.ts'
import { receive } from './transfer/receive.ts'
import type { ReceiveOptions } from './transfer/receive.ts'
import type { Relay } from './relay/relay.ts'

export interface FetchOptions extends ReceiveOptions {
  readonly cache: HostCache
  /** Fetches from other executors. Default: all bytes come from the server. */
  readonly relay?: Relay | undefined
  /** Clock for the speed of the server, in ms. Default: that of this process. */
  readonly now?: (() => number) | undefined
}

/** The source of a library, and the bytes that were transferred. */
export interface Fetched {
  /** `cache` also if another process of the host fetched it meanwhile. */
  readonly source: 'server' | 'peers' | 'cache'
  /** Less than the size if an earlier attempt left bytes, or the host has an older version. */
  readonly receivedBytes: number
}

/**
 * Ensures that the cache has the library. Continues from the bytes of an earlier attempt, and
 * copies equal chunks from an older version of a large library. Errors: `LIBRARY_UNAVAILABLE` if it
 * cannot be fetched or ends early; `LIBRARY_CORRUPT` (retryable; `details.actual` is the digest
 * received) if its digest is not the one in the manifest, and then its bytes are removed.
 */
export async function fetchLibrary(
  library: Library,
  uri: string,
  { cache, relay, now, signal, authorize, onProgress, onPlace }: FetchOptions,
): Promise<Fetched> {
  const { name, sha256, sizeBytes, chunks } = library
  const claim = await cache.claim(sha256, sizeBytes, signal)
  if (claim === undefined) return { source: 'cache', receivedBytes: 0 }
  try {
    const options = { signal, authorize, ...(onProgress && { onProgress }) }
    const { partPath } = claim
    const assembledBytes = await assembleFromVersions(library, uri, partPath, {
      cache,
      now,
      ...options,
    })
    const temporaryPath = cache.temporaryPath()
    const relayed = await relay?.fetch({
      library,
      uri,
      partPath,
      temporaryPath,
      onPlace,
      ...options,
    })
    const received = relayed?.sha256
      ? { sha256: relayed.sha256, receivedBytes: 0 }
      : await receive(library, uri, partPath, options)
    if (received.sha256 !== sha256) {
      await rm(partPath, { force: true })
      throw corrupt(library, uri, received.sha256)
    }
    await claim.publish()
    // An error here only costs the next version a full transfer.
    if (chunks !== undefined) await cache.versions.remember(name, sha256).catch(() => undefined)
    const { peerBytes = 0, serverBytes = 0 } = relayed ?? {}
    const fromServer = assembledBytes + serverBytes + received.receivedBytes
    return {
      source: peerBytes > fromServer ? 'peers' : 'server',
      receivedBytes: peerBytes + fromServer,
    }
  } finally {
    await claim.release()
  }
}

/**
 * Copies chunks from older versions and fetches the others, unless the server is so fast that a
 * plain request takes less time. After most errors, a plain request for the rest follows; after a
 * lost connection, the next attempt continues here.
 */
async function assembleFromVersions(
  library: Library,
  uri: string,
  partPath: string,
  { cache, now, ...options }: FetchOptions,
): Promise<number> {
  if (library.chunks === undefined) return 0
  let receivedBytes = 0
  try {
    const versions = await cache.versions.find(library.name)
    if (versions.length === 0) return 0
    const probe = await probeServer(library, uri, partPath, { now, ...options })
    receivedBytes = probe.receivedBytes
    if (probe.isFast) return receivedBytes
    return receivedBytes + (await assemble(library, uri, partPath, { ...options, versions }))
  } catch (error) {
    options.signal.throwIfAborted()
    const isLost = error instanceof JarcastError && error.code === 'LIBRARY_UNAVAILABLE'
    if (isLost && error.retryable) throw error
    return receivedBytes
  }
}

/** Fetches a library of unknown digest into the cache. Errors: `LIBRARY_UNAVAILABLE`. */
export async function fetchUnnamed(
  uri: string,
  maxBytes: number,
  { cache, signal }: FetchOptions,
): Promise<{ readonly sha256: string; readonly sizeBytes: number }> {
  const response = await openUri(uri, { signal })
  const path = cache.temporaryPath()
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      const saved = await copyBody(response, file, uri, maxBytes)
      await file.sync()
      await cache.publish(path, saved.sha256)
      return saved
    } finally {
      await file.close()
    }
  } catch (error) {
    response.destroy()
    await rm(path, { force: true })
    throw transferError(uri, error)
  }
}

async function copyBody(
  response: IncomingMessage,
  file: FileHandle,
  uri: string,
  maxBytes: number,
): Promise<{ readonly sha256: string; readonly sizeBytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (bytes === 0 && isWebPageInPlaceOf(new URL(uri).pathname, chunk))
      throw unavailable(uri, pageInPlace, true)
    bytes += chunk.length
    if (bytes > maxBytes) throw unavailable(uri, `it has more than ${maxBytes} bytes`, false)
    hash.update(chunk)
    await file.writeFile(chunk)
  }
  const announced = Number(response.headers['content-length'] ?? bytes)
  if (!response.complete || announced !== bytes) {
    throw unavailable(uri, `the connection ended after ${bytes} of ${announced} bytes`, true)
  }
  return { sha256: hash.digest('hex'), sizeBytes: bytes }
}

function corrupt({ name, sha256, sizeBytes }: Library, uri: string, actual: string): JarcastError {
  const message = `received ${sizeBytes} bytes with digest ${actual}, expected ${sha256}`
  return new JarcastError('LIBRARY_CORRUPT', message, {
    retryable: true,
    details: { library: name, uri, expected: sha256, actual },
  })
}
