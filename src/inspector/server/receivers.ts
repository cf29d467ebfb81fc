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

/** With more than this not yet read, a receiver loses frames. */
const maxUnreadBytes = 4 * 1024 * 1024
/** With more than this, a run waits for it. */
const maxWaitingBytes = 1024 * 1024

export function createReceivers(apps: AppTable): Receivers {
  const receivers = new Map<WebSocket, string | undefined>()

  return {
    get count() {
      return receivers.size
    },
    serve(socket, app) {
      receivers.set(socket, app)
      for (const [from, frame] of apps.actorFrames(app)) post(socket, textOf(from, frame))
      const end = followRuns(socket, apps, app)
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
      for (const [socket, wanted] of receivers) {
        if (wanted === undefined || wanted === app) post(socket, text)
      }
    },
  }
}

/** Runs are entries: their frames are made for each receiver, as fast as it reads. */
function followRuns(socket: WebSocket, apps: AppTable, wanted: string | undefined): () => void {
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
      const take = (frame: Frame) => post(socket, textOf(id, frame))
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

function post(socket: WebSocket, text: string): void {
  if (socket.readyState === socket.OPEN && socket.bufferedAmount < maxUnreadBytes) socket.send(text)
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
