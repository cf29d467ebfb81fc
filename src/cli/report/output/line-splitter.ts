/** Makes whole lines of what tasks write, which is read in parts of any length. */
import { unfinishedBytes } from '../../../domain/unfinished-bytes.ts'
import type { OutputPart } from '../../../framework/control/follow-outputs.ts'

/** A longer line is given in several pieces. */
const maxLineBytes = 64 * 1024
const lineEnd = 0x0a

/**
 * Takes the parts of each file in their order. Returns the whole lines that it has now, of the last
 * part also a line without an end; nothing is added, and nothing left out.
 */
export function createLineSplitter(): (part: OutputPart) => Buffer {
  /** The begun line of each file. */
  const begun = new Map<string, Buffer>()

  return ({ taskId, attempt, name, bytes, isLast }) => {
    const key = `${name} ${attempt} ${taskId}`
    const all = Buffer.concat([begun.get(key) ?? Buffer.alloc(0), bytes])
    const length = isLast ? all.length : wholeLength(all)
    if (length === all.length) begun.delete(key)
    else begun.set(key, Buffer.from(all.subarray(length)))
    return all.subarray(0, length)
  }
}

/** Up to the last end of a line; of a long line up to its last whole character. */
function wholeLength(bytes: Buffer): number {
  const end = bytes.lastIndexOf(lineEnd) + 1
  return bytes.length - end <= maxLineBytes ? end : bytes.length - unfinishedBytes(bytes)
}
