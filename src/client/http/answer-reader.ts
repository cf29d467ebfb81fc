/** Reads the answers of one connection from its bytes, however they are split. */
import { AnswerInvalid, parseAnswerHead, parseHeader } from './answer-head.ts'
import type { AnswerHead } from './answer-head.ts'

/** Gets each answer: its head, its body in pieces, its end. */
export interface AnswerSink {
  onHead(head: AnswerHead): void
  onBody(bytes: Uint8Array): void
  onEnd(): void
}

const maxHeadBytes = 64 * 1024
/** Of the line before a chunk, with its extensions. */
const maxSizeLineBytes = 256
const empty = Buffer.alloc(0)

/** Takes bytes from `at`; returns where the rest begins. */
type State = (bytes: Buffer, at: number) => number

/**
 * Interim answers (1xx) are skipped. After an answer that ends the connection, bytes are ignored.
 * Source: RFC 9112, 2.2, 6.3, 7.1, 9.3; RFC 9110, 15.2.
 */
export class AnswerReader {
  readonly #sink: AnswerSink
  #state: State = this.#readHead
  /** The beginning of a head or line whose end is still to come. */
  #partial: Buffer = empty
  /** Bytes still to come of a body or chunk. */
  #left = 0
  #trailerBytes = 0
  #isLast = false
  #lastText = ''
  #lastHead: AnswerHead | undefined

  constructor(sink: AnswerSink) {
    this.#sink = sink
  }

  /** True if no byte of a next answer has come. */
  get isBetween(): boolean {
    return this.#state === this.#readHead && this.#partial.length === 0
  }

  /** Throws `AnswerInvalid`; then the connection is of no more use. */
  read(bytes: Buffer): void {
    let at = 0
    while (at < bytes.length) at = this.#state(bytes, at)
  }

  /** To be called when the server has ended the connection: it may be the end of a body. */
  finish(): void {
    if (this.#state === this.#readUntilClose) this.#end()
  }

  #readHead(bytes: Buffer, at: number): number {
    const end = this.#collect(bytes, at, '\r\n\r\n', maxHeadBytes)
    checkStart(this.#partial)
    if (end === undefined) return bytes.length
    const head = this.#parse(this.#take())
    if (head.status < 200) return end
    this.#isLast = !head.isPersistent
    this.#sink.onHead(head)
    this.#begin(head.length)
    return end
  }

  /** Answers to calls are alike: the same text is parsed once. */
  #parse(text: string): AnswerHead {
    if (text !== this.#lastText || this.#lastHead === undefined) {
      this.#lastHead = parseAnswerHead(text)
      this.#lastText = text
    }
    return this.#lastHead
  }

  #begin(length: AnswerHead['length']): void {
    if (length === 'untilClose') this.#state = this.#readUntilClose
    else if (length === 'chunked') this.#state = this.#readSizeLine
    else if (length === 0) this.#end()
    else {
      this.#left = length
      this.#state = this.#readSized
    }
  }

  #end(): void {
    this.#state = this.#isLast ? this.#ignore : this.#readHead
    this.#sink.onEnd()
  }

  #readUntilClose(bytes: Buffer, at: number): number {
    this.#sink.onBody(bytes.subarray(at))
    return bytes.length
  }

  #readSized(bytes: Buffer, at: number): number {
    const end = this.#readPiece(bytes, at)
    if (this.#left === 0) this.#end()
    return end
  }

  #readPiece(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#left)
    this.#left -= end - at
    this.#sink.onBody(bytes.subarray(at, end))
    return end
  }

  #readSizeLine(bytes: Buffer, at: number): number {
    const end = this.#collect(bytes, at, '\r\n', maxSizeLineBytes)
    if (end === undefined) return bytes.length
    const [, size] = /^([\da-f]{1,8})(?:;[\t\x20-\x7e\x80-\xff]*)?$/i.exec(this.#take()) ?? []
    if (size === undefined) throw new AnswerInvalid('the size of a chunk')
    this.#left = Number.parseInt(size, 16)
    this.#trailerBytes = 0
    this.#state = this.#left === 0 ? this.#readTrailer : this.#readChunk
    return end
  }

  #readChunk(bytes: Buffer, at: number): number {
    const end = this.#readPiece(bytes, at)
    if (this.#left === 0) this.#state = this.#readChunkEnd
    return end
  }

  #readChunkEnd(bytes: Buffer, at: number): number {
    const end = this.#collect(bytes, at, '\r\n', 2)
    if (end === undefined) return bytes.length
    this.#take()
    this.#state = this.#readSizeLine
    return end
  }

  /** Trailers are checked, but tell nothing that is needed. */
  #readTrailer(bytes: Buffer, at: number): number {
    const end = this.#collect(bytes, at, '\r\n', maxHeadBytes - this.#trailerBytes)
    if (end === undefined) return bytes.length
    const line = this.#take()
    this.#trailerBytes += line.length + 2
    if (line === '') this.#end()
    else parseHeader(line)
    return end
  }

  #ignore(bytes: Buffer): number {
    return bytes.length
  }

  /** Adds to `#partial` up to and with the delimiter; returns where it ends, if it is there. */
  #collect(bytes: Buffer, at: number, delimiter: string, limit: number): number | undefined {
    const before = this.#partial.length
    const rest = bytes.subarray(at, at + limit - before)
    const joined = before === 0 ? rest : Buffer.concat([this.#partial, rest])
    const found = joined.indexOf(delimiter, Math.max(0, before - delimiter.length + 1), 'latin1')
    if (found === -1) {
      if (joined.length >= limit) throw new AnswerInvalid('a line or head is too long')
      this.#partial = joined
      return undefined
    }
    this.#partial = joined.subarray(0, found)
    return at + found + delimiter.length - before
  }

  #take(): string {
    const text = this.#partial.toString('latin1')
    this.#partial = empty
    return text
  }
}

/** Tells at the first byte that a server speaks something else, which might never send a line. */
function checkStart(bytes: Buffer): void {
  const start = 'HTTP/1.'
  const length = Math.min(bytes.length, start.length)
  if (bytes.toString('latin1', 0, length) !== start.slice(0, length))
    throw new AnswerInvalid('it does not begin with HTTP/1')
}
