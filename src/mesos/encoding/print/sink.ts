import type { Bytes } from '../scan/bytes.ts'

/** Thrown for anything that is left to writing by plan; no sign of an error. */
export const unusual = Symbol('unusual message')

/** Bytes of a message that is being written. One message at a time: the memory is used again. */
export class Sink {
  protected bytes: Bytes = scratch
  protected at = 0
  private latest: unknown
  private latestBytes: Uint8Array = scratch

  /** The bytes that were written, which are the caller's. */
  finish(): Buffer {
    if (this.bytes.length <= maxKeptBytes) scratch = this.bytes
    return Buffer.from(this.bytes.subarray(0, this.at))
  }

  /** Writes an object with `write`, and as bytes if it was the latest one before. */
  again(value: unknown, write: () => void): void {
    if (value === this.latest) {
      this.copy(this.latestBytes)
      return
    }
    const start = this.at
    write()
    this.latest = value
    this.latestBytes = Buffer.from(this.bytes.subarray(start, this.at))
  }

  protected copy(piece: Uint8Array): void {
    this.reserve(piece.length)
    this.bytes.set(piece, this.at)
    this.at += piece.length
  }

  /** Makes room for so many more bytes. */
  protected reserve(count: number): void {
    const needed = this.at + count
    if (needed <= this.bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2)) as Bytes
    larger.set(this.bytes.subarray(0, this.at))
    this.bytes = larger
  }
}

const maxKeptBytes = 4 * 1024 * 1024
let scratch = Buffer.allocUnsafeSlow(16 * 1024) as Bytes

/** A message that is an object. */
export function asMessage(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unusual
  return value as Record<string, unknown>
}

export function asList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw unusual
  return value
}

/** A whole number from 0 to `most`, which is safe. */
export function asInteger(value: unknown, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most)
    throw unusual
  return value
}

/** Longer texts are handed to Node.js. */
export const shortLength = 48

const paddedBase64 = /^[A-Za-z0-9+/]*={0,2}$/

export function asBase64(value: unknown): string {
  if (typeof value !== 'string' || value.length % 4 !== 0 || !paddedBase64.test(value))
    throw unusual
  return value
}
