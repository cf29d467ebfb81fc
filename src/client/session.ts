import { noEventStream } from './answer-errors.ts'
import type { Dialled } from './dial.ts'
import { headersOf } from './endpoint.ts'
import type { Endpoint } from './endpoint.ts'

/** A subscription that was accepted, for as long as its stream lives. */
export interface Session {
  /** Where its calls go. */
  readonly url: URL
  /** What its calls carry. */
  readonly headers: Readonly<Record<string, string>>
  /** The server's URL, without a slash at its end. */
  readonly serverUrl: string
}

/**
 * Reads the head of an answer 200 to SUBSCRIBE. Throws `MASTER_REJECTED` or `AGENT_REJECTED` when its media type
 * is not the one asked for, or when a master gave no usable stream id.
 */
export function acceptSession<Call, Event>(
  endpoint: Endpoint<Call, Event>,
  { answer, url }: Dialled,
): Session {
  const { api, codec, path } = endpoint
  const mediaType = answer.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (mediaType !== codec.mediaType) {
    throw noEventStream(api, url, `with ${mediaType ?? 'no media type'}, not ${codec.mediaType}`)
  }
  const headers = headersOf(endpoint)
  const serverUrl = baseOf(url, path)
  if (api === 'executor') return { url, headers, serverUrl }
  const streamId = answer.headers['mesos-stream-id']
  // 128 bytes is what Mesos' documentation promises.
  if (typeof streamId !== 'string' || streamId === '' || streamId.length > 128) {
    throw noEventStream(api, url, 'without a usable Mesos-Stream-Id')
  }
  return { url, headers: { ...headers, 'Mesos-Stream-Id': streamId }, serverUrl }
}

function baseOf(url: URL, path: string): string {
  const prefix = url.pathname.endsWith(path) ? url.pathname.slice(0, -path.length) : ''
  // Masters redirect to their routes by the long name, which is the same place.
  return url.origin + prefix.replace(/\/master$/, '')
}
