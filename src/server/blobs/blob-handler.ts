/** The jar server's request handler: immutable blobs over HTTP/1.1. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createTurns } from '../../access/connection-turns.ts'
import { withoutMac } from '../../domain/libraries/signed-path.ts'
import { fail, finish, refuse, refuseAccess, responseOver } from '../http/exchange.ts'
import type { Exchange, RequestRecord } from '../http/exchange.ts'
import { refusalOf } from '../http/request-head.ts'
import type { RequestHead } from '../http/request-head.ts'
import { parseRequestPath } from '../http/request-path.ts'
import type { BlobResource } from './blob.ts'
import { selectAnswer } from './select-answer.ts'
import { createBlobSender, sendBlob } from './send-blob.ts'
import type { BlobSender, BlobSenderOptions } from './send-blob.ts'

export interface BlobHandlerOptions extends BlobSenderOptions {
  /** Finds the resource of a decoded path. */
  readonly find: (path: string) => BlobResource | undefined | Promise<BlobResource | undefined>
  /** Called once per request. Its errors are ignored. */
  readonly onRequest?: (record: RequestRecord) => void
  /**
   * Returns the path to serve, or the status of a refusal. Default: the requested path.
   */
  readonly admit?: (request: RequestHead, path: string) => string | 401 | 403
  /** Answers a GET or HEAD of a path without a resource; default 404. It may reject. */
  readonly onMiss?: (exchange: Exchange, path: string) => Promise<void>
  /** Answers a POST; default 405. It may reject. */
  readonly onPost?: (exchange: Exchange, path: string) => Promise<void>
}

/** Answers one request. Resolves at the end of the response; never rejects. */
export type BlobHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>

/**
 * A `(req, res)` handler for GET and HEAD; other methods are 405. Strict single ranges, `If-Range`,
 * `If-Match` and `If-None-Match` on strong entity tags; `Content-Length` on every answer, never a
 * Content-Encoding.
 * A malformed path is 400, a too long one 414; a blob whose file is missing is 404, a damaged one
 * 500, too many open files 503. An error after the headers destroys the connection, so that the
 * client sees a cut body.
 * Each running response holds at most one descriptor and 1 MiB beside the memory budget, and frees
 * both when it ends. `sender`: that of other answers with common limits; default: its own.
 */
export function createBlobHandler(
  options: BlobHandlerOptions,
  sender: BlobSender = createBlobSender(options),
): BlobHandler {
  const inTurn = createTurns()
  return (req, res) => inTurn(req.socket, (closed) => serve(options, sender, req, res, closed))
}

async function serve(
  options: BlobHandlerOptions,
  sender: BlobSender,
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
  res.on('error', () => undefined) // a write to a lost connection; 'close' reports it
  const exchange: Exchange = { req, res, closed, record }
  if (!closed.aborted) {
    const over = responseOver(res, closed)
    await respond(options, sender, exchange).catch((error: unknown) => fail(exchange, error))
    await over
  }
  const isLoss = exchange.mayHangUp !== true || record.error !== undefined
  record.isAborted = !res.writableFinished && isLoss
  try {
    options.onRequest?.(record)
  } catch {
    // An observer must not end the server.
  }
}

async function respond(
  { find, admit, onMiss, onPost }: BlobHandlerOptions,
  sender: BlobSender,
  exchange: Exchange,
): Promise<void> {
  const { req, record } = exchange
  const refusal = refusalOf(req)
  if (refusal !== undefined) return refuse(exchange, refusal)
  const isPost = req.method === 'POST' && onPost !== undefined
  if (req.method !== 'GET' && req.method !== 'HEAD' && !isPost)
    return refuse(exchange, 405, { Allow: 'GET, HEAD' })
  const requested = parseRequestPath(req.url ?? '')
  if (typeof requested === 'number') return refuse(exchange, requested)
  record.path = withoutMac(requested)
  if (isPost) {
    exchange.mayHangUp = true
    return onPost(exchange, requested)
  }
  const path = admit?.(req, requested) ?? requested
  if (typeof path === 'number') return refuseAccess(exchange, path)
  const resource = await find(path)
  if (!resource) return onMiss ? onMiss(exchange, path) : refuse(exchange, 404)
  await answerBlob(sender, exchange, resource)
}

async function answerBlob(
  sender: BlobSender,
  exchange: Exchange,
  resource: BlobResource,
): Promise<void> {
  exchange.record.sha256 = resource.blob.sha256
  exchange.record.name = resource.blob.name
  exchange.mayHangUp = resource.parts !== undefined
  const answer = selectAnswer(exchange.req, resource)
  if (answer.parts === undefined) return finish(exchange, answer.status, answer.headers)
  await sendBlob(sender, exchange, resource, answer)
}
