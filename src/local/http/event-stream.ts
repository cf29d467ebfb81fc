/**
 * The server's end of one SUBSCRIBE stream: RecordIO frames over a chunked response.
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
  /** How long an event takes to arrive. Default no time. */
  readonly delayMs?: () => number
  /** Called once when the stream is over without `end` having been called. */
  readonly onDisconnect: () => void
}

export interface EventStream<Event> {
  send(event: Event): void
  /** Ends the stream; `onDisconnect` is not called for it. */
  end(): void
  /** Cuts the connection, as a reset does. */
  destroy(): void
  /** While it is cut, neither end notices anything of the other. */
  setCut(isCut: boolean): void
}

/**
 * A reader this far behind (64 MiB unsent) is cut off, so that it cannot fill the master's memory.
 */
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
