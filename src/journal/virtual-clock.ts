/**
 * A clock that moves only when it is told to. Each timer fires at its own deadline, ties in the order they were
 * set, so what a machine does never depends on how large the steps of time are.
 */
export interface VirtualClock {
  /** Milliseconds since the epoch, as of the last `advanceTo`. */
  now(): number
  setTimeout(callback: () => void, delayMs: number): number
  clearTimeout(id: unknown): void
  /** When the next timer is due; undefined while none is set. */
  nextDue(): number | undefined
  /** Fires everything due up to `nowMs`. A time in the past moves nothing: a wall clock set back is no event. */
  advanceTo(nowMs: number): void
  /** Forgets every timer. */
  clear(): void
}

interface Timer {
  readonly id: number
  readonly due: number
  readonly callback: () => void
}

/** A virtual clock that starts at `startMs`. */
export function createVirtualClock(startMs: number): VirtualClock {
  let now = startMs
  let lastId = 0
  // Cleared timers stay in the heap until they come to the top: clearing is far more frequent than firing.
  const live = new Map<number, Timer>()
  const heap: Timer[] = []

  function next(): Timer | undefined {
    while (heap[0] !== undefined && !live.has(heap[0].id)) pop(heap)
    return heap[0]
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
      for (let timer = next(); timer !== undefined && timer.due <= nowMs; timer = next()) {
        live.delete(timer.id)
        now = Math.max(now, timer.due)
        timer.callback()
      }
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
