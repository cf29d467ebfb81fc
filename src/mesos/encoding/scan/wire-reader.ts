import { bytesOf } from './bytes.ts'
import type { Bytes } from './bytes.ts'

/** Groups that unknown fields may nest; Mesos has no groups. */
const maxGroups = 100

/**
 * Reads tags and values of protobuf, one after the other. Throws RangeError for what is no
 * protobuf, and reads nothing beyond the bytes. Source: protobuf encoding guide.
 */
export class WireReader {
  readonly #bytes: Bytes
  /** Offset of the next byte. */
  at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytesOf(bytes)
  }

  /** The low 32 bits of a number. */
  uint32(): number {
    const first = this.#byte()
    if (first < 128) return first
    let value = first & 127
    for (let shift = 7; shift < 70; shift += 7) {
      const byte = this.#byte()
      if (shift < 32) value |= (byte & 127) << shift
      if (byte < 128) return value >>> 0
    }
    throw new RangeError('a number of more than ten bytes')
  }

  int32(): number {
    return this.uint32() | 0
  }

  /** A number while exact, else its decimal digits. */
  uint64(): number | string {
    const { low, high } = this.#halves()
    return high < 2 ** 21 ? high * 2 ** 32 + low : String((BigInt(high) << 32n) | BigInt(low))
  }

  /** A number while exact, else its decimal digits. */
  int64(): number | string {
    const { low, high } = this.#halves()
    const number = (high | 0) * 2 ** 32 + low
    return Number.isSafeInteger(number) ? number : String((BigInt(high | 0) << 32n) + BigInt(low))
  }

  bool(): boolean {
    const { low, high } = this.#halves()
    return low !== 0 || high !== 0
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#take(8))
  }

  string(): string {
    const start = this.#take(this.uint32())
    return this.#bytes.utf8Slice(start, this.at)
  }

  base64(): string {
    const start = this.#take(this.uint32())
    return this.#bytes.base64Slice(start, this.at)
  }

  /** The end of the message whose length is next. */
  endOfNext(): number {
    const end = this.uint32() + this.at
    if (end > this.#bytes.length) throw new RangeError('length beyond the end')
    return end
  }

  /** A view of the bytes from `start` up to the next value. */
  since(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.at)
  }

  /** Passes over the value of the field with this tag. */
  skip(tag: number, groups = 0): void {
    const wireType = tag & 7
    if (tag >>> 3 === 0) throw new RangeError('field number 0')
    if (wireType === 0) this.#halves()
    else if (wireType === 1) this.#take(8)
    else if (wireType === 2) this.#take(this.uint32())
    else if (wireType === 5) this.#take(4)
    else if (wireType === 3 && groups < maxGroups) this.#skipGroup(tag, groups + 1)
    else throw new RangeError(`no value of wire type ${wireType}`)
  }

  #skipGroup(start: number, groups: number): void {
    const end = start + 1
    for (let tag = this.uint32(); tag !== end; tag = this.uint32()) this.skip(tag, groups)
  }

  /** The halves of a number of 64 bits. */
  #halves(): { readonly low: number; readonly high: number } {
    let low = 0
    let high = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte()
      const bits = byte & 127
      if (shift < 32) low |= bits << shift
      if (shift > 32) high |= bits << (shift - 32)
      else if (shift === 28) high |= bits >>> 4
      if (byte < 128) return { low: low >>> 0, high: high >>> 0 }
    }
    throw new RangeError('a number of more than ten bytes')
  }

  #byte(): number {
    const byte = this.#bytes[this.at]
    if (byte === undefined) throw new RangeError('the bytes end within a number')
    this.at += 1
    return byte
  }

  /** Passes over so many bytes, and returns where they start. */
  #take(count: number): number {
    const start = this.at
    if (count > this.#bytes.length - start) throw new RangeError('length beyond the end')
    this.at = start + count
    return start
  }
}
