import { JarcastError } from '../errors.ts'

export interface RecordDecoderOptions {
  /**
   * Maximum size of a record in bytes. Default 64 MiB: about 70,000 offers, and the default limit
   * of protobuf for one message.
   */
  readonly maxFrameBytes?: number
  /** Called for a larger record, which is skipped. Default: FRAME_TOO_LARGE ends the stream. */
  readonly onTooLarge?: ((error: JarcastError) => void) | undefined
}

/** Takes one record: the bytes from `start` to `end`. */
export type TakeRecord = (bytes: Uint8Array, start: number, end: number) => void

export interface RecordDecoder {
  /**
   * Takes the next bytes and hands on the records that they complete, in order. A record of one
   * chunk stays in that chunk: a view on each would cost as much as to read three texts of it.
   * Throws FRAME_INVALID or FRAME_TOO_LARGE behind the records before the fault, and the same error
   * at each later call; likewise for what `take` throws.
   */
  read(chunk: Uint8Array, take: TakeRecord): void
  /**
   * As `read`, but returns the records. Those before a fault are returned first; then the next call
   * throws.
   */
  push(chunk: Uint8Array): Uint8Array[]
  /** Ends the stream. Throws FRAME_INVALID within a record, or the earlier error. */
  end(): void
}

/**
 * Encodes one record: its length in decimal digits, a line feed, its bytes. Source: apache/mesos
 * docs/recordio.md.
 */
export function encodeRecord(bytes: Uint8Array): Uint8Array {
  const head = `${bytes.length}\n`
  const record = Buffer.allocUnsafe(head.length + bytes.length)
  record.write(head, 'latin1')
  record.set(bytes, head.length)
  return record
}

const defaultMaxFrameBytes = 64 * 1024 * 1024
const lineFeed = 10
const zero = 48
const maxPlainDigits = 9
/** A length of more digits exceeds every machine's memory. */
const maxDigits = 20
/** Memory is allocated for bytes that arrived, not for an announced length. */
const firstBufferBytes = 64 * 1024

/**
 * Cuts a byte stream into records, for any chunks. Time and memory are linear in the bytes
 * received. Records may be empty. Source: apache/mesos docs/recordio.md.
 */
export function createRecordDecoder(options: RecordDecoderOptions = {}): RecordDecoder {
  const { maxFrameBytes = defaultMaxFrameBytes, onTooLarge } = options
  let digits = ''
  let body: Body | undefined
  let failure: Error | undefined

  /** Reads digits from `at`; returns the offset after them and their line feed. */
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

  const cut = (chunk: Uint8Array, take: TakeRecord): void => {
    let at = 0
    // An empty record is complete without another byte.
    while (at < chunk.length || body?.length === 0) {
      if (body === undefined) {
        if (digits === '') at = cutWhole(chunk, at, maxFrameBytes, take)
        at = readLength(chunk, at)
      }
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
      body = undefined
      take(record, 0, record.length)
    }
  }

  const read = (chunk: Uint8Array, take: TakeRecord): void => {
    if (failure !== undefined) throw failure
    try {
      cut(chunk, take)
    } catch (error) {
      failure = error as Error
      throw error
    }
  }

  return {
    read,
    push(chunk) {
      const records: Uint8Array[] = []
      try {
        read(chunk, (bytes, start, end) => records.push(bytes.subarray(start, end)))
      } catch (error) {
        if (records.length === 0) throw error
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

/**
 * Cuts the records that lie in `chunk` with a plain length, as nearly all do: returns the offset
 * after them.
 */
function cutWhole(
  chunk: Uint8Array,
  start: number,
  maxFrameBytes: number,
  take: TakeRecord,
): number {
  let at = start
  for (;;) {
    let body = at
    let length = 0
    for (let digit = digitAt(chunk, at); digit >= 0 && digit <= 9; digit = digitAt(chunk, body)) {
      if (body - at > maxPlainDigits) return at
      length = length * 10 + digit
      body += 1
    }
    const end = body + 1 + length
    if (body === at || chunk[body] !== lineFeed) return at
    if (length > maxFrameBytes || end > chunk.length) return at
    take(chunk, body + 1, end)
    at = end
  }
}

function digitAt(chunk: Uint8Array, at: number): number {
  return at < chunk.length ? (chunk[at] as number) - zero : -1
}

interface Body {
  readonly length: number
  filled: number
  buffer: Uint8Array | undefined
  /** True for a record that is too large. */
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
      // The server answered SUBSCRIBE as Mesos does. A proxy may garble this stream and not the
      // next one.
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

/** Adds `piece`; returns the record when it is complete. */
function fill(body: Body, piece: Uint8Array): Uint8Array | undefined {
  const filled = body.filled + piece.length
  if (body.filled === 0 && filled === body.length) return piece
  body.buffer = grown(body, filled)
  body.buffer.set(piece, body.filled)
  body.filled = filled
  return filled === body.length ? body.buffer.subarray(0, filled) : undefined
}

/** Doubles the buffer, so that all copying together is linear. */
function grown({ buffer, filled, length }: Body, needed: number): Uint8Array {
  if (buffer !== undefined && buffer.length >= needed) return buffer
  const size = Math.max(needed, (buffer?.length ?? firstBufferBytes / 2) * 2)
  const larger = Buffer.allocUnsafe(Math.min(length, size))
  if (buffer !== undefined) larger.set(buffer.subarray(0, filled))
  return larger
}
