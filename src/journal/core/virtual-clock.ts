/**
 * A clock that moves only by `advanceTo` and `skipTo`. A step fires each timer that was set before
 * it once, by deadline, then in the order they were set. A timer that is set during the step counts
 * from its end and waits for the next step: a timer that sets itself again fires once per step, and
 * a step always ends.
 */
export interface VirtualClock {
  /** Milliseconds since the epoch, as of the last `advanceTo`. */
  now(): number
  setTimeout(callback: () => void, delayMs: number): number
  clearTimeout(id: unknown): void
  /** Time of the next timer; undefined while none is set. */
  nextDue(): number | undefined
  /** Moves to `nowMs` and fires the timers due until then. A time in the past changes nothing. */
  advanceTo(nowMs: number): void
  /** Moves to `nowMs`, and leaves the timers due until then to the next step. */
  skipTo(nowMs: number): void
  /** Removes all timers. */
  clear(): void
}

interface Timer {
  readonly id: number
  readonly due: number
  readonly callback: () => void
}

/** Creates a clock that shows `startMs`. */
export function createVirtualClock(startMs: number): VirtualClock {
  let now = startMs
  let lastId = 0
  // A cleared timer stays in the heap until it is at the top: most timers are cleared.
  const live = new Map<number, Timer>()
  const heap: Timer[] = []

  function next(): Timer | undefined {
    while (heap[0] !== undefined && !live.has(heap[0].id)) pop(heap)
    return heap[0]
  }

  /** A timer that is set while others fire is due at `now` at the earliest, and has a higher id. */
  function isDue(timer: Timer | undefined, newest: number): timer is Timer {
    return timer !== undefined && timer.due <= now && timer.id <= newest
  }

  return {
    now: () => now,
    setTimeout(callback, delayMs) {
      const timer = { id: ++lastId, due: now + Math.max(0, delayMs), callback }
      live.set(timer.id, timer)
      push(heap, timer)
      return timer.id
    },
    clearTimeout(id) {
      live.delete(Number(id))
    },
    nextDue: () => next()?.due,
    advanceTo(nowMs) {
      now = Math.max(now, nowMs)
      const newest = lastId
      for (let timer = next(); isDue(timer, newest); timer = next()) {
        live.delete(timer.id)
        timer.callback()
      }
    },
    skipTo(nowMs) {
      now = Math.max(now, nowMs)
    },
    clear() {
      live.clear()
    },
  }
}

function isBefore(one: Timer, other: Timer): boolean {
  return one.due < other.due || (one.due === other.due && one.id < other.id)
}

function push(heap: Timer[], timer: Timer): void {
  let at = heap.length
  while (at > 0) {
    const parent = (at - 1) >> 1
    const above = heap[parent]
    if (above === undefined || !isBefore(timer, above)) break
    heap[at] = above
    at = parent
  }
  heap[at] = timer
}

function pop(heap: Timer[]): void {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  let at = 0
  for (;;) {
    const child = smallerChild(heap, at)
    const below = child === undefined ? undefined : heap[child]
    if (child === undefined || below === undefined || !isBefore(below, last)) break
    heap[at] = below
    at = child
  }
  heap[at] = last
}

function smallerChild(heap: readonly Timer[], at: number): number | undefined {
  const left = heap[2 * at + 1]
  const right = heap[2 * at + 2]
  if (left === undefined) return undefined
  return right !== undefined && isBefore(right, left) ? 2 * at + 2 : 2 * at + 1
}
