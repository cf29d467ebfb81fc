/**
 * Receivers of the standard protocol: `createWebSocketReceiver` of `@statelyai/inspect`, on
 * `/receive`. They get the frames of all programs, after one frame for each actor that runs.
 */
import type { WebSocket } from 'ws'
import type { Frame } from '../protocol/frames.ts'

export interface Receivers {
  readonly count: number
  /** Serves a receiver of one app, or of all, until its socket closes. */
  serve(socket: WebSocket, app: string | undefined): void
  /** Frames of our own kinds are not sent: others do not know them. */
  send(app: string, frame: Frame): void
}

/** With more than this not yet read, a receiver loses frames. */
const maxUnreadBytes = 4 * 1024 * 1024

/** `actorsOf`: frames with the actors of an app, or of all apps, as they are now. */
export function createReceivers(
  actorsOf: (app: string | undefined) => Iterable<readonly [app: string, frame: Frame]>,
): Receivers {
  const receivers = new Map<WebSocket, string | undefined>()

  return {
    get count() {
      return receivers.size
    },
    serve(socket, app) {
      receivers.set(socket, app)
      for (const [from, frame] of actorsOf(app)) post(socket, textOf(from, frame))
      socket.on('message', () => undefined)
      socket.on('error', () => undefined)
      socket.on('close', () => receivers.delete(socket))
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
