import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import type { SnapshotFrame } from '../../../src/inspector/protocol/frames.ts'
import { createAppTable } from '../../../src/inspector/server/app-table.ts'
import { createReceivers } from '../../../src/inspector/server/receivers.ts'

class Socket extends EventEmitter {
  readonly OPEN = 1
  readonly readyState = 1
  bufferedAmount = 0
  readonly frames: SnapshotFrame[] = []

  send(text: string): void {
    this.frames.push(JSON.parse(text) as SnapshotFrame)
  }
}

const frame = {
  type: '@xstate.snapshot',
  _version: '0.7.2',
  createdAt: '0',
  id: null,
  rootId: 'x:0',
  sessionId: 'x:0',
  event: { type: 'go' },
  snapshot: {},
} as never as SnapshotFrame

function serve(app?: string) {
  const receivers = createReceivers(createAppTable())
  const socket = new Socket()
  receivers.serve(socket as never as WebSocket, app)
  return { receivers, socket }
}

describe('createReceivers', () => {
  it('sends the frames of the app that a receiver wants', () => {
    const { receivers, socket } = serve('a')
    receivers.send('a', frame)
    receivers.send('b', frame)
    expect(socket.frames).toEqual([{ ...frame, rootId: 'a/x:0', sessionId: 'a/x:0' }])
  })

  it('tells a receiver that reads too slowly how many frames it lost', () => {
    const { receivers, socket } = serve()
    socket.bufferedAmount = 64 * 1024 * 1024
    for (let count = 0; count < 3; count += 1) receivers.send('a', frame)
    // The program had lost some itself.
    receivers.send('a', { ...frame, lost: 2 })
    expect(socket.frames).toEqual([])
    socket.bufferedAmount = 0
    receivers.send('a', { ...frame, lost: 1 })
    receivers.send('a', frame)
    expect(socket.frames.map(({ lost }) => lost)).toEqual([7, undefined])
  })

  it('forgets a receiver that is gone', () => {
    const { receivers, socket } = serve()
    socket.emit('close')
    receivers.send('a', frame)
    expect(receivers.count).toBe(0)
    expect(socket.frames).toEqual([])
  })
})
