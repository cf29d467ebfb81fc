/** Cuts off clients that read too slowly. */
import { PaceWatch } from './pace-watch.ts'

export interface SlowClients {
  /** Measures the reader of a body. `cut` ends its connection. */
  watch(cut: () => void): PaceWatch
  /** Ends the measurement; false if it had ended before. */
  forget(watch: PaceWatch): boolean
  /** Checks all clients now. */
  check(): void
  /** True: checks all clients once a second. False: stops. */
  setChecking(isChecking: boolean): void
}

const checkMs = 1000

/** Clients must read `minBytesPerSecond` while bytes are offered to them. */
export function createSlowClients(minBytesPerSecond: number): SlowClients {
  const watches = new Map<PaceWatch, () => void>()
  let timer: NodeJS.Timeout | undefined

  function check(): void {
    const nowMs = performance.now()
    for (const [watch, cut] of watches) if (watch.isSlow(nowMs)) cut()
  }

  return {
    watch(cut) {
      const watch = new PaceWatch(minBytesPerSecond)
      watches.set(watch, cut)
      return watch
    },
    forget: (watch) => watches.delete(watch),
    check,
    setChecking(isChecking) {
      if (isChecking) {
        timer ??= setInterval(check, checkMs).unref()
        return
      }
      clearInterval(timer)
      timer = undefined
    },
  }
}
