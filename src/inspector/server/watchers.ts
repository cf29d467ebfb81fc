/** Counts the watchers: without any, nothing is computed for them. */
import type { WebSocket } from 'ws'

export interface Watchers {
  readonly count: number
  add(socket: WebSocket): void
  /** Calls the listener when the first one comes, and when the last one goes. */
  onChange(listener: (isWatched: boolean) => void): () => void
}

export function createWatchers(): Watchers {
  const listeners = new Set<(isWatched: boolean) => void>()
  let count = 0
  const change = (by: 1 | -1) => {
    count += by
    const isTurn = by === 1 ? count === 1 : count === 0
    if (isTurn) for (const listener of listeners) listener(count > 0)
  }
  return {
    get count() {
      return count
    },
    add(socket) {
      change(1)
      socket.once('close', () => change(-1))
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
