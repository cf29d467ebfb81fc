import { bytesOf } from './bytes.ts'
import type { Bytes } from './bytes.ts'

/** Containers nest a few levels. */
const maxDepth = 10

/** Reads the records that lie in the same bytes, one after another. */
export class Scanner<AddOthers> {
  readonly bytes: Bytes
  /** The same bytes, to read several at once. */
  readonly view: DataView
  readonly addOthers: AddOthers
  at = 0
  private depth = 0

  constructor(bytes: Uint8Array, addOthers: AddOthers) {
    this.bytes = bytesOf(bytes)
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.addOthers = addOthers
  }

  /** Moves to the record that begins at `start`. */
  begin(start: number): void {
    this.at = start
    this.depth = 0
  }

  /** Goes down into a message of its own kind; false if they nest too deep. */
  protected isShallow(): boolean {
    this.depth += 1
    return this.depth <= maxDepth
  }

  /** Behind such a message. */
  goUp(): void {
    this.depth -= 1
  }
}
