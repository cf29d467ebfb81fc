/**
 * The answer to a request for a blob: its status, headers and bytes.
 * Source: RFC 9110 (semantics), RFC 8246 (immutable), RFC 9530 (Repr-Digest).
 */
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { preconditionStatus, rangeApplies } from '../http/conditions.ts'
import { contentTypeOf } from '../http/content-type.ts'
import { parseRange } from '../http/range.ts'
import type { BlobPart, BlobResource } from './blob.ts'

export type BlobAnswer = BodyAnswer | HeadAnswer

/** An answer with bytes of the blob. */
export interface BodyAnswer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
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
export function selectAnswer(req: IncomingMessage, resource: BlobResource): BlobAnswer {
  const { blob, isImmutable, parts } = resource
  if (parts !== undefined) return { status: 200, headers: partsHeaders, parts }
  const etag = `"sha256-${blob.sha256}"`
  // A shared cache must not give an authorized answer to others.
  const scope = req.headers.authorization === undefined ? 'public' : 'private'
  const validators = {
    ETag: etag,
    'Cache-Control': isImmutable ? `${scope}, max-age=31536000, immutable` : 'no-cache',
  }
  const status = preconditionStatus(req.headers, etag)
  if (status === 304) return { status, headers: validators }
  if (status === 412) return preconditionFailed
  const mayBePart = req.method === 'GET' && rangeApplies(req.headers, etag)
  const range = mayBePart ? parseRange(req.headers.range, blob.sizeBytes) : undefined
  if (range === 'unsatisfiable') {
    const headers = { 'Content-Range': `bytes */${blob.sizeBytes}`, 'Content-Length': 0 }
    return { status: 416, headers }
  }
  const part = range ?? { start: 0, end: blob.sizeBytes - 1 }
  return {
    status: range ? 206 : 200,
    headers: {
      ...validators,
      'Accept-Ranges': 'bytes',
      'Content-Type': contentTypeOf(blob.name),
      'Repr-Digest': `sha-256=:${Buffer.from(blob.sha256, 'hex').toString('base64')}:`,
      ...(range && { 'Content-Range': `bytes ${part.start}-${part.end}/${blob.sizeBytes}` }),
    },
    parts: [part],
  }
}
