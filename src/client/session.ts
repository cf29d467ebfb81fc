import { mediaTypeOf } from './http/answer-head.ts'
import type { AnswerHead } from './http/answer-head.ts'
import type { Dialled } from './http/dial.ts'
import { headersOf } from './endpoint.ts'
import type { Endpoint } from './endpoint.ts'

/** An accepted subscription, until its stream ends. */
export interface Session {
  /** URL of its calls. */
  readonly url: URL
  /** Headers of its calls. */
  readonly headers: Readonly<Record<string, string>>
  /** The server's URL, without a slash at its end. */
  readonly serverUrl: string
}

/**
 * True if an answer to SUBSCRIBE starts a stream of events: status 200, the requested media type
 * and, from a master, a stream id.
 */
export function isEventStream<Call, Event>(
  { api, codec }: Endpoint<Call, Event>,
  { status, headers }: AnswerHead,
): boolean {
  const isStream = status === 200 && mediaTypeOf(headers) === codec.mediaType
  return isStream && (api === 'executor' || streamIdOf(headers) !== undefined)
}

/** Of an answer for which `isEventStream` is true. */
export function sessionOf<Call, Event>(
  endpoint: Endpoint<Call, Event>,
  { head, url }: Dialled,
): Session {
  const headers = headersOf(endpoint)
  const serverUrl = baseOf(url, endpoint.path)
  const streamId = endpoint.api === 'scheduler' ? streamIdOf(head.headers) : undefined
  if (streamId === undefined) return { url, headers, serverUrl }
  return { url, headers: { ...headers, 'Mesos-Stream-Id': streamId }, serverUrl }
}

function streamIdOf(headers: AnswerHead['headers']): string | undefined {
  const id = headers.get('mesos-stream-id') ?? ''
  // The maximum in Mesos' documentation.
  return id !== '' && id.length <= 128 ? id : undefined
}

function baseOf(url: URL, path: string): string {
  const prefix = url.pathname.endsWith(path) ? url.pathname.slice(0, -path.length) : ''
  // Masters redirect to the long names of their routes, which have the same meaning.
  return url.origin + prefix.replace(/\/master$/, '')
}
