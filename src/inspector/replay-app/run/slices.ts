/** Work in slices, between which the process does other things. */

export interface Pace {
  /** Longest time of work without a pause. */
  readonly sliceMs: number
  readonly pauseMs: number
}

/** For a process that does little else. */
const quick: Pace = { sliceMs: 12, pauseMs: 0 }

export interface Slices {
  /** Continues the work, if it is paused. */
  start(): void
  close(): void
  readonly isClosed: boolean
}

/** `work` runs until `isLate` returns true, and returns whether there is more. */
export function createSlices(
  work: (isLate: () => boolean) => boolean,
  { sliceMs, pauseMs }: Pace = quick,
): Slices {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isClosed = false

  function run(): void {
    timer = undefined
    const stopAt = performance.now() + sliceMs
    const hasMore = work(() => performance.now() >= stopAt)
    if (hasMore) start()
  }

  function start(): void {
    if (!isClosed) timer ??= setTimeout(run, pauseMs)
  }

  return {
    start,
    close() {
      isClosed = true
      clearTimeout(timer)
    },
    get isClosed() {
      return isClosed
    },
  }
}
