/** Programs that send frames: one app for each connection, kept for a while after its end. */
import type { WebSocket } from 'ws'
import type { FrameCharts } from '../frame-app/frame-scene.ts'
import { openFrameApp } from '../frame-app/open-frame-app.ts'
import type { AppTable } from './app-table.ts'
import type { Receivers } from './receivers.ts'

export interface Programs {
  /** Reads frames until the socket closes. */
  serve(socket: WebSocket): void
}

export interface ProgramOptions {
  readonly apps: AppTable
  readonly charts: FrameCharts
  readonly receivers: Receivers
}

/** Apps of programs that have ended. */
const maxEnded = 16
const maxChars = 16e6
/** Time to read frames of all programs in each window: the rest is for other work. */
const windowMs = 100
const budgetMs = 40

export function createPrograms({ apps, charts, receivers }: ProgramOptions): Programs {
  const ended: (() => void)[] = []
  const paused = new Set<WebSocket>()
  let count = 0
  let spentMs = 0
  let timer: NodeJS.Timeout | undefined

  function spend(socket: WebSocket, ms: number): void {
    spentMs += ms
    timer ??= setTimeout(renew, windowMs).unref()
    if (spentMs < budgetMs || socket.readyState !== socket.OPEN) return
    socket.pause()
    paused.add(socket)
  }

  function renew(): void {
    timer = undefined
    spentMs = 0
    for (const socket of paused) socket.resume()
    paused.clear()
  }

  function serve(socket: WebSocket): void {
    count += 1
    const app = openFrameApp({ id: `program-${count}`, charts, limits: { maxChars } })
    let remove: (() => void) | undefined
    socket.on('message', (data, isBinary) => {
      if (isBinary) return socket.close(1003, 'frames are text')
      const began = performance.now()
      const frame = app.take((data as Buffer).toString())
      // A program that sends no frame is not listed.
      if (frame !== undefined) {
        remove ??= apps.add(app)
        receivers.send(app.info().id, frame)
      }
      spend(socket, performance.now() - began)
    })
    // A `close` event follows.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      paused.delete(socket)
      app.end()
      if (remove === undefined) return
      ended.push(remove)
      if (ended.length > maxEnded) ended.shift()?.()
    })
  }

  return { serve }
}
