/**
 * The jar server's request handler: immutable blobs over HTTP/1.1.
 * Source: RFC 9110 (semantics), RFC 8246 (immutable), RFC 9530 (Repr-Digest).
 */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { createAdmission } from '../../access/admission.ts'
import type { Admission, Turn } from '../../access/admission.ts'
import { withoutMac } from '../../domain/libraries/signed-path.ts'
import { createBlobCache } from './blob-cache.ts'
import { openBlob, readMemory, readParts } from './blob.ts'
import type { BlobPart, BlobReader, BlobResource, MemoryBlob, StagedBlob } from './blob.ts'
import { preconditionStatus, rangeApplies } from '../http/conditions.ts'
import { createTurns } from './connection-turns.ts'
import { contentTypeOf } from '../http/content-type.ts'
import {
  fail,
  finish,
  refuse,
  refuseAccess,
  refusePlace,
  responseOver,
  willingToWaitMs,
  write,
} from '../http/exchange.ts'
import type { Exchange, RequestRecord } from '../http/exchange.ts'
import { parseRange } from '../http/range.ts'
import { refusalOf } from '../http/request-head.ts'
import { parseRequestPath } from '../http/request-path.ts'

export interface BlobHandlerOptions {
  /** Finds what a decoded path stands for. */
  readonly find: (path: string) => BlobResource | undefined | Promise<BlobResource | undefined>
  /** Bytes of blobs kept in memory; default 64 MiB, 0 reads every body from its file. */
  readonly memoryBudgetBytes?: number
  /** Admission of libraries. Default: `createAdmission` without options. */
  readonly admission?: Admission
  /** Called once per request. What it throws is ignored. */
  readonly onRequest?: (record: RequestRecord) => void
  /** Called with each number of body bytes that the system took, while a body is being sent. */
  readonly onBytes?: (sentBytes: number, record: RequestRecord) => void
  /**
   * Returns the path to serve, or the status that refuses the request; default: the requested path.
   */
  readonly admit?: (request: IncomingMessage, path: string) => string | 401 | 403
  /** Answers a GET or HEAD of a path that stands for no blob; default 404. It may reject. */
  readonly onMiss?: (exchange: Exchange, path: string) => Promise<void>
  /** Answers a POST; default 405. It may reject. */
  readonly onPost?: (exchange: Exchange, path: string) => Promise<void>
}

interface Sending {
  readonly parts: readonly BlobPart[]
  readonly lengthBytes: number
  /** Undefined for an answer without a body. */
  readonly turn: Turn | undefined
}

/** Answers one request. Resolves when the response is over; never rejects. */
export type BlobHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>

const noValidators = { 'Cache-Control': 'no-store', 'Content-Type': 'application/octet-stream' }

/** Enough for all hosts at the same time. */
const roomy = { maxStreams: 512, maxWaiting: 1024 }

export const defaultMemoryBudgetBytes = 64 * 1024 * 1024

/**
 * A `(req, res)` handler for GET and HEAD; everything else is 405. Strict single ranges,
 * `If-Range`, `If-Match` and `If-None-Match` on strong entity tags; `Content-Length` on every
 * answer, never a Content-Encoding. A path that nobody would send is 400, a longer one 414; a blob
 * whose file is gone is 404, a damaged one 500, too many open files 503. An error after the headers
 * destroys the connection, so that the client sees a cut body. Each running response holds at most
 * one descriptor and 1 MiB beside the memory budget, and frees both when it ends.
 */
