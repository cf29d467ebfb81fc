/** Cuts off clients that read too slowly, for as long as it is told to look. */
import { createPaceWatch } from './pace-watch.ts'
import type { PaceWatch } from './pace-watch.ts'

export interface SlowClients {
  /** Watches a body from now on. `cut` ends its connection. */
  watch(cut: () => void): PaceWatch
  /** Ends the watch; false if it had ended before. */
  forget(watch: PaceWatch): boolean
  /** Looks once a second, or no more. */
  setLooking(isLooking: boolean): void
}

const lookMs = 1000

/** Clients must read `minBytesPerSecond` while they are offered bytes. */
export function createSlowClients(minBytesPerSecond: number): SlowClients {
  const watches = new Map<PaceWatch, () => void>()
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    const nowMs = performance.now()
    for (const [watch, cut] of watches) if (watch.isSlow(nowMs)) cut()
  }

  return {
    watch(cut) {
      const watch = createPaceWatch(minBytesPerSecond, performance.now())
      watches.set(watch, cut)
      return watch
    },
    forget: (watch) => watches.delete(watch),
    setLooking(isLooking) {
      if (isLooking) {
        timer ??= setInterval(look, lookMs).unref()
        return
      }
      clearInterval(timer)
      timer = undefined
    },
  }
}
