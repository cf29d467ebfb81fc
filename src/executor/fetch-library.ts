/** One library, from its URI into the host cache: hashed while it streams, published only when the digest matched. */
import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import type { Library } from '../domain/library.ts'
import { JarcastError } from '../errors.ts'
import type { HostCache } from './host-cache.ts'
import { messageOf, openUri, unavailable } from './http-get.ts'

export interface FetchOptions {
  readonly cache: HostCache
  readonly signal: AbortSignal
  /** Told of the bytes so far, after each chunk. */
  readonly onProgress?: (receivedBytes: number) => void
}

/**
 * Makes sure that the cache has the library, and says where from.
 * Errors: `LIBRARY_UNAVAILABLE` when it cannot be had or ends early; `LIBRARY_CORRUPT` (retryable; `details.actual` is the
 * digest that came) when it is not what the manifest says. In both cases nothing of it stays.
 */
export async function fetchLibrary(
  library: Library,
  uri: string,
  { cache, signal, onProgress }: FetchOptions,
): Promise<'server' | 'cache'> {
  const { name, sha256, sizeBytes } = library
  if (await cache.has(sha256, sizeBytes)) return 'cache'
  const response = await openUri(uri, { signal })
  const came = await saveBody(response, uri, cache, { maxBytes: sizeBytes, onProgress })
  if (came.sha256 === sha256) {
    await cache.publish(came.path, sha256)
    return 'server'
  }
  await rm(came.path, { force: true })
  throw corrupt(name, uri, sha256, came.sha256, came.bytes)
}

/** A library nobody told the digest of: taken as it comes, and named by what came. Errors: `LIBRARY_UNAVAILABLE`. */
export async function fetchUnnamed(
  uri: string,
  maxBytes: number,
  { cache, signal }: FetchOptions,
): Promise<{ readonly sha256: string; readonly sizeBytes: number }> {
  const response = await openUri(uri, { signal })
  const came = await saveBody(response, uri, cache, { maxBytes, onProgress: undefined })
  await cache.publish(came.path, came.sha256)
  return { sha256: came.sha256, sizeBytes: came.bytes }
}

interface Saved {
  readonly path: string
  readonly sha256: string
  readonly bytes: number
}

async function saveBody(
  response: IncomingMessage,
  uri: string,
  cache: HostCache,
  bounds: { readonly maxBytes: number; readonly onProgress: FetchOptions['onProgress'] },
): Promise<Saved> {
  const path = cache.temporaryPath()
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      const saved = await copyBody(response, file, uri, bounds)
      await file.sync()
      return { path, ...saved }
    } finally {
      await file.close()
    }
  } catch (error) {
    response.destroy()
    await rm(path, { force: true })
    throw error instanceof JarcastError ? error : unavailable(uri, messageOf(error), true, error)
  }
}

async function copyBody(
  response: IncomingMessage,
  file: FileHandle,
  uri: string,
  { maxBytes, onProgress }: Parameters<typeof saveBody>[3],
): Promise<Omit<Saved, 'path'>> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) {
      throw new JarcastError('LIBRARY_CORRUPT', `more than the ${maxBytes} bytes there should be`, {
        retryable: true,
        details: { uri, actual: 'longer' },
      })
    }
    hash.update(chunk)
    await file.writeFile(chunk)
    onProgress?.(bytes)
  }
  const announced = Number(response.headers['content-length'] ?? bytes)
  if (!response.complete || announced !== bytes) {
    throw unavailable(uri, `the connection ended after ${bytes} of ${announced} bytes`, true)
  }
  return { sha256: hash.digest('hex'), bytes }
}

function corrupt(
  name: string,
  uri: string,
  expected: string,
  actual: string,
  bytes: number,
): JarcastError {
  const message = `${bytes} bytes came with digest ${actual}, expected ${expected}`
  return new JarcastError('LIBRARY_CORRUPT', message, {
    retryable: true,
    details: { library: name, uri, expected, actual },
  })
}
