import { EventEmitter } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import type { WebSocket } from 'ws'
import type { App } from '../../../src/inspector/protocol/questions.ts'
import { createAppTable } from '../../../src/inspector/server/app-table.ts'
import { serveWatcher } from '../../../src/inspector/server/watcher.ts'

/** A socket whose other end reads when the test says so. */
class SlowSocket extends EventEmitter {
  readonly OPEN = 1
  readonly readyState = 1
  bufferedAmount = 0
  isPaused = false
  #unread: (() => void)[] = []

  send(text: string, written: () => void): void {
    this.bufferedAmount += text.length
    this.#unread.push(written)
  }

  pause = () => (this.isPaused = true)
  resume = () => (this.isPaused = false)

  read(): void {
    this.bufferedAmount = 0
    for (const written of this.#unread.splice(0)) written()
  }
}

describe('serveWatcher', () => {
  it('reads no question while its answers are not read', async () => {
    const apps = createAppTable()
    const app = { info: () => ({ id: 'one' }), onChange: () => () => undefined }
    const rows = () => [{ label: 'x'.repeat(2 * 1024 * 1024) }]
    apps.add({ ...app, rows } as never as App)
    const socket = new SlowSocket()
    serveWatcher(socket as never as WebSocket, apps)
    const question = { id: 1, app: 'one', ask: 'rows', params: { from: 0, count: 1 } }
    socket.emit('message', Buffer.from(JSON.stringify(question)), false)
    await vi.waitFor(() => expect(socket.isPaused).toBe(true))
    socket.read()
    expect(socket.isPaused).toBe(false)
    socket.emit('close')
  })
})
