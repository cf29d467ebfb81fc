/**
 * Libraries known only by their URIs: those in the executor's argument, as in
 * `executor.sh http://…/0_a.jar,http://…/1_b.jar`.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { isSafeFileName } from '../../domain/libraries/library.ts'
import type { Library } from '../../domain/libraries/library.ts'
import { withoutMac } from '../../domain/libraries/signed-path.ts'
import type { SetEntry } from '../../machines/downloader/events.ts'
import { fetchUnnamed } from './fetch-library.ts'
import type { FetchOptions } from './fetch-library.ts'
import { openUri, unavailable } from './transfer/http-get.ts'

/** Maximum size of a library whose size the server does not send. */
const maxBytes = 4 * 1024 * 1024 * 1024

/**
 * Finds name, size and digest of each library: from the server's headers (`ETag: "sha256-<hex>"` or
 * `Repr-Digest: sha-256=:<base64>:`, RFC 9530), or by fetching its bytes. Errors:
 * `LIBRARY_UNAVAILABLE`.
 */
export async function describeUris(
  uris: readonly string[],
  options: FetchOptions,
): Promise<readonly SetEntry[]> {
  const entries: SetEntry[] = []
  for (const [index, uri] of uris.entries()) {
    const library = await describeUri(uri, options)
    const isTaken = entries.some((entry) => entry.library.name === library.name)
    const name = isTaken ? `${index}_${library.name}` : library.name
    entries.push({ uri, library: { ...library, name } })
  }
  return entries
}

async function describeUri(uri: string, options: FetchOptions): Promise<Library> {
  const name = nameOf(uri)
  const kind = name.endsWith('.jar') ? 'jar' : 'file'
  const response = await openUri(uri, { method: 'HEAD', signal: options.signal })
  response.resume()
  const sha256 = digestOf(response.headers)
  const sizeBytes = Number(response.headers['content-length'] ?? Number.NaN)
  if (sha256 !== undefined && Number.isSafeInteger(sizeBytes)) {
    return { name, kind, sha256, sizeBytes }
  }
  return { name, kind, ...(await fetchUnnamed(uri, maxBytes, options)) }
}

function nameOf(uri: string): string {
  const last = new URL(uri).pathname.split('/').at(-1) ?? ''
  try {
    const name = decodeURIComponent(last)
    if (isSafeFileName(name)) return name
  } catch {
    // Invalid percent-encoding.
  }
  throw unavailable(uri, `${withoutMac(uri)} does not end with the name of a file`, false)
}

function digestOf(headers: IncomingHttpHeaders): string | undefined {
  const tag = /^"sha256-([0-9a-f]{64})"$/.exec(headers.etag ?? '')?.[1]
  if (tag !== undefined) return tag
  const digest = /(?:^|[,\s])sha-256=:([A-Za-z0-9+/]{43}=):/.exec(
    String(headers['repr-digest'] ?? ''),
  )
  return digest?.[1] === undefined ? undefined : Buffer.from(digest[1], 'base64').toString('hex')
}
