import {
  base64Bytes,
  closeBrace,
  closeBracket,
  colon,
  comma,
  dot,
  endOfMember,
  endOfString,
  equals,
  falseBytes,
  lowerE,
  openBrace,
  openBracket,
  plainBytes,
  powersOfTen,
  quote,
  trueBytes,
  upperE,
  zero,
} from './json-bytes.ts'
import type { Keys } from './json-keys.ts'
import { Scanner } from './scanner.ts'
import { cachedText } from './text-cache.ts'
import { unusual } from './unusual.ts'

/** Adds members that a reader does not know, a JSON object, to its message. */
export type AddOthers = (fullName: string, message: Record<string, unknown>, json: string) => void

/**
 * Reads JSON in the form in which Mesos writes it: without spaces. Accepts a part of JSON only, and
 * only what `JSON.parse` accepts; throws `unusual` for the rest.
 */
export class JsonScanner extends Scanner<AddOthers> {
  /** Moves behind `byte`, which must be next. */
  take(byte: number): void {
    if (this.bytes[this.at] !== byte) throw unusual
    this.at += 1
  }

  /**
   * Moves behind the brace and the first key of an object. Returns the place of the key in `keys`,
   * the number of keys for one that is not there, and -1 for an empty object.
   */
  firstKey(keys: Keys): number {
    this.take(openBrace)
    if (this.bytes[this.at] === closeBrace) {
      this.at += 1
      return -1
    }
    return this.key(keys, 0)
  }

  /** The same for the key that follows the value of the key `before`; -1 at the end. */
  nextKey(keys: Keys, before: number): number {
    const byte = this.bytes[this.at]
    this.at += 1
    if (byte === closeBrace) return -1
    if (byte !== comma) throw unusual
    return this.key(keys, before + 1)
  }

  private key({ bytes, next }: Keys, after: number): number {
    const guess = next[after] as number
    if (this.skip(bytes[guess] as Buffer)) return guess
    for (let place = 0; place < bytes.length; place++) {
      if (this.skip(bytes[place] as Buffer)) {
        next[after] = place
        return place
      }
    }
    return bytes.length
  }

  private skip(wanted: Buffer): boolean {
    const { bytes, at } = this
    for (let index = wanted.length - 1; index >= 0; index--) {
      if (bytes[at + index] !== wanted[index]) return false
    }
    this.at = at + wanted.length
    return true
  }

  /** True behind the bracket of a list that has an item. */
  hasItems(): boolean {
    this.take(openBracket)
    if (this.bytes[this.at] !== closeBracket) return true
    this.at += 1
    return false
  }

  /** Between items: true if another follows. */
  hasMore(): boolean {
    const byte = this.bytes[this.at]
    this.at += 1
    if (byte === comma) return true
    if (byte === closeBracket) return false
    throw unusual
  }

  /** Passes over a member with another key, and adds its text to `others`. */
  other(others: string | undefined): string {
    const start = this.at
    // With an escape, or a space before its colon, it may be a key that the reader knows.
    if (this.endOfText() < 0 || this.bytes[this.at] !== colon) throw unusual
    this.at = endOfMember(this.bytes, this.at, this.end)
    if (this.at < 0) throw unusual
    const member = this.bytes.utf8Slice(start, this.at)
    return others === undefined ? member : `${others},${member}`
  }

  /** A string that is likely to come again. */
  text(): string {
    const start = this.at + 1
    const end = this.endOfText()
    return end < 0 ? this.hardText(start) : cachedText(this.bytes, this.view, start, end)
  }

  /** A string of its own, as ids of tasks. */
  ownText(): string {
    const start = this.at + 1
    const end = this.endOfText()
    return end < 0 ? this.hardText(start) : this.bytes.latin1Slice(start, end)
  }

  /** Moves behind a string of plain ASCII, and returns where it ends; -1 for others. */
  private endOfText(): number {
    const { bytes } = this
    this.take(quote)
    let at = this.at
    while (plainBytes[bytes[at] as number] === 1) at++
    if (bytes[at] !== quote) return -1
    this.at = at + 1
    return at
  }

  /** A string with escapes, or beyond ASCII. */
  private hardText(start: number): string {
    const { bytes } = this
    const end = endOfString(bytes, start - 1, this.end)
    if (end < 0) throw unusual
    this.at = end + 1
    try {
      return JSON.parse(bytes.utf8Slice(start - 1, end + 1)) as string
    } catch {
      throw unusual
    }
  }

  /** The name of an enum's value. */
  name(names: ReadonlyMap<string, string>): string {
    const name = names.get(this.text())
    if (name === undefined) throw unusual
    return name
  }

  bool(): boolean {
    const isTrue = this.bytes[this.at] === 116
    if (!this.skip(isTrue ? trueBytes : falseBytes)) throw unusual
    return isTrue
  }

  base64(): string {
    const { bytes } = this
    this.take(quote)
    const start = this.at
    let at = start
    while (base64Bytes[bytes[at] as number] === 1) at++
    for (let padding = 0; padding < 2 && bytes[at] === equals; padding++) at++
    if (bytes[at] !== quote || (at - start) % 4 !== 0) throw unusual
    this.at = at + 1
    return bytes.latin1Slice(start, at)
  }

  /** A whole number from 0 to `most`, which is safe. */
  integer(most: number): number {
    const value = this.number()
    if (value > most || !Number.isInteger(value)) throw unusual
    return value
  }

  /** A number that is not negative, without exponent. */
  number(): number {
    const { bytes } = this
    const start = this.at
    let at = start
    let mantissa = 0
    let digit = (bytes[at] as number) - zero
    if (!(digit >= 0 && digit <= 9)) throw unusual
    // JSON has no zeros in front.
    if (digit === 0) digit = (bytes[++at] as number) - zero
    else
      do {
        mantissa = mantissa * 10 + digit
        digit = (bytes[++at] as number) - zero
      } while (digit >= 0 && digit <= 9)
    if (digit >= 0 && digit <= 9) throw unusual
    let places = 0
    if (bytes[at] === dot) {
      const point = at
      digit = (bytes[++at] as number) - zero
      while (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit
        digit = (bytes[++at] as number) - zero
      }
      places = at - point - 1
      if (places === 0) throw unusual
    }
    if (bytes[at] === lowerE || bytes[at] === upperE) throw unusual
    this.at = at
    if (places === 0 && mantissa <= Number.MAX_SAFE_INTEGER) return mantissa
    // Exact: both numbers are, and one division rounds once.
    if (mantissa <= Number.MAX_SAFE_INTEGER && places < powersOfTen.length)
      return mantissa / (powersOfTen[places] as number)
    if (places === 0) throw unusual
    return Number(bytes.latin1Slice(start, at))
  }
}
