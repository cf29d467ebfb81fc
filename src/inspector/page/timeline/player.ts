import { signal, type Signal, type ReadonlySignal } from '@preact/signals'
import type { Page } from '../state/page.ts'

export interface Player {
  readonly isPlaying: ReadonlySignal<boolean>
  /** Seconds of the run in a second. */
  readonly speed: Signal<number>
  readonly toggle: () => void
  /** To the next of `speeds`, faster (1) or slower (-1). */
  readonly change: (direction: 1 | -1) => void
}

export const speeds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] as const

/** Idle time longer than this is skipped: ms of the reader's time. */
const maxIdleMs = 800
const idleShownMs = 250

/** Plays a run at its own pace. `frame` resolves with the reader's time, in ms, a few times a second. */
export function createPlayer(page: Page, frame: () => Promise<number>): Player {
  const isPlaying = signal(false)
  const speed = signal<number>(10)

  async function play(): Promise<void> {
    isPlaying.value = true
    try {
      if (isAtEnd()) page.go(page.app.value?.firstSeq ?? 0)
      await run()
    } catch {
      // The connection or the app is gone; the page says so.
    }
    isPlaying.value = false
  }

  async function run(): Promise<void> {
    let seq = page.seq.value
    let time = await timeOf(seq)
    let before = await frame()
    while (isPlaying.value && !isAtEnd()) {
      const now = await frame()
      time += (now - before) * speed.value
      before = now
      const next = await timeOf(page.seq.value + 1)
      if (page.seq.value !== seq) {
        // The reader went elsewhere: on from there.
        seq = page.seq.value
        time = await timeOf(seq)
      } else if (time < next) {
        const idle = (next - time) / speed.value
        if (idle > maxIdleMs) time = next - idleShownMs * speed.value
      } else {
        const { seq: reached } = await page.askApp('at', { now: Math.floor(time) })
        if (!isPlaying.value || page.seq.value !== seq) continue
        page.go(Math.max(seq + 1, reached))
        seq = page.seq.value
      }
    }
  }

  async function timeOf(seq: number): Promise<number> {
    const [row] = await page.askApp('rows', { from: seq, count: 1 })
    return row?.now ?? Number.POSITIVE_INFINITY
  }

  function isAtEnd(): boolean {
    return page.seq.value >= (page.app.value?.lastSeq ?? 0)
  }

  return {
    isPlaying,
    speed,
    toggle: () => {
      if (isPlaying.value) isPlaying.value = false
      else void play()
    },
    change: (direction) => {
      const at = speeds.findIndex((each) => each >= speed.value)
      speed.value = speeds[Math.max(0, Math.min(at + direction, speeds.length - 1))] ?? 1
    },
  }
}
