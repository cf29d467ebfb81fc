/** Reads a file line by line, in constant memory. */
import { closeSync, openSync, readSync } from 'node:fs'
import { readFailure } from './file-errors.ts'
import { maxLineBytes } from './line.ts'

export interface FileLine {
  /** Without the newline. Valid until the next line is read. */
  readonly bytes: Buffer
  /** 1 for the first. */
  readonly line: number
  /** Offset of the first byte. */
  readonly byte: number
  /** False for a last line without a newline: the file ends, or the line is too long. */
  readonly ended: boolean
}

const chunkBytes = 256 * 1024

/** Where a line begins. */
export interface LineStart {
  readonly line: number
  readonly byte: number
}

const firstLine: LineStart = { line: 1, byte: 0 }

/**
 * Reads the lines of the first `end` bytes of a file, from `start` on. Closes the file when the
 * generator ends or is returned. Throws JOURNAL_NOT_FOUND, JOURNAL_UNREADABLE.
 */
export function* readLines(
  file: string,
  end = Infinity,
  start = firstLine,
): Generator<FileLine, void> {
  const descriptor = reading(file, () => openSync(file, 'r'))
  try {
    let buffer = Buffer.allocUnsafe(chunkBytes)
    let bufferStart = start.byte
    let kept = 0
    let { line } = start
    for (;;) {
      const room = Math.min(buffer.length - kept, end - bufferStart - kept)
      const count = reading(file, () =>
        readSync(descriptor, buffer, kept, room, bufferStart + kept),
      )
      const filled = buffer.subarray(0, kept + count)
      let start = 0
      let newline = filled.indexOf(10, kept)
      while (newline !== -1) {
        const bytes = filled.subarray(start, newline)
        yield { bytes, line, byte: bufferStart + start, ended: true }
        line += 1
        start = newline + 1
        newline = filled.indexOf(10, start)
      }
      const rest = filled.subarray(start)
      if (count === 0 || rest.length > maxLineBytes) {
        if (rest.length > 0) yield { bytes: rest, line, byte: bufferStart + start, ended: false }
        return
      }
      // The line is longer than the buffer: doubles it.
      const next = rest.length === buffer.length ? Buffer.allocUnsafe(2 * rest.length) : buffer
      rest.copy(next)
      buffer = next
      bufferStart += start
      kept = rest.length
    }
  } finally {
    closeSync(descriptor)
  }
}

function reading<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw readFailure(file, error)
  }
}
