/**
 * The answer to a request for a blob: its status, headers and bytes.
 * Source: RFC 9110 (semantics), RFC 8246 (immutable), RFC 9530 (Repr-Digest).
 */
import type { OutgoingHttpHeaders } from 'node:http'
import { preconditionStatus, rangeApplies } from '../http/conditions.ts'
import { contentTypeOf } from '../http/content-type.ts'
import { parseRange } from '../http/range.ts'
import type { RequestHead } from '../http/request-head.ts'
import type { BlobPart, BlobResource } from './blob.ts'

export type BlobAnswer = BodyAnswer | HeadAnswer

/** An answer with bytes of the blob. */
export interface BodyAnswer {
  readonly status: number
  /** Without `Content-Range`. Of a blob, the same object for all of its answers with these headers. */
  readonly headers: OutgoingHttpHeaders
  /** The header of that name, of a part. */
  readonly contentRange?: string
  readonly parts: readonly BlobPart[]
}

/** An answer without a body: not modified, or an error. */
export interface HeadAnswer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly parts?: undefined
}

const partsHeaders = { 'Cache-Control': 'no-store', 'Content-Type': 'application/octet-stream' }
const preconditionFailed: BlobAnswer = { status: 412, headers: { 'Content-Length': 0 } }

/** Evaluates the preconditions and the range of a GET or HEAD. */
export function selectAnswer(
  { method, headers }: Pick<RequestHead, 'method' | 'headers'>,
  resource: BlobResource,
): BlobAnswer {
  const { blob, parts } = resource
  if (parts !== undefined) return { status: 200, headers: partsHeaders, parts }
  const { etag, shared, personal } = representationOf(resource)
  // A shared cache must not give an authorized answer to others.
  const whole = headers.authorization === undefined ? shared : personal
  const status = preconditionStatus(headers, etag)
  if (status === 304) return { status, headers: validatorsOf(whole) }
  if (status === 412) return preconditionFailed
  const mayBePart = method === 'GET' && rangeApplies(headers, etag)
  const range = mayBePart ? parseRange(headers.range, blob.sizeBytes) : undefined
  if (range === undefined) return whole
  if (range === 'unsatisfiable') {
    const sizeHeaders = { 'Content-Range': `bytes */${blob.sizeBytes}`, 'Content-Length': 0 }
    return { status: 416, headers: sizeHeaders }
  }
  const contentRange = `bytes ${range.start}-${range.end}/${blob.sizeBytes}`
  return {
    status: 206,
    headers: whole.headers,
    contentRange,
    parts: [range],
  }
}

function validatorsOf({ headers }: BodyAnswer): OutgoingHttpHeaders {
  return { ETag: headers['ETag'], 'Cache-Control': headers['Cache-Control'] }
}

interface Representation {
  readonly etag: string
  /** The whole blob, as shared caches may keep it. */
  readonly shared: BodyAnswer
  /** The whole blob, for the client alone. */
  readonly personal: BodyAnswer
}

/** Made once per resource: that costs more than the rest of an answer. */
const representations = new WeakMap<BlobResource, Representation>()

function representationOf(resource: BlobResource): Representation {
  const known = representations.get(resource)
  if (known !== undefined) return known
  const representation = {
    etag: etagOf(resource),
    shared: wholeOf(resource, 'public'),
    personal: wholeOf(resource, 'private'),
  }
  representations.set(resource, representation)
  return representation
}

function etagOf({ blob }: BlobResource): string {
  return `"sha256-${blob.sha256}"`
}

function wholeOf(resource: BlobResource, scope: 'public' | 'private'): BodyAnswer {
  const { blob, isImmutable } = resource
  return {
    status: 200,
    headers: {
      ETag: etagOf(resource),
      'Cache-Control': isImmutable ? `${scope}, max-age=31536000, immutable` : 'no-cache',
      'Accept-Ranges': 'bytes',
      'Content-Type': contentTypeOf(blob.name),
      'Repr-Digest': `sha-256=:${Buffer.from(blob.sha256, 'hex').toString('base64')}:`,
    },
    parts: [{ start: 0, end: blob.sizeBytes - 1 }],
  }
}
