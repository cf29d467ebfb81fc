import { Scanner } from './scanner.ts'
import { cachedText, newText } from './text-cache.ts'
import { unusual } from './unusual.ts'

/** Adds fields that a reader does not know, each with its tag, to its message. */
export type AddOthers = (
  fullName: string,
  message: Record<string, unknown>,
  fields: readonly Buffer[],
) => void

/** Reads the values of protobuf fields. Throws `unusual` for what is rare or invalid. */
export class ProtobufScanner extends Scanner<AddOthers> {
  /** A number below 2 ** 28. */
  varint(): number {
    const { bytes } = this
    let byte = bytes[this.at++] as number
    if (byte < 128) return byte
    let value = byte & 127
    byte = bytes[this.at++] as number
    value |= (byte & 127) << 7
    if (byte < 128) return value
    byte = bytes[this.at++] as number
    value |= (byte & 127) << 14
    if (byte < 128) return value
    byte = bytes[this.at++] as number
    value |= (byte & 127) << 21
    if (byte < 128) return value
    throw unusual
  }

  /** A whole number from 0 to `most`, which is safe. */
  integer(most: number): number {
    const { bytes } = this
    let value = 0
    let unit = 1
    for (let count = 0; count < 8; count++) {
      const byte = bytes[this.at++] as number
      value += (byte & 127) * unit
      if (byte < 128) {
        if (value > most) throw unusual
        return value
      }
      unit *= 128
    }
    throw unusual
  }

  bool(): boolean {
    const byte = this.bytes[this.at++] as number
    if (byte > 1) throw unusual
    return byte === 1
  }

  double(end: number): number {
    const { at } = this
    this.at = at + 8
    if (this.at > end) throw unusual
    return this.view.getFloat64(at, true)
  }

  name(byNumber: ReadonlyMap<number, string>): string {
    const name = byNumber.get(this.varint())
    if (name === undefined) throw unusual
    return name
  }

  /** The end of the value whose length is next, which lies in a message with this `end`. */
  endOfNext(end: number): number {
    const stop = this.varint() + this.at
    // Not for NaN either: a length beyond the bytes.
    if (!(stop <= end)) throw unusual
    return stop
  }

  /** A text that is likely to come again, in a message with this `end`. */
  text(end: number): string {
    const stop = this.endOfNext(end)
    const text = cachedText(this.bytes, this.view, this.at, stop)
    this.at = stop
    return text
  }

  /** A text of its own, as ids of offers. */
  ownText(end: number): string {
    const stop = this.endOfNext(end)
    const text = newText(this.bytes, this.at, stop)
    this.at = stop
    return text
  }

  base64(end: number): string {
    const stop = this.endOfNext(end)
    const text = this.bytes.base64Slice(this.at, stop)
    this.at = stop
    return text
  }

  /** Passes over the value of a field and keeps all of it in `others`. */
  other(others: Buffer[] | undefined, start: number, tag: number, end: number): Buffer[] {
    const wireType = tag & 7
    if (wireType === 0) while ((this.bytes[this.at++] as number) >= 128);
    else if (wireType === 2) this.at = this.endOfNext(end)
    else if (wireType === 1) this.at += 8
    else if (wireType === 5) this.at += 4
    else throw unusual
    if (this.at > end || tag < 8) throw unusual
    const field = this.bytes.subarray(start, this.at)
    if (others === undefined) return [field]
    others.push(field)
    return others
  }
}
