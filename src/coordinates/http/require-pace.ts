/** Ends requests whose response is too slow to finish in any useful time. */
import type { ClientRequest, IncomingMessage } from 'node:http'

const minBytesPerSecond = 256
const usualWindowMs = 15_000
/** This process may cause one slow window itself, when it is busy or suspended. */
const maxSlowWindows = 2

/**
 * Ends the request with an error when its response has begun, then brings less than 256 bytes per
 * second in two consecutive windows of `windowMs` (default 15,000). Does not count time before the
 * response, or time in which the caller does not read. Call it before the request has a socket.
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
      // Without an error of its own, the response would report "aborted".
      answer?.destroy(error)
      request.destroy(error)
    }, windowMs)
    timer.unref()
    request.once('close', () => clearInterval(timer))
  })
}
