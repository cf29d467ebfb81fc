/** A part of a library, from its server. Source: RFC 9110 section 14.2 (Range). */
import type { IncomingMessage } from 'node:http'
import type { Authorize } from '../../../domain/libraries/library-access.ts'
import type { Library } from '../../../domain/libraries/library.ts'
import { openUri, transferError, unavailable } from './http-get.ts'

export interface PartOptions {
  readonly signal: AbortSignal
  /** Signs the request. */
  readonly authorize?: Authorize | undefined
  /** Called with the size of each piece as it arrives. */
  readonly onBytes?: (bytes: number) => void
}

/**
 * Fetches `length` bytes from `offset`, into memory. The caller verifies them. Errors:
 * `LIBRARY_UNAVAILABLE`; not retryable if the server sends another part than requested.
 */
export async function fetchPart(
  { sha256, sizeBytes }: Library,
  uri: string,
  { offset, length }: { readonly offset: number; readonly length: number },
  { onBytes, ...options }: PartOptions,
): Promise<Buffer> {
  const end = offset + length - 1
  const part = { offset, end, etag: `"sha256-${sha256}"` }
  const response = await openUri(uri, { ...options, part })
  try {
    if (response.headers['content-range'] !== `bytes ${offset}-${end}/${sizeBytes}`)
      throw unavailable(uri, `the server answered ${response.statusCode} with another part`, false)
    return await readExactly(response, length, uri, onBytes)
  } catch (error) {
    throw transferError(uri, error)
  } finally {
    response.destroy()
  }
}

async function readExactly(
  response: IncomingMessage,
  length: number,
  uri: string,
  onBytes?: (bytes: number) => void,
): Promise<Buffer> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > length) throw unavailable(uri, 'the server sent more bytes than requested', false)
    pieces.push(piece)
    onBytes?.(piece.length)
  }
  if (bytes < length)
    throw unavailable(uri, `the connection ended after ${bytes} of ${length} bytes`, true)
  return Buffer.concat(pieces)
}
