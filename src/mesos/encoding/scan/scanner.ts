import { bytesOf } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { unusual } from './unusual.ts'

/** Containers nest a few levels. */
const maxDepth = 10

/** Reads the records that lie in the same bytes, one after another. */
export class Scanner<AddOthers> {
  readonly bytes: Bytes
  /** The same bytes, to read several at once. */
  readonly view: DataView
  readonly addOthers: AddOthers
  at = 0
  /** Where the record ends. */
  protected end: number
  private depth = 0

  constructor(bytes: Uint8Array, addOthers: AddOthers) {
    this.bytes = bytesOf(bytes)
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.addOthers = addOthers
    this.end = bytes.length
  }

  /** Moves to the record from `start` to `end`. */
  begin(start: number, end: number): void {
    this.at = start
    this.end = end
    this.depth = 0
  }

  /** Before a message in a message of its own kind. Throws `unusual` if they nest too deep. */
  goDown(): void {
    this.depth += 1
    if (this.depth > maxDepth) throw unusual
  }

  /** Behind such a message. */
  goUp(): void {
    this.depth -= 1
  }
}
