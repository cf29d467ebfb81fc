/**
 * Downloads a file over http or https as Mesos' fetcher does: follows redirects, requires 200,
 * sends only the headers of curl. A transfer that stalls for a minute fails.
 * Source: apache/mesos 3rdparty/stout/include/stout/net.hpp.
 */
import { createWriteStream } from 'node:fs'
import http from 'node:http'
import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import { pipeline } from 'node:stream/promises'

const maxRedirects = 20
const stallMs = 60_000

/** Writes the body to `file`. Rejects on any status but 200, on a body cut short, on abort. */
export async function download(uri: string, file: string, signal: AbortSignal): Promise<void> {
  const response = await request('GET', uri, signal)
  if (response.statusCode !== 200) {
    response.destroy()
    throw new Error(
      `Error downloading resource, received HTTP return code ${response.statusCode} from '${uri}'`,
    )
  }
  await pipeline(response, createWriteStream(file), { signal })
}

/** The Content-Length of a HEAD; undefined if it fails, or is not above 0. */
export async function headContentLength(
  uri: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    const response = await request('HEAD', uri, signal)
    response.resume()
    const length = Number(response.headers['content-length'] ?? 0)
    return response.statusCode === 200 && length >= 1 ? length : undefined
  } catch {
    return undefined
  }
}

async function request(
  method: 'GET' | 'HEAD',
  uri: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  let url = new URL(uri)
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const response = await requestOnce(method, url, signal)
    const { location } = response.headers
    if (!isRedirect(response.statusCode) || location === undefined) return response
    response.resume()
    url = new URL(location, url)
  }
  throw new Error(`More than ${maxRedirects} redirects from '${uri}'`)
}

function requestOnce(
  method: 'GET' | 'HEAD',
  url: URL,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const client = clientFor(url)
  return new Promise((resolve, reject) => {
    const request = client.request(url, {
      method,
      headers: { accept: '*/*' },
      agent: false,
      signal,
    })
    request.setTimeout(stallMs, () => request.destroy(new Error(`'${url.href}' stalled`)))
    request.on('error', reject)
    request.on('response', resolve)
    request.end()
  })
}

function clientFor(url: URL): typeof http | typeof https {
  if (url.protocol === 'http:') return http
  if (url.protocol === 'https:') return https
  throw new Error(`URIs of scheme '${url.protocol.slice(0, -1)}' are not supported`)
}

function isRedirect(status: number | undefined): boolean {
  return status !== undefined && [301, 302, 303, 307, 308].includes(status)
}
