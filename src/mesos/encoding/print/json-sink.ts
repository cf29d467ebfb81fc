import {
  backslash,
  closeBrace,
  closeBracket,
  comma,
  openBrace,
  openBracket,
  quote,
  space,
} from '../scan/json-bytes.ts'
import { unusual } from '../scan/unusual.ts'
import { Sink, asBase64, asInteger, shortLength } from './sink.ts'

/** Writes the values of JSON, each followed by a comma, which the end of an object or list replaces. */
export class JsonSink extends Sink {
  openObject(): void {
    this.byte(openBrace)
  }

  closeObject(): void {
    this.close(openBrace, closeBrace)
  }

  openList(): void {
    this.byte(openBracket)
  }

  closeList(): void {
    this.close(openBracket, closeBracket)
  }

  /** The whole text: without the comma behind its object. */
  override finish(): Buffer {
    this.at -= 1
    return super.finish()
  }

  /** A key with its quotes and colon. */
  key(key: Uint8Array): void {
    this.reserve(key.length)
    const { bytes, at } = this
    for (let index = 0; index < key.length; index++) bytes[at + index] = key[index] as number
    this.at = at + key.length
  }

  text(value: unknown): void {
    if (typeof value !== 'string') throw unusual
    // Two quotes and a comma; a character that is escaped goes another way.
    this.reserve(value.length + 3)
    const { bytes } = this
    let at = this.at
    bytes[at++] = quote
    if (value.length > shortLength) {
      if (!plain.test(value)) return this.hardText(value)
      at += bytes.latin1Write(value, at)
    } else {
      for (let index = 0; index < value.length; index++) {
        const code = value.charCodeAt(index)
        if (code < space || code === quote || code === backslash || code > lastPlain)
          return this.hardText(value)
        bytes[at++] = code
      }
    }
    bytes[at++] = quote
    bytes[at++] = comma
    this.at = at
  }

  private hardText(value: string): void {
    const text = JSON.stringify(value)
    this.reserve(text.length * 3 + 1)
    this.at += this.bytes.utf8Write(text, this.at)
    this.byte(comma)
  }

  base64(value: unknown): void {
    this.text(asBase64(value))
  }

  name(names: ReadonlyMap<string, number>, value: unknown): void {
    if (typeof value !== 'string' || !names.has(value)) throw unusual
    this.text(value)
  }

  bool(value: unknown): void {
    if (typeof value !== 'boolean') throw unusual
    this.ascii(value ? 'true' : 'false')
  }

  integer(value: unknown, most: number): void {
    this.ascii(String(asInteger(value, most)))
  }

  double(value: unknown): void {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw unusual
    // JSON has no -0.
    this.ascii(String(value + 0))
  }

  /** Text that needs no quotes. */
  private ascii(text: string): void {
    this.reserve(text.length + 1)
    const { bytes } = this
    for (let index = 0; index < text.length; index++) bytes[this.at++] = text.charCodeAt(index)
    bytes[this.at++] = comma
  }

  private close(open: number, end: number): void {
    this.reserve(2)
    const { bytes } = this
    // An empty one has no comma.
    if (bytes[this.at - 1] !== open) this.at -= 1
    bytes[this.at++] = end
    bytes[this.at++] = comma
  }

  private byte(byte: number): void {
    this.reserve(1)
    this.bytes[this.at++] = byte
  }
}

/** ASCII that is not escaped. */
const plain = /^[ !#-[\]-~]*$/
const lastPlain = 126
