/**
 * What both endpoints do to an HTTP request before they look at the call, and the answers they
 * give.
 * Source: apache/mesos src/master/http.cpp (scheduler), src/slave/http.cpp (executor).
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { MediaType } from '../../mesos/codec.ts'

/** A plain answer; `body` is text unless `contentType` says otherwise. */
export interface Answer {
  readonly status: number
  readonly body?: string
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
}

const maxBodyBytes = 16 * 1024 * 1024
const idleConnectionMs = 15 * 60_000

/**
 * Clients keep a second connection for calls open for minutes; Node's default of 5 s would cut it
 * under them.
 */
export function keepIdleConnections(server: Server): void {
  server.keepAliveTimeout = idleConnectionMs
}

export function badRequest(body: string): Answer {
  return { status: 400, body }
}

export const ok: Answer = { status: 200 }

export const accepted: Answer = { status: 202 }

/** `allowed`: one method, or several with `, ` between. */
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

/**
 * The whole body, or undefined when it is larger than 16 MiB. Rejects when the client goes away.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  // Leaving the loop must not destroy the request: the refusal still has to be written.
  const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
  for await (const chunk of body) {
    sizeBytes += chunk.byteLength
    if (sizeBytes > maxBodyBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/**
 * JSON when it is acceptable, else protobuf, else undefined. No Accept header accepts everything.
 */
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
