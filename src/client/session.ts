import type { IncomingMessage } from 'node:http'
import type { Dialled } from './http/dial.ts'
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
 * True for the head of an answer to SUBSCRIBE that begins a stream of events: 200, the media type
 * that was asked for and, from a master, a stream id.
 */
export function isEventStream<Call, Event>(
  { api, codec }: Endpoint<Call, Event>,
  answer: IncomingMessage,
): boolean {
  const isStream = answer.statusCode === 200 && mediaTypeOf(answer) === codec.mediaType
  return isStream && (api === 'executor' || streamIdOf(answer) !== undefined)
}

/** Media type of an answer, without parameters and in lower case. */
export function mediaTypeOf({ headers }: IncomingMessage): string | undefined {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase()
}

/** Makes the session of an answer that `isEventStream`. */
export function sessionOf<Call, Event>(
  endpoint: Endpoint<Call, Event>,
  { answer, url }: Dialled,
): Session {
  const headers = headersOf(endpoint)
  const serverUrl = baseOf(url, endpoint.path)
  const streamId = endpoint.api === 'scheduler' ? streamIdOf(answer) : undefined
  if (streamId === undefined) return { url, headers, serverUrl }
  return { url, headers: { ...headers, 'Mesos-Stream-Id': streamId }, serverUrl }
}

function streamIdOf({ headers }: IncomingMessage): string | undefined {
  const id = headers['mesos-stream-id']
  // 128 bytes is what Mesos' documentation promises.
  return typeof id === 'string' && id !== '' && id.length <= 128 ? id : undefined
}

function baseOf(url: URL, path: string): string {
  const prefix = url.pathname.endsWith(path) ? url.pathname.slice(0, -path.length) : ''
  // Masters redirect to their routes by the long name, which is the same place.
  return url.origin + prefix.replace(/\/master$/, '')
}
