/** Sends the body of a blob: waits for its turn, then writes the bytes from memory or the file. */
import type { Admission, Turn } from '../../access/admission.ts'
import { createAdmission } from '../../access/admission.ts'
import { refusePlace, willingToWaitMs, write } from '../http/exchange.ts'
import type { Exchange, RequestRecord } from '../http/exchange.ts'
import { createBlobCache } from './blob-cache.ts'
import type { BlobCache } from './blob-cache.ts'
import { MemoryReader, openBlob, readBytes, readParts, readWhole } from './blob.ts'
import type { BlobPart, BlobReader, BlobResource } from './blob.ts'
import type { BodyAnswer } from './select-answer.ts'

export interface BlobSender {
  readonly libraries: Admission
  readonly urgent: Admission
  readonly public: Admission
  readonly cache: BlobCache
  readonly onBytes: ((sentBytes: number, record: RequestRecord) => void) | undefined
}

export interface BlobSenderOptions {
  /** Bytes of blobs kept in memory; default 64 MiB, 0 reads each body from its file. */
  readonly memoryBudgetBytes?: number
  /** Admission of libraries. Default: `createAdmission` without options. */
  readonly admission?: Admission
  /** Called with each number of body bytes that the system accepted, while a body is sent. */
  readonly onBytes?: (sentBytes: number, record: RequestRecord) => void
}

/** Enough for all hosts at the same time. */
const roomy = { maxStreams: 512, maxWaiting: 1024 }

const defaultMemoryBudgetBytes = 64 * 1024 * 1024

export function createBlobSender({
  memoryBudgetBytes = defaultMemoryBudgetBytes,
  admission = createAdmission(),
  onBytes,
}: BlobSenderOptions): BlobSender {
  return {
    libraries: admission,
    // Without a budget: urgent files wait only for their own sender.
    urgent: createAdmission(roomy),
    // Clients without a permission share the budget, but take no stream of those that have one.
    public: createAdmission(roomy, admission.budget),
    cache: createBlobCache({
      budgetBytes: memoryBudgetBytes,
      // One read takes them whole anyway.
      smallBytes: readBytes,
      load: readWhole,
    }),
    onBytes,
  }
}

/**
 * Answers a GET when its turn comes, or refuses it with its place in the queue. Answers without a
 * body do not wait.
 */
export async function sendBlob(
  sender: BlobSender,
  exchange: Exchange,
  resource: BlobResource,
  answer: BodyAnswer,
): Promise<void> {
  const lengthBytes = lengthOf(answer.parts)
  if (exchange.req.method !== 'GET' || lengthBytes === 0)
    return sendHead(sender, exchange, resource, answer, lengthBytes)
  const turn = await enter(sender, exchange, resource)
  if (turn === undefined) return
  if ('place' in turn) return refusePlace(exchange, turn)
  try {
    await sendWithBody(sender, exchange, resource, answer, lengthBytes, turn)
  } finally {
    turn.leave()
  }
}

/** The admission of the bodies of a resource. */
export function admissionOf(
  sender: BlobSender,
  { isUrgent = false, isPublic = false }: BlobResource,
): Admission {
  return isPublic ? sender.public : isUrgent ? sender.urgent : sender.libraries
}

function enter(
  sender: BlobSender,
  { req, res, closed, record }: Exchange,
  resource: BlobResource,
): ReturnType<Admission['enter']> {
  const holdMs = willingToWaitMs(req)
  return admissionOf(sender, resource).enter({
    remoteAddress: record.remoteAddress,
    closed,
    ...(holdMs !== undefined && { holdMs }),
    cut: () => res.destroy(),
  })
}

async function sendHead(
  { cache }: BlobSender,
  exchange: Exchange,
  { blob }: BlobResource,
  answer: BodyAnswer,
  lengthBytes: number,
): Promise<void> {
  // Opened for HEAD too: an unreadable blob must get its error status.
  const reader = await openReader(cache, blob, false)
  try {
    writeHead(exchange, answer, lengthBytes)
    exchange.res.end()
  } finally {
    reader.close()
  }
}

async function sendWithBody(
  { cache, onBytes }: BlobSender,
  exchange: Exchange,
  { blob }: BlobResource,
  answer: BodyAnswer,
  lengthBytes: number,
  turn: Turn,
): Promise<void> {
  // Opened before the headers: an unreadable blob must get its error status.
  const reader = await openReader(cache, blob, true)
  try {
    writeHead(exchange, answer, lengthBytes)
    for await (const chunk of readParts(reader, answer.parts)) {
      // The next read overwrites the buffer, so it must wait; this is also the backpressure.
      if (!(await sendChunk(exchange, chunk, lengthBytes, turn, onBytes))) return
    }
  } finally {
    reader.close()
  }
}

function writeHead({ res, record }: Exchange, answer: BodyAnswer, lengthBytes: number): void {
  record.status = answer.status
  res.writeHead(answer.status, {
    ...answer.headers,
    ...(answer.contentRange !== undefined && { 'Content-Range': answer.contentRange }),
    'Content-Length': lengthBytes,
    'X-Content-Type-Options': 'nosniff',
  })
}

/** Resolves to false if the connection is lost before the system accepts the whole chunk. */
async function sendChunk(
  { res, closed, record }: Exchange,
  chunk: Buffer,
  lengthBytes: number,
  turn: Turn,
  onBytes: BlobSender['onBytes'],
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

/** From memory, or from the file. Rejects as `openBlob`. */
export async function openReader(
  cache: BlobCache,
  blob: BlobResource['blob'],
  hasBody: boolean,
): Promise<BlobReader> {
  if ('bytes' in blob) return new MemoryReader(blob.bytes)
  return (hasBody ? await cache.borrow(blob) : undefined) ?? (await openBlob(blob))
}

function lengthOf(parts: readonly BlobPart[]): number {
  let bytes = 0
  for (const { start, end } of parts) bytes += end - start + 1
  return bytes
}
