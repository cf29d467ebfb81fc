/**
 * One library, from its URI into the host cache: hashed while it streams, published only when the
 * digest matched.
 */
import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import type { Library } from '../../domain/libraries/library.ts'
import { isWebPageInPlaceOf, pageInPlace } from '../../domain/web-page.ts'
import { JarcastError } from '../../errors.ts'
import { assemble } from './delta/assemble.ts'
import type { HostCache } from './cache/host-cache.ts'
import { openUri, transferError, unavailable } from './transfer/http-get.ts'
import { receive } from './transfer/receive.ts'
import type { ReceiveOptions } from './transfer/receive.ts'
import type { Relay } from './relay/relay.ts'

export interface FetchOptions extends ReceiveOptions {
  readonly cache: HostCache
  /** Other executors; default: nothing comes from them. */
  readonly relay?: Relay | undefined
}

/** Where a library was had from, and what of it had to travel. */
export interface Fetched {
  /** `cache` also when another process of the host fetched it meanwhile. */
  readonly source: 'server' | 'peers' | 'cache'
  /**
   * Less than its size when an earlier try had received some of it, or the host had an older
   * version.
   */
  readonly receivedBytes: number
}

/**
 * Makes sure that the cache has the library. What an earlier try received is not fetched again, nor
 * what is the same in an older version of a large library that the host has. Errors:
 * `LIBRARY_UNAVAILABLE` when it cannot be had or ends early; `LIBRARY_CORRUPT` (retryable;
 * `details.actual` is the digest that came) when it is not what the manifest says, and then nothing
 * of it stays.
 */
export async function fetchLibrary(
  library: Library,
  uri: string,
  { cache, relay, signal, authorize, onProgress, onPlace }: FetchOptions,
): Promise<Fetched> {
  const { name, sha256, sizeBytes, chunks } = library
  const claim = await cache.claim(sha256, sizeBytes, signal)
  if (claim === undefined) return { source: 'cache', receivedBytes: 0 }
  try {
    const options = { signal, authorize, ...(onProgress && { onProgress }) }
    const { partPath } = claim
    const assembledBytes = await assembleFromVersions(library, uri, partPath, { cache, ...options })
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
    // The library is complete. Without its list of chunks, only the next version travels whole.
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
 * As far as that goes: whatever it meets with, a plain request for the rest is the answer. A
 * connection that was lost may be there again: then the next attempt goes on from here.
 */
async function assembleFromVersions(
  library: Library,
  uri: string,
  partPath: string,
  { cache, ...options }: FetchOptions,
): Promise<number> {
  if (library.chunks === undefined) return 0
  try {
    const versions = await cache.versions.find(library.name)
    if (versions.length === 0) return 0
    return await assemble(library, uri, partPath, { ...options, versions })
  } catch (error) {
    options.signal.throwIfAborted()
    const isLost = error instanceof JarcastError && error.code === 'LIBRARY_UNAVAILABLE'
    if (isLost && error.retryable) throw error
    return 0
  }
}

/** Fetches a library of unknown digest, named by its bytes. Errors: `LIBRARY_UNAVAILABLE`. */
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
  const message = `${sizeBytes} bytes came with digest ${actual}, expected ${sha256}`
  return new JarcastError('LIBRARY_CORRUPT', message, {
    retryable: true,
    details: { library: name, uri, expected: sha256, actual },
  })
}
