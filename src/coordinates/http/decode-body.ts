/** Response bodies, decoded by their Content-Encoding. Source: RFC 9110, 8.4. */
import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream'
import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib'

export interface Body {
  /** Next: decoded bytes. Error: the body is truncated, or not in the declared encoding. */
  readonly chunks: AsyncIterable<Buffer>
  /** Of the decoded body; undefined when unknown before the end. */
  readonly sizeBytes: number | undefined
}

const maxEncodings = 4

/** Undefined for an unknown encoding, or for more than four. */
export function decodeBody(answer: IncomingMessage): Body | undefined {
  const encodings = (answer.headers['content-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
  const length = answer.headers['content-length']
  const sizeBytes = length === undefined ? undefined : Number(length)
  if (encodings.length === 0) return { chunks: answer, sizeBytes }
  if (encodings.length > maxEncodings || !encodings.every(isKnown)) return undefined
  // The last encoding in the header was applied last.
  const chunks = encodings.reduceRight<AsyncIterable<Buffer>>(
    (encoded, name) => decodeWith(encoded, name),
    answer,
  )
  return { chunks, sizeBytes: undefined }
}

function isKnown(name: string): boolean {
  return /^(?:x-)?gzip$|^deflate$|^br$/.test(name)
}

async function* decodeWith(encoded: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const iterator = encoded[Symbol.asyncIterator]()
  const first = await iterator.next()
  // An empty body stays empty under any encoding.
  if (first.done === true) return
  async function* all(): AsyncGenerator<Buffer> {
    yield (first as IteratorYieldResult<Buffer>).value
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      yield next.value
    }
  }
  const decoder = decoderFor(name, first.value)
  pipeline(all as unknown as () => Readable, decoder, () => {
    // The iteration throws the error.
  })
  yield* decoder as AsyncIterable<Buffer>
}

function decoderFor(name: string, first: Buffer): Transform {
  if (name === 'br') return createBrotliDecompress()
  if (name !== 'deflate') return createGunzip()
  // Some servers omit the zlib header.
  return ((first[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw()
}
