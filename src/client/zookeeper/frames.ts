import { concatMap, defer } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import { JarcastError } from '../../errors.ts'

/** ZooKeeper's own default limit of a message (`jute.maxbuffer`). */
const maxFrameBytes = 1024 * 1024
const headBytes = 4

/**
 * Cuts a byte stream into ZooKeeper's messages, each after its length in four bytes.
 *
 * Next: the bytes of each whole message. Error: `FRAME_TOO_LARGE` for a length that is negative or
 * above 1 MiB; errors of the source pass. Complete: with the source; an incomplete message is
 * dropped.
 */
export function decodeFrames(): OperatorFunction<Buffer, Buffer> {
  return (source) =>
    defer(() => {
      let chunks: Buffer[] = []
      let heldBytes = 0
      let wantedBytes = headBytes

      return source.pipe(
        concatMap(function* (chunk: Buffer) {
          chunks.push(chunk)
          heldBytes += chunk.length
          // Chunks are joined once per message: single bytes must not cost more than one chunk.
          if (heldBytes < wantedBytes) return
          let held = Buffer.concat(chunks)
          while (held.length >= headBytes) {
            wantedBytes = headBytes + lengthOf(held)
            if (held.length < wantedBytes) break
            yield held.subarray(headBytes, wantedBytes)
            held = held.subarray(wantedBytes)
            wantedBytes = headBytes
          }
          chunks = [held]
          heldBytes = held.length
        }),
      )
    })
}

function lengthOf(held: Buffer): number {
  const length = held.readInt32BE(0)
  if (length >= 0 && length <= maxFrameBytes) return length
  throw new JarcastError(
    'FRAME_TOO_LARGE',
    `a message of ${length} bytes; is it the port of ZooKeeper?`,
  )
}
