/**
 * Receivers of the standard protocol: `createWebSocketReceiver` of `@statelyai/inspect`, on
 * `/receive`. They get the frames of all programs and live runs, after one frame for each actor
 * there is, and those of journals from their start.
 */
import type { WebSocket } from 'ws'
import type { Frame } from '../protocol/frames.ts'
import type { AppTable } from './app-table.ts'

export interface Receivers {
  readonly count: number
  /** Serves a receiver of one app, or of all, until its socket closes. */
  serve(socket: WebSocket, app: string | undefined): void
  /** Frames of our own kinds are not sent: others do not know them. */
  send(app: string, frame: Frame): void
}

/** With more than this not yet read, a receiver loses frames; the next one tells how many. */
const maxUnreadBytes = 4 * 1024 * 1024
/** With more than this, a run waits for it. */
const maxWaitingBytes = 1024 * 1024

export function createReceivers(apps: AppTable): Receivers {
  const receivers = new Map<WebSocket, Receiver>()

  return {
    get count() {
      return receivers.size
    },
    serve(socket, app) {
      const receiver = { socket, app, lost: 0 }
      receivers.set(socket, receiver)
      for (const [from, frame] of apps.actorFrames(app)) post(receiver, textOf(from, frame))
      const end = followRuns(receiver, apps)
      socket.on('message', () => undefined)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        receivers.delete(socket)
        end()
      })
    },
    send(app, frame) {
      if (receivers.size === 0 || !frame.type.startsWith('@xstate.')) return
      const text = textOf(app, frame)
      for (const receiver of receivers.values()) {
        if (receiver.app === undefined || receiver.app === app) post(receiver, text, frame.lost)
      }
    },
  }
}

/** Runs are entries: their frames are made for each receiver, as fast as it reads. */
function followRuns(receiver: Receiver, apps: AppTable): () => void {
  const { socket, app: wanted } = receiver
  const followed = new Map<string, () => void>()

  function follow(id: string): void {
    if (wanted !== undefined && wanted !== id) return
    const frames = apps.get(id)?.frames
    const end = followed.get(id)
    if (frames === undefined) {
      end?.()
      followed.delete(id)
    } else if (end === undefined) {
      const hasRoom = () => socket.bufferedAmount < maxWaitingBytes
      const take = (frame: Frame) => post(receiver, textOf(id, frame))
      followed.set(id, frames({ hasRoom, take }))
    }
  }

  for (const { id } of apps.infos()) follow(id)
  const forget = apps.onChange(follow)
  return () => {
    forget()
    for (const end of followed.values()) end()
  }
}

interface Receiver {
  readonly socket: WebSocket
  readonly app: string | undefined
  /** Frames since the last one that was sent. */
  lost: number
}

/** `lostBefore`: frames that did not come here either. */
function post(receiver: Receiver, text: string, lostBefore = 0): void {
  const { socket, lost } = receiver
  if (socket.readyState !== socket.OPEN) return
  if (socket.bufferedAmount >= maxUnreadBytes) {
    receiver.lost += 1 + lostBefore
    return
  }
  // A frame is an object: its last brace ends it, and of two members the last one counts.
  socket.send(lost === 0 ? text : `${text.slice(0, -1)},"lost":${lost + lostBefore}}`)
  receiver.lost = 0
}

/** Sessions are numbered from 0 in each program: here they begin with the app. */
function textOf(app: string, frame: Frame): string {
  const { sessionId, rootId } = frame
  const of = (id: string): string => `${app}/${id}`
  return JSON.stringify({
    ...frame,
    sessionId: of(sessionId),
    rootId: of(rootId),
    ...('parentId' in frame && { parentId: of(frame.parentId) }),
    ...('sourceId' in frame && { sourceId: of(frame.sourceId) }),
  })
}
