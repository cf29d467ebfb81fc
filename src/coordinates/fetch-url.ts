/** Fetches a file with a known digest into the cache of packages. */
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { defined } from '../defined.ts'
import { JarcastError } from '../errors.ts'
import { digestFile } from './http/checksums.ts'
import { createFileCache, defaultCacheFolder } from './http/file-cache.ts'
import { createHttpClient } from './http/http-client.ts'
import type { PackageProgress } from './packages/packages.ts'

export interface FetchUrlOptions {
  /** Default `$XDG_CACHE_HOME/jarcast`. */
  readonly cacheFolder?: string
  /** Uses only the cache. Default false. */
  readonly isOffline?: boolean
  readonly signal?: AbortSignal | undefined
  /** Called as the bytes arrive, and once the file is complete. */
  readonly onProgress?: (progress: PackageProgress) => void
}

/**
 * Returns the path of the file, which is fetched unless it is in the cache. Rejects with
 * `PACKAGE_CORRUPT` for another SHA-256, `PACKAGE_NOT_FOUND`, `REGISTRY_REJECTED`,
 * `REGISTRY_UNREACHABLE` (retryable); the signal's reason.
 */
export async function fetchUrl(
  url: URL,
  sha256: string,
  { cacheFolder = defaultCacheFolder(), isOffline, signal, onProgress }: FetchUrlOptions = {},
): Promise<string> {
  const cache = createFileCache(cacheFolder)
  const file = cache.pathOf(repository, sha256)
  if ((await cache.has(repository, sha256)) && (await digestOf(file)) === sha256) return file
  const address = `${url.origin}${url.pathname}`
  if (isOffline === true) throw notFound(`${address} is not in the cache, and the run is offline`)
  const client = createHttpClient({ signal })
  const report = (fetchedBytes: number, sizeBytes?: number): void =>
    onProgress?.({ package: address, fetchedBytes, ...defined({ sizeBytes }) })
  try {
    await cache.put(repository, sha256, async (temporary) => {
      const status = await client.get(url, {
        read: ({ chunks, sizeBytes }) => {
          const onBytes = (fetchedBytes: number): void => {
            // The end is reported once the digest is known to be right.
            if (fetchedBytes !== sizeBytes) report(fetchedBytes, sizeBytes)
          }
          return pipeline(counted(chunks, onBytes), createWriteStream(temporary))
        },
      })
      if (status !== 200) throw notFound(`${address} does not exist`)
      const { digests, sizeBytes } = await digestFile(temporary, ['sha256'])
      const [actual] = digests
      if (actual !== sha256) throw corrupt(`${address} has SHA-256 ${actual}, expected ${sha256}`)
      report(sizeBytes, sizeBytes)
    })
  } finally {
    client.close()
  }
  return file
}

const repository = 'urls'
const maxBytes = 4 * 1024 ** 3

/** Throws beyond the limit. */
async function* counted(
  chunks: AsyncIterable<Buffer>,
  onBytes: (fetchedBytes: number) => void,
): AsyncGenerator<Buffer> {
  let fetchedBytes = 0
  for await (const chunk of chunks) {
    fetchedBytes += chunk.length
    if (fetchedBytes > maxBytes)
      throw corrupt(`a file of more than ${maxBytes} bytes is not fetched`)
    onBytes(fetchedBytes)
    yield chunk
  }
}

async function digestOf(file: string): Promise<string | undefined> {
  const { digests } = await digestFile(file, ['sha256'])
  return digests[0]
}

function notFound(message: string): JarcastError {
  return new JarcastError('PACKAGE_NOT_FOUND', message)
}

function corrupt(message: string): JarcastError {
  return new JarcastError('PACKAGE_CORRUPT', message)
}
