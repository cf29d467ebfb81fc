import { unusual } from '../scan/unusual.ts'
import { Sink, asInteger, shortLength } from './sink.ts'

/** Writes protobuf fields, each with its tag. */
export class ProtobufSink extends Sink {
  /**
   * Begins a message in a message, whose length will probably need `room` bytes. `closeMessage` takes
   * the result.
   */
  openMessage(tag: number, room: number): number {
    this.reserve(maxHeadBytes)
    this.varint(tag)
    this.at += room
    return this.at
  }

  closeMessage(start: number, room: number): void {
    const length = this.at - start
    if (room === 1 && length < 128) {
      this.bytes[start - 1] = length
      return
    }
    const more = varintBytes(length) - room
    if (more !== 0) {
      this.reserve(Math.max(0, more))
      this.bytes.copyWithin(start + more, start, this.at)
    }
    this.at = start - room
    this.varint(length)
    this.at += length
  }

  text(tag: number, value: unknown): void {
    if (typeof value !== 'string') throw unusual
    if (value.length > shortLength) return this.longText(tag, value)
    this.reserve(maxHeadBytes + value.length)
    const { bytes } = this
    const before = this.at
    this.varint(tag)
    bytes[this.at++] = value.length
    let at = this.at
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index)
      if (code > 127) {
        this.at = before
        return this.longText(tag, value)
      }
      bytes[at++] = code
    }
    this.at = at
  }

  private longText(tag: number, value: string): void {
    const length = Buffer.byteLength(value)
    this.reserve(maxHeadBytes + length)
    this.varint(tag)
    this.varint(length)
    this.at += this.bytes.utf8Write(value, this.at)
  }

  base64(tag: number, value: unknown): void {
    if (typeof value !== 'string' || value.length % 4 !== 0 || isForeign(value)) throw unusual
    const length = (value.length / 4) * 3 - paddingOf(value)
    this.reserve(maxHeadBytes + length)
    this.varint(tag)
    this.varint(length)
    // Node.js passes over what is not base64: then it writes less.
    if (this.bytes.base64Write(value, this.at) !== length) throw unusual
    this.at += length
  }

  name(tag: number, names: ReadonlyMap<string, number>, value: unknown): void {
    const number = names.get(value as string)
    if (number === undefined || number < 0) throw unusual
    this.reserve(maxHeadBytes)
    this.varint(tag)
    this.varint(number)
  }

  bool(tag: number, value: unknown): void {
    if (typeof value !== 'boolean') throw unusual
    this.integer(tag, value ? 1 : 0, 1)
  }

  integer(tag: number, value: unknown, most: number): void {
    const integer = asInteger(value, most)
    this.reserve(maxHeadBytes)
    this.varint(tag)
    this.varint(integer)
  }

  /** A whole number of up to 64 bits, or its decimal digits. A negative one takes ten bytes. */
  longInteger(tag: number, value: number | string): void {
    if (Number.isSafeInteger(value) && (value as number) >= 0)
      return this.integer(tag, value, maxSafe)
    this.reserve(maxHeadBytes)
    this.varint(tag)
    let rest = BigInt.asUintN(64, BigInt(value))
    for (; rest > 127n; rest >>= 7n) this.bytes[this.at++] = Number(rest & 127n) | 128
    this.bytes[this.at++] = Number(rest)
  }

  double(tag: number, value: unknown): void {
    if (typeof value !== 'number') throw unusual
    this.reserve(maxHeadBytes)
    this.varint(tag)
    this.view.setFloat64(this.at, value, true)
    this.at += 8
  }

  /** A field as it came, with its tag. */
  raw(field: Uint8Array): void {
    this.copy(field)
  }

  /** Room was made before. */
  private varint(value: number): void {
    if (value < 128) this.bytes[this.at++] = value
    else this.longVarint(value)
  }

  private longVarint(value: number): void {
    const { bytes } = this
    let rest = value
    while (rest > 127) {
      bytes[this.at++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    bytes[this.at++] = rest
  }
}

function varintBytes(value: number): number {
  let count = 1
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) count += 1
  return count
}

function paddingOf(text: string): number {
  if (text.charCodeAt(text.length - 1) !== equals) return 0
  return text.charCodeAt(text.length - 2) === equals ? 2 : 1
}

/**
 * What Node.js takes for base64 although it is none: the alphabet for URLs, and characters whose low
 * byte is of the alphabet.
 */
function isForeign(text: string): boolean {
  return text.includes('-') || text.includes('_') || wide.test(text)
}

/** V8 keeps other texts as one byte per character, and knows that this matches none of them. */
const wide = /[^\0-\u00ff]/
const equals = 61
const maxSafe = Number.MAX_SAFE_INTEGER
/** A tag and a length or a number. */
const maxHeadBytes = 20
