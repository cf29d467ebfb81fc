/** Ends requests whose answer comes so slowly that it would hold its reader for ever. */
import type { ClientRequest, IncomingMessage } from 'node:http'

const minBytesPerSecond = 256
const usualWindowMs = 15_000
/** One slow window may be this process's own: it was busy, or stopped. */
const maxSlowWindows = 2

/**
 * Ends the request with an error when its answer has begun, and brings less than 256 bytes a second
 * for two windows of `windowMs` (default 15,000) in turn. Time in which the caller does not read is
 * not counted, nor is silence before the answer. Call it before the request has a socket.
 */
export function requirePace(request: ClientRequest, windowMs = usualWindowMs): void {
  let answer: IncomingMessage | undefined
  request.once('response', (response) => (answer = response))
  request.once('socket', (socket) => {
    const startBytes = socket.bytesRead
    let seenBytes: number | undefined
    let slowWindows = 0
    const timer = setInterval(() => {
      const bytes = socket.bytesRead
      if (bytes === startBytes) return
      const isRead = answer === undefined || answer.readableLength < answer.readableHighWaterMark
      const isSlow =
        isRead &&
        seenBytes !== undefined &&
        bytes - seenBytes < (minBytesPerSecond * windowMs) / 1000
      seenBytes = bytes
      slowWindows = isSlow ? slowWindows + 1 : 0
      if (slowWindows < maxSlowWindows) return
      const error = new Error(`sends less than ${minBytesPerSecond} bytes per second`)
      // Without its own error, an answer would say that it was aborted.
      answer?.destroy(error)
      request.destroy(error)
    }, windowMs)
    timer.unref()
    request.once('close', () => clearInterval(timer))
  })
}