export function createBlobHandler(options: BlobHandlerOptions): BlobHandler {
  const {
    find,
    admit: allow,
    onRequest,
    onBytes,
    onMiss,
    onPost,
    memoryBudgetBytes = defaultMemoryBudgetBytes,
  } = options
  const { admission = createAdmission() } = options
  // Without a budget: urgent files wait only for their own sender.
  const urgentAdmission = createAdmission(roomy)
  // Clients without a permission share the budget, but take no stream of those that have one.
  const publicAdmission = createAdmission(roomy, admission.budget)
  const cache = createBlobCache({ budgetBytes: memoryBudgetBytes, load: readWhole })
  const inTurn = createTurns()

  async function respond(exchange: Exchange): Promise<void> {
    const { req, record } = exchange
    const refusal = refusalOf(req)
    if (refusal !== undefined) return refuse(exchange, refusal)
    const isPost = req.method === 'POST' && onPost !== undefined
    if (req.method !== 'GET' && req.method !== 'HEAD' && !isPost)
      return refuse(exchange, 405, { Allow: 'GET, HEAD' })
    const asked = parseRequestPath(req.url ?? '')
    if (typeof asked === 'number') return refuse(exchange, asked)
    record.path = withoutMac(asked)
    if (isPost) {
      exchange.mayHangUp = true
      return onPost(exchange, asked)
    }
    const path = allow?.(req, asked) ?? asked
    if (typeof path === 'number') return refuseAccess(exchange, path)
    const resource = await find(path)
    if (!resource) return onMiss ? onMiss(exchange, path) : refuse(exchange, 404)
    record.sha256 = resource.blob.sha256
    record.name = resource.blob.name
    await select(exchange, resource)
  }

  async function select(exchange: Exchange, resource: BlobResource): Promise<void> {
    const { req } = exchange
    const { blob, isImmutable, parts } = resource
    exchange.mayHangUp = parts !== undefined
    // A shared cache must not give an authorized answer to others.
    const whose = req.headers.authorization === undefined ? 'public' : 'private'
    if (parts !== undefined) return admit(exchange, resource, parts, 200, noValidators)
    const etag = `"sha256-${blob.sha256}"`
    const validators = {
      ETag: etag,
      'Cache-Control': isImmutable ? `${whose}, max-age=31536000, immutable` : 'no-cache',
    }
    const status = preconditionStatus(req.headers, etag)
    if (status === 304) return finish(exchange, 304, validators)
    if (status === 412) return refuse(exchange, 412)
    const mayBePart = req.method === 'GET' && rangeApplies(req.headers, etag)
    const range = mayBePart ? parseRange(req.headers.range, blob.sizeBytes) : undefined
    if (range === 'unsatisfiable') {
      return refuse(exchange, 416, { 'Content-Range': `bytes */${blob.sizeBytes}` })
    }
    const { start, end } = range ?? { start: 0, end: blob.sizeBytes - 1 }
    await admit(exchange, resource, [{ start, end }], range ? 206 : 200, {
      ...validators,
      'Accept-Ranges': 'bytes',
      'Content-Type': contentTypeOf(blob.name),
      'Repr-Digest': `sha-256=:${Buffer.from(blob.sha256, 'hex').toString('base64')}:`,
      ...(range && { 'Content-Range': `bytes ${start}-${end}/${blob.sizeBytes}` }),
    })
  }

  async function admit(
    exchange: Exchange,
    { blob, isUrgent = false, isPublic = false }: BlobResource,
    parts: readonly BlobPart[],
    status: number,
    headers: OutgoingHttpHeaders,
  ): Promise<void> {
    const { req, res, closed, record } = exchange
    const lengthBytes = parts.reduce((sum, { start, end }) => sum + end - start + 1, 0)
    const send = (turn?: Turn) =>
      sendBlob(exchange, blob, { parts, lengthBytes, turn }, status, {
        ...headers,
        'Content-Length': lengthBytes,
        'X-Content-Type-Options': 'nosniff',
      })
    if (req.method !== 'GET' || lengthBytes === 0) return send()
    const holdMs = willingToWaitMs(req)
    const line = isPublic ? publicAdmission : isUrgent ? urgentAdmission : admission
    const turn = await line.enter({
      remoteAddress: record.remoteAddress,
      closed,
      ...(holdMs !== undefined && { holdMs }),
      cut: () => res.destroy(),
    })
    if (turn === undefined) return
    if ('place' in turn) return refusePlace(exchange, turn)
    await send(turn).finally(turn.leave)
  }

  async function sendBlob(
    exchange: Exchange,
    blob: StagedBlob | MemoryBlob,
    { parts, lengthBytes, turn }: Sending,
    status: number,
    headers: OutgoingHttpHeaders,
  ): Promise<void> {
    const { res, record } = exchange
    // Opened before the headers leave: a blob that cannot be read still gets its own status then.
    const reader = await openReader(blob, turn !== undefined)
    try {
      record.status = status
      res.writeHead(status, headers)
      if (turn === undefined) res.end()
      else await sendBody(exchange, readParts(reader, parts), lengthBytes, turn)
    } finally {
      await reader.close()
    }
  }

  async function openReader(blob: StagedBlob | MemoryBlob, hasBody: boolean): Promise<BlobReader> {
    if ('bytes' in blob) return readMemory(blob.bytes)
    return (hasBody ? await cache.borrow(blob) : undefined) ?? (await openBlob(blob))
  }

  async function sendBody(
    exchange: Exchange,
    chunks: AsyncIterable<Buffer>,
    lengthBytes: number,
    turn: Turn,
  ): Promise<void> {
    for await (const chunk of chunks) {
      // The buffer is read into again after this, so the system must have taken it: that is the
      // backpressure too.
      if (!(await sendChunk(exchange, chunk, lengthBytes, turn))) return
    }
  }

  /** Resolves to false when the connection was lost before the system took all of it. */
  async function sendChunk(
    { res, closed, record }: Exchange,
    chunk: Buffer,
    lengthBytes: number,
    turn: Turn,
  ): Promise<boolean> {
    for (let offset = 0; offset < chunk.length;) {
      const bytes = await turn.grant(chunk.length - offset)
      if (bytes === 0) return false
      const isLast = record.sentBytes + bytes === lengthBytes
      const isSent = await write(res, chunk.subarray(offset, (offset += bytes)), isLast, closed)
      turn.settle(isSent)
      if (!isSent) return false
      record.sentBytes += bytes
      onBytes?.(bytes, record)
    }
    return true
  }

  async function serve(
    req: IncomingMessage,
    res: ServerResponse,
    closed: AbortSignal,
  ): Promise<void> {
    const { method = '', url = '', socket } = req
    const record: Exchange['record'] = {
      method,
      path: withoutMac(url),
      status: 0,
      sentBytes: 0,
      isAborted: false,
    }
    if (socket.remoteAddress !== undefined) record.remoteAddress = socket.remoteAddress
    res.on('error', () => undefined) // a write after the connection is lost; 'close' tells it
    const exchange: Exchange = { req, res, closed, record }
    if (!closed.aborted) {
      const over = responseOver(res, closed)
      await respond(exchange).catch((error: unknown) => fail(exchange, error))
      await over
    }
    const isLoss = exchange.mayHangUp !== true || record.error !== undefined
    record.isAborted = !res.writableFinished && isLoss
    try {
      onRequest?.(record)
    } catch {
      // An observer must not end the server.
    }
  }

  return (req, res) => inTurn(req.socket, (closed) => serve(req, res, closed))
}

async function readWhole(blob: StagedBlob): Promise<Buffer> {
  const reader = await openBlob(blob)
  try {
    const bytes = Buffer.allocUnsafeSlow(blob.sizeBytes)
    let offset = 0
    for await (const chunk of reader.read(0, blob.sizeBytes - 1))
      offset += chunk.copy(bytes, offset)
    return bytes
  } finally {
    await reader.close()
  }
}
