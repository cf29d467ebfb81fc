/** Reads chunks of bytes in pieces of any length. */
export interface ByteSource {
  /** Resolves to `length` bytes, or fewer at the end. */
  read(length: number): Promise<Buffer>
  /**
   * Passes the next `length` bytes to `take` in pieces. Resolves to their number: fewer at the end.
   */
  pass(length: number, take: (bytes: Buffer) => void): Promise<number>
  /** Ends the chunks. */
  close(): Promise<void>
}

/** Calls `measure` with the length of each chunk; it may throw. */
export function createByteSource(
  chunks: AsyncGenerator<Buffer>,
  measure: (bytes: number) => void,
): ByteSource {
  let rest: Buffer = Buffer.alloc(0)

  async function pass(length: number, take: (bytes: Buffer) => void): Promise<number> {
    let missing = length
    while (missing > 0) {
      if (rest.length === 0) {
        const next = await chunks.next()
        if (next.done === true) break
        measure(next.value.length)
        rest = next.value
      }
      const piece = rest.subarray(0, missing)
      rest = rest.subarray(piece.length)
      missing -= piece.length
      if (piece.length > 0) take(piece)
    }
    return length - missing
  }

  return {
    pass,
    async read(length) {
      if (rest.length >= length) {
        const piece = rest.subarray(0, length)
        rest = rest.subarray(length)
        return piece
      }
      const pieces: Buffer[] = []
      await pass(length, (bytes) => pieces.push(bytes))
      return Buffer.concat(pieces)
    },
    async close() {
      await chunks.return(undefined)
    },
  }
}
