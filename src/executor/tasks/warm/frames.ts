/**
 * The protocol between the executor and a warm host: requests and replies on descriptor 4, and the
 * marker that ends the output of a task. See JarcastWarmHost.java and warm-host-source.ts.
 */
import { JarcastError } from '../../../errors.ts'

/** The first one reports that the host is ready, each later one the end of a task. */
export interface Reply {
  /** The exit status that a host for this task alone would have had. */
  readonly status: number
  readonly text: string
}

/** A body after its length, as both sides send it. */
export function encodeFrame(body: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeInt32BE(body.length)
  return Buffer.concat([head, body])
}

/**
 * Returns a function that takes bytes from the host, and returns the replies that they complete.
 * It throws `MESSAGE_INVALID` for an invalid reply, or one of more than `maxBytes()`.
 */
export function createReplyDecoder(maxBytes: () => number): (bytes: Buffer) => readonly Reply[] {
  let pending: Buffer = Buffer.alloc(0)
  return (chunk) => {
    pending = join(pending, chunk)
    const replies: Reply[] = []
    while (pending.length >= 4) {
      const length = pending.readInt32BE(0)
      if (length < 4 || length > maxBytes())
        throw new JarcastError('MESSAGE_INVALID', 'the host sent an invalid reply')
      if (pending.length < 4 + length) break
      const text = pending.toString('utf8', 8, 4 + length)
      replies.push({ status: pending.readInt32BE(4), text })
      pending = pending.subarray(4 + length)
    }
    return replies
  }
}

export interface MarkerSearch {
  /** Returns further bytes of the stream that are before the marker: none once it is found. */
  push(chunk: Buffer): Buffer
  isFound(): boolean
  /** Bytes held back as a possible beginning of the marker, for a stream that ends without one. */
  rest(): Buffer
}

/** Finds a marker in a stream, also if chunks split it. */
export function createMarkerSearch(marker: Buffer): MarkerSearch {
  let held: Buffer = Buffer.alloc(0)
  let isFound = false
  return {
    push(chunk) {
      if (isFound) return Buffer.alloc(0)
      const all = join(held, chunk)
      const at = all.indexOf(marker)
      isFound = at >= 0
      const end = isFound ? at : all.length - beginningAtEnd(all, marker)
      held = all.subarray(isFound ? end + marker.length : end)
      return all.subarray(0, end)
    },
    isFound: () => isFound,
    rest: () => held,
  }
}

function join(kept: Buffer, chunk: Buffer): Buffer {
  return kept.length === 0 ? chunk : Buffer.concat([kept, chunk])
}

/** The length of the longest beginning of `marker` that `all` ends with. */
function beginningAtEnd(all: Buffer, marker: Buffer): number {
  let length = Math.min(marker.length - 1, all.length)
  while (length > 0 && !all.subarray(-length).equals(marker.subarray(0, length))) length -= 1
  return length
}
