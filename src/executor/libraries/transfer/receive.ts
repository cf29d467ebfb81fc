/**
 * Receives a library into a file that may already hold its beginning.
 * Source: RFC 9110 sections 13.1.5 (If-Range), 14.2 (Range), 14.4 (Content-Range) and 15.3.7 (206).
 */
import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import type { Library } from '../../../domain/libraries/library.ts'
import type { Authorize } from '../../../domain/libraries/library-access.ts'
import { JarcastError } from '../../../errors.ts'
import { openUri, transferError, unavailable } from './http-get.ts'
import { writeAll } from './write-all.ts'

export interface ReceiveOptions {
  readonly signal: AbortSignal
  /** Signs requests to the jar server. */
  readonly authorize?: Authorize | undefined
  /** Called with the number of bytes so far, after each chunk. */
  readonly onProgress?: (receivedBytes: number) => void
  /** Called with the place in the queue of a busy server. */
  readonly onPlace?: (place: number) => void
}

export interface Received {
  /** Digest of the whole file. */
  readonly sha256: string
  /** Bytes received by this call. */
  readonly receivedBytes: number
}

interface Receipt {
  readonly file: FileHandle
  hash: Hash
  bytes: number
  /** The part of `bytes` that this call received. */
  receivedBytes: number
}

const readBytes = 1024 * 1024

/**
 * Completes the file at `path` to the library, and hashes it as it arrives. Requests only the bytes
 * that are missing; starts from 0 if the server has other bytes now.
 * Errors: `LIBRARY_UNAVAILABLE` if the rest cannot be fetched, and then the file keeps its bytes;
 * `LIBRARY_CORRUPT` for a wrong length, and then the file is empty.
 */
export async function receive(
  library: Library,
  uri: string,
  path: string,
  options: ReceiveOptions,
): Promise<Received> {
  const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
  try {
    const receipt = await readKept(file, library.sizeBytes)
    // An earlier process may have received all bytes, but not checked them.
    if (receipt.bytes < library.sizeBytes) await receiveRest(receipt, library, uri, options)
    await file.sync()
    return { sha256: receipt.hash.digest('hex'), receivedBytes: receipt.receivedBytes }
  } finally {
    await file.close()
  }
}

async function readKept(file: FileHandle, sizeBytes: number): Promise<Receipt> {
  const receipt: Receipt = { file, hash: createHash('sha256'), bytes: 0, receivedBytes: 0 }
  if ((await file.stat()).size > sizeBytes) await file.truncate(0)
  const buffer = Buffer.allocUnsafe(readBytes)
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, receipt.bytes)
    if (bytesRead === 0) return receipt
    receipt.hash.update(buffer.subarray(0, bytesRead))
    receipt.bytes += bytesRead
  }
}

async function receiveRest(
  receipt: Receipt,
  { sha256, sizeBytes }: Library,
  uri: string,
  { signal, authorize, onProgress }: ReceiveOptions,
): Promise<void> {
  const { bytes: keptBytes } = receipt
  const part = keptBytes === 0 ? {} : { part: { offset: keptBytes, etag: `"sha256-${sha256}"` } }
  const response = await openUri(uri, { signal, authorize, ...part })
  try {
    if (!continues(response, keptBytes, sizeBytes)) await startOver(receipt)
    if (response.statusCode !== 200 && receipt.bytes !== keptBytes) {
      throw unavailable(uri, `the server answered ${response.statusCode} with another part`, true)
    }
    await copyBody(response, receipt, sizeBytes, uri, onProgress)
  } catch (error) {
    response.destroy()
    throw transferError(uri, error)
  }
}

/** True if the body starts right after the kept bytes, and completes the library. */
function continues(
  { statusCode, headers }: IncomingMessage,
  keptBytes: number,
  sizeBytes: number,
): boolean {
  if (statusCode !== 206) return keptBytes === 0 && statusCode === 200
  return headers['content-range'] === `bytes ${keptBytes}-${sizeBytes - 1}/${sizeBytes}`
}

async function startOver(receipt: Receipt): Promise<void> {
  await receipt.file.truncate(0)
  receipt.hash = createHash('sha256')
  receipt.bytes = 0
}

async function copyBody(
  response: IncomingMessage,
  receipt: Receipt,
  sizeBytes: number,
  uri: string,
  onProgress: ReceiveOptions['onProgress'],
): Promise<void> {
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (receipt.bytes + chunk.length > sizeBytes) {
      await startOver(receipt)
      throw wrongLength(uri, `the body is longer than the expected ${sizeBytes} bytes`, 'longer')
    }
    await writeAll(receipt.file, chunk, receipt.bytes)
    receipt.hash.update(chunk)
    receipt.bytes += chunk.length
    receipt.receivedBytes += chunk.length
    onProgress?.(receipt.bytes)
  }
  if (receipt.bytes === sizeBytes) return
  const why = `the body ended after ${receipt.bytes} of ${sizeBytes} bytes`
  if (!response.complete) throw unavailable(uri, why, true)
  await startOver(receipt)
  throw wrongLength(uri, why, 'shorter')
}

function wrongLength(uri: string, why: string, actual: 'longer' | 'shorter'): JarcastError {
  return new JarcastError('LIBRARY_CORRUPT', why, { retryable: true, details: { uri, actual } })
}
