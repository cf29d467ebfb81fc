/**
 * HTTP requests and answers that scheduler and executor endpoints share.
 * Source: apache/mesos src/master/http.cpp (scheduler), src/slave/http.cpp (executor).
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { MediaType } from '../../mesos/codec.ts'

/** A short answer. `body` is text unless `contentType` is set. */
export interface Answer {
  readonly status: number
  readonly body?: string
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
}

const maxBodyBytes = 16 * 1024 * 1024
const idleConnectionMs = 15 * 60_000

/** Clients keep a second connection for calls open for minutes; Node's default is 5 s. */
export function keepIdleConnections(server: Server): void {
  server.keepAliveTimeout = idleConnectionMs
}

export function badRequest(body: string): Answer {
  return { status: 400, body }
}

export const ok: Answer = { status: 200 }

export const accepted: Answer = { status: 202 }

/** `allowed`: methods, separated by `, `. */
export function methodNotAllowed(method: string | undefined, allowed = 'POST'): Answer {
  const names = allowed.replaceAll(', ', "', '")
  return {
    status: 405,
    headers: { Allow: allowed },
    body: `405 Method Not Allowed. Expecting one of { '${names}' }, but received '${method}'.`,
  }
}

export function jsonAnswer(value: unknown): Answer {
  return { status: 200, contentType: 'application/json', body: JSON.stringify(value) }
}

export function writeAnswer(response: ServerResponse, answer: Answer): void {
  const body = answer.body ?? ''
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(body === '' ? {} : { 'Content-Type': answer.contentType ?? 'text/plain; charset=utf-8' }),
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(body)
}

/** The whole body; undefined above 16 MiB. Rejects if the client disconnects. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  // The refusal is still to be written, so leaving the loop must not destroy the request.
  const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
  for await (const chunk of body) {
    sizeBytes += chunk.byteLength
    if (sizeBytes > maxBodyBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** JSON if acceptable, else protobuf, else undefined. Without Accept everything is acceptable. */
export function chooseMediaType(accept: string | undefined): MediaType | undefined {
  if (isAcceptable(accept, 'application/json')) return 'application/json'
  return isAcceptable(accept, 'application/x-protobuf') ? 'application/x-protobuf' : undefined
}

export const notAcceptable: Answer = {
  status: 406,
  body: "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'",
}

function isAcceptable(accept: string | undefined, mediaType: MediaType): boolean {
  if (accept === undefined) return true
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim())
    const isRefused = parameters.some((parameter) => /^q=0(?:\.0*)?$/u.test(parameter))
    return !isRefused && (type === mediaType || type === 'application/*' || type === '*/*')
  })
}
