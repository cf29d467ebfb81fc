/**
 * The server's side of a SUBSCRIBE stream: RecordIO over a chunked response.
 * Source: apache/mesos docs/recordio.md; src/common/http.hpp (StreamingHttpConnection).
 */
import type { ServerResponse } from 'node:http'
import { encodeRecord } from '../../mesos/recordio.ts'
import { createMessagePipe } from '../network/message-pipe.ts'

export interface EventStreamOptions<Event> {
  readonly response: ServerResponse
  readonly encode: (event: Event) => Uint8Array
  readonly contentType: string
  readonly headers?: Readonly<Record<string, string>>
  /** Delay of an event. Default none. */
  readonly delayMs?: () => number
  /** Called once when the stream ends without `end`. */
  readonly onDisconnect: () => void
}

export interface EventStream<Event> {
  send(event: Event): void
  /** Ends the stream, without `onDisconnect`. */
  end(): void
  /** Resets the connection. */
  destroy(): void
  /** While cut, neither side notices the other. */
  setCut(isCut: boolean): void
}

/** A reader with 64 MiB unsent is disconnected, so that it cannot fill the memory. */
const maxUnsentBytes = 64 * 1024 * 1024

/** Answers 200 and keeps the response open for events. */
export function openEventStream<Event>(options: EventStreamOptions<Event>): EventStream<Event> {
  const { response } = options
  let isOpen = true
  let isCut = false
  let isLost = false
  const pipe = createMessagePipe({
    delayMs: options.delayMs ?? (() => 0),
    onOverflow: () => response.destroy(),
  })
  response.writeHead(200, { ...options.headers, 'Content-Type': options.contentType })
  response.flushHeaders()
  response.socket?.setNoDelay(true)
  response.on('error', () => response.destroy())
  response.on('close', () => {
    isLost = true
    noticeLoss()
  })

  function noticeLoss(): void {
    if (!isLost || !isOpen || isCut) return
    isOpen = false
    pipe.close()
    options.onDisconnect()
  }

  return {
    send(event) {
      if (!isOpen) return
      const record = encodeRecord(options.encode(event))
      pipe.send(() => {
        response.write(record)
        if (response.writableLength > maxUnsentBytes) response.destroy()
      })
    },
    end() {
      if (!isOpen) return
      isOpen = false
      pipe.send(() => response.end())
    },
    destroy: () => response.destroy(),
    setCut(next) {
      isCut = next
      pipe.setCut(next)
      noticeLoss()
    },
  }
}
