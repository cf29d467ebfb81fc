/**
 * The server's end of one SUBSCRIBE stream: RecordIO frames over a chunked response.
 * Source: apache/mesos docs/recordio.md; src/common/http.hpp (StreamingHttpConnection).
 */
import type { ServerResponse } from 'node:http'
import { encodeRecord } from '../mesos/recordio.ts'

export interface EventStreamOptions<Event> {
  readonly response: ServerResponse
  readonly encode: (event: Event) => Uint8Array
  readonly contentType: string
  readonly headers?: Readonly<Record<string, string>>
  /** Called once when the stream is over without `end` having been called. */
  readonly onDisconnect: () => void
}

export interface EventStream<Event> {
  send(event: Event): void
  /** Ends the stream; `onDisconnect` is not called for it. */
  end(): void
}

/** A reader this far behind (64 MiB unsent) is cut off, so that it cannot fill the master's memory. */
const MAX_UNSENT_BYTES = 64 * 1024 * 1024

/** Answers 200 and keeps the response open for events. */
export function openEventStream<Event>(options: EventStreamOptions<Event>): EventStream<Event> {
  const { response } = options
  let isOpen = true
  response.writeHead(200, { ...options.headers, 'Content-Type': options.contentType })
  response.flushHeaders()
  response.socket?.setNoDelay(true)
  response.on('error', () => response.destroy())
  response.on('close', () => {
    if (!isOpen) return
    isOpen = false
    options.onDisconnect()
  })
  return {
    send(event) {
      if (!isOpen) return
      response.write(encodeRecord(options.encode(event)))
      if (response.writableLength > MAX_UNSENT_BYTES) response.destroy()
    },
    end() {
      if (!isOpen) return
      isOpen = false
      response.end()
    },
  }
}
