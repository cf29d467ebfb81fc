/** Frames for an inspector in another process, over a WebSocket that is dialled until it is there. */
import { connect, isIP } from 'node:net'
import type { Socket, TcpSocketConnectOpts } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { WebSocket } from 'ws'
import type { ClientOptions } from 'ws'
import type { FrameReader } from './program-watch.ts'

export interface ElsewhereOptions {
  readonly url: string
  readonly token: string | undefined
  /** Called once it is connected, and when that is over. */
  readonly onChange: (isConnected: boolean) => void
}

/** With more than this not yet sent, there is no room for frames. */
const maxUnsentBytes = 8 * 1024 * 1024
const firstWaitMs = 500
const maxWaitMs = 10_000
const handshakeTimeout = 5000

export function sendElsewhere({
  url,
  token,
  onChange,
}: ElsewhereOptions): FrameReader & { close(): void } {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  let socket: WebSocket
  let waitMs = firstWaitMs
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  /** Frames that were lost since the last one that was sent. */
  let lost = 0

  function dial(): void {
    const options = { headers, handshakeTimeout, createConnection: openUnref }
    const opened = new WebSocket(url, options as ClientOptions)
    socket = opened
    opened.on('open', () => {
      waitMs = firstWaitMs
      lost = 0
      onChange(true)
    })
    // The close that follows says all.
    opened.on('error', () => undefined)
    opened.on('message', () => undefined)
    opened.on('close', () => {
      onChange(false)
      if (isClosed) return
      timer = setTimeout(dial, waitMs).unref()
      waitMs = Math.min(waitMs * 2, maxWaitMs)
    })
  }

  dial()
  return {
    hasRoom: () => socket.bufferedAmount <= maxUnsentBytes,
    take(frame) {
      if (socket.readyState !== socket.OPEN) return
      socket.send(JSON.stringify(lost === 0 ? frame : { ...frame, lost }))
      lost = 0
    },
    noteLost(count) {
      lost += count
    },
    close() {
      isClosed = true
      clearTimeout(timer)
      socket.close()
    },
  }

  /** The program ends while it dials, or is connected, as if nobody watched. */
  function openUnref({ path: _, ...options }: TcpSocketConnectOpts & { path: string }): Socket {
    const { host = '' } = options
    const servername = isIP(host) === 0 ? host : ''
    const opened = url.startsWith('wss:')
      ? connectTls({ ...options, servername })
      : connect(options)
    return opened.unref()
  }
}
