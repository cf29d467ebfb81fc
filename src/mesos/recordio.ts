import { JarcastError } from '../errors.ts'

export interface RecordDecoderOptions {
  /**
   * The longest record taken, in bytes. Default 64 MiB: some 70,000 offers of an ordinary agent, and what
   * protobuf itself takes for one message by default.
   */
  readonly maxFrameBytes?: number
  /** Hears of a longer record, which is passed over then. Default: it ends the stream with FRAME_TOO_LARGE. */
  readonly onTooLarge?: ((error: JarcastError) => void) | undefined
}

export interface RecordDecoder {
  /**
   * Takes the next bytes and returns the records they complete, in order. A record that came in one chunk is a
   * view on that chunk. Fails with FRAME_INVALID or FRAME_TOO_LARGE, and from then on with the same error;
   * records complete before the fault are returned first and the error comes with the next `push` or `end`.
   */
  push(chunk: Uint8Array): Uint8Array[]
  /** Says that no bytes follow. Fails with FRAME_INVALID within a record, and with an error still to come. */
  end(): void
}

/** One record: its length in decimal digits, a line feed, its bytes. Source: apache/mesos docs/recordio.md. */
export function encodeRecord(bytes: Uint8Array): Uint8Array {
  const head = `${bytes.length}\n`
  const record = Buffer.allocUnsafe(head.length + bytes.length)
  record.write(head, 'latin1')
  record.set(bytes, head.length)
  return record
}

const defaultMaxFrameBytes = 64 * 1024 * 1024
const lineFeed = 10
/** More digits than any length that a machine can hold. */
const maxDigits = 20
/** Memory follows what came, not what a length announced. */
const firstBufferBytes = 64 * 1024

/**
 * Cuts a byte stream into records, wherever its chunks were cut: time and memory are linear in the
 * bytes received. Records of length zero are records. Source: apache/mesos docs/recordio.md.
 */
export function createRecordDecoder(options: RecordDecoderOptions = {}): RecordDecoder {
  const { maxFrameBytes = defaultMaxFrameBytes, onTooLarge } = options
  let digits = ''
  let body: Body | undefined
  let failure: JarcastError | undefined

  /** Reads digits from `at` on; returns the offset after them and their line feed. */
  const readLength = (chunk: Uint8Array, at: number): number => {
    const stop = chunk.indexOf(lineFeed, at)
    const end = stop === -1 ? chunk.length : stop
    digits += latin1(chunk, at, Math.min(end, at + maxDigits + 1))
    assertLength(digits, stop !== -1)
    const isTooLarge = Number(digits) > maxFrameBytes
    if (isTooLarge && onTooLarge === undefined) throw tooLarge(digits, maxFrameBytes)
    if (stop === -1) return end
    if (isTooLarge) onTooLarge?.(tooLarge(digits, maxFrameBytes))
    body = { length: Number(digits), filled: 0, buffer: undefined, isPassedOver: isTooLarge }
    digits = ''
    return stop + 1
  }

  const cut = (chunk: Uint8Array, records: Uint8Array[]): void => {
    let at = 0
    // An empty record is complete though no byte of it follows.
    while (at < chunk.length || body?.length === 0) {
      at = body === undefined ? readLength(chunk, at) : at
      if (body === undefined) continue
      const piece = chunk.subarray(at, at + body.length - body.filled)
      at += piece.length
      if (body.isPassedOver) {
        body.filled += piece.length
        if (body.filled === body.length) body = undefined
        continue
      }
      const record = fill(body, piece)
      if (record === undefined) continue
      records.push(record)
      body = undefined
    }
  }

  return {
    push(chunk) {
      if (failure !== undefined) throw failure
      const records: Uint8Array[] = []
      try {
        cut(chunk, records)
      } catch (error) {
        failure = error as JarcastError
        if (records.length === 0) throw failure
      }
      return records
    },
    end() {
      if (failure !== undefined) throw failure
      if (body === undefined && digits === '') return
      failure = new JarcastError('FRAME_INVALID', 'The stream ended within a record', {
        retryable: true,
      })
      throw failure
    },
  }
}

interface Body {
  readonly length: number
  filled: number
  buffer: Uint8Array | undefined
  /** True for one that is too large. */
  readonly isPassedOver: boolean
}

function latin1(chunk: Uint8Array, start: number, end: number): string {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1', start, end)
}

function assertLength(digits: string, complete: boolean): void {
  if (!/^\d*$/u.test(digits) || digits.length > maxDigits || (complete && digits === '')) {
    throw new JarcastError(
      'FRAME_INVALID',
      `A record must start with its length, not ${JSON.stringify(digits)}`,
      // Who answered SUBSCRIBE as Mesos does is Mesos: what garbles the stream behind it may be gone for the next.
      { retryable: true },
    )
  }
}

function tooLarge(digits: string, maxFrameBytes: number): JarcastError {
  return new JarcastError(
    'FRAME_TOO_LARGE',
    `A record of ${digits} bytes; at most ${maxFrameBytes} are taken`,
    { details: { length: Number(digits), maxFrameBytes } },
  )
}

/** Adds `piece`; returns the record when it is whole. */
function fill(body: Body, piece: Uint8Array): Uint8Array | undefined {
  const filled = body.filled + piece.length
  if (body.filled === 0 && filled === body.length) return piece
  body.buffer = grown(body, filled)
  body.buffer.set(piece, body.filled)
  body.filled = filled
  return filled === body.length ? body.buffer.subarray(0, filled) : undefined
}

/** Doubles, so that all copying together stays linear. */
function grown({ buffer, filled, length }: Body, needed: number): Uint8Array {
  if (buffer !== undefined && buffer.length >= needed) return buffer
  const size = Math.max(needed, (buffer?.length ?? firstBufferBytes / 2) * 2)
  const larger = Buffer.allocUnsafe(Math.min(length, size))
  if (buffer !== undefined) larger.set(buffer.subarray(0, filled))
  return larger
}
