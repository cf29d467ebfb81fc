import type { Bytes } from '../scan/bytes.ts'
import { unusual } from '../scan/unusual.ts'

/** Bytes of a message that is being written. One message at a time: the memory is used again. */
export class Sink {
  protected bytes: Bytes = scratch
  /** The same bytes, to write several at once. */
  protected view: DataView = scratchView
  protected at = 0
  /** By place: the latest of the objects that are likely to come again, and its bytes. */
  private readonly latest: unknown[] = []
  private readonly latestBytes: Uint8Array[] = []

  /** The bytes that were written, which are the caller's. */
  finish(): Buffer {
    const written = this.bytes.subarray(0, this.at)
    // A large message keeps this memory: to copy it would take as long as to write it.
    const isLarge = this.at > this.bytes.length / 4
    if (this.bytes.length <= maxKeptBytes) keep(isLarge ? memoryOf(this.bytes.length) : this.bytes)
    return isLarge ? written : Buffer.from(written)
  }

  /** Writes an object with `write`, and as bytes if it was the latest one of this `place` before. */
  again(place: number, value: unknown, write: () => void): void {
    if (value === this.latest[place]) {
      this.copy(this.latestBytes[place] as Uint8Array)
      return
    }
    const start = this.at
    write()
    this.latest[place] = value
    this.latestBytes[place] = Buffer.from(this.bytes.subarray(start, this.at))
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
    const larger = memoryOf(Math.max(needed, this.bytes.length * 2))
    larger.set(this.bytes.subarray(0, this.at))
    this.bytes = larger
    this.view = viewOf(larger)
  }
}

const maxKeptBytes = 4 * 1024 * 1024
let scratch = memoryOf(16 * 1024)
let scratchView = viewOf(scratch)

function memoryOf(length: number): Bytes {
  return Buffer.allocUnsafeSlow(length) as Bytes
}

/** Memory for the next message. */
function keep(bytes: Bytes): void {
  if (bytes === scratch) return
  scratch = bytes
  scratchView = viewOf(bytes)
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length)
}

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
