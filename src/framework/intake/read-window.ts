/**
 * Limits how much of the master's stream is in progress: read, but not yet durable, applied and
 * answered. Above the limit the socket is not read, and TCP slows the master down.
 */
import type { ReadOn } from '../../client/http/read-body.ts'
import { createDeferred } from '../../deferred.ts'
import type { Deferred } from '../../deferred.ts'

/** Progress of a runtime, in entries. */
export interface Progress {
  readonly taken: number
  readonly applied: number
}

export interface ReadWindow {
  /** For the connection. */
  readonly readOn: ReadOn
  /** Calls back once all earlier entries are applied, possibly at once. */
  after(callback: () => void): void
  /** Counts a call that waits for its answer. */
  callBegan(): void
  callEnded(): void
  /** Call this after entries were applied. */
  settle(): void
}

/**
 * Reading pauses above these and continues below half of them. Large enough for group commit to
 * fill its writes.
 */
export const readBounds = { entries: 2048, bytes: 4 * 1024 * 1024, calls: 1024 }

interface Mark {
  /** Done once this number of entries is applied. */
  readonly upTo: number
  readonly bytes: number
  readonly callback?: () => void
}

export function createReadWindow(progress: () => Progress): ReadWindow {
  const marks: Mark[] = []
  let bytes = 0
  let calls = 0
  /** Resolves when reading continues; undefined while it does not pause. */
  let room: Deferred<void> | undefined

  function isWithin(part: number): boolean {
    const { taken, applied } = progress()
    return (
      taken - applied <= readBounds.entries * part &&
      bytes <= readBounds.bytes * part &&
      calls <= readBounds.calls * part
    )
  }

  function settle(): void {
    const { applied } = progress()
    const pending = marks.findIndex(({ upTo }) => upTo > applied)
    for (const mark of marks.splice(0, pending === -1 ? marks.length : pending)) {
      bytes -= mark.bytes
      mark.callback?.()
    }
    if (room === undefined || !isWithin(0.5)) return
    room.resolve()
    room = undefined
  }

  return {
    readOn(chunkBytes) {
      marks.push({ upTo: progress().taken, bytes: chunkBytes })
      bytes += chunkBytes
      settle()
      if (room === undefined && isWithin(1)) return undefined
      room ??= createDeferred()
      return room.promise
    },
    after(callback) {
      marks.push({ upTo: progress().taken, bytes: 0, callback })
      settle()
    },
    callBegan() {
      calls += 1
    },
    callEnded() {
      calls -= 1
      settle()
    },
    settle,
  }
}
