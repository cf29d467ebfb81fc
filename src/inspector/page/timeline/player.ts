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

/**
 * Plays a run at its own pace. `frame` resolves when the page is drawn next, with the reader's time
 * in ms.
 */
export function createPlayer(page: Page, frame: () => Promise<number>): Player {
  const isPlaying = signal(false)
  const speed = signal<number>(10)
  /** Times that playing began: only the latest goes on. */
  let played = 0

  async function play(): Promise<void> {
    played += 1
    const own = played
    const isOn = () => isPlaying.value && own === played
    isPlaying.value = true
    try {
      if (isAtEnd()) page.go(page.app.value?.firstSeq ?? 0)
      await run(isOn)
    } catch {
      // The connection or the app is gone; the page says so.
    }
    if (isOn()) isPlaying.value = false
  }

  async function run(isOn: () => boolean): Promise<void> {
    let place = await placeOf(page.seq.value)
    let time = place.now
    let before = await frame()
    while (isOn() && !isAtEnd()) {
      const now = await frame()
      time += (now - before) * speed.value
      before = now
      if (page.seq.value !== place.seq || place.next === undefined) {
        // The reader went elsewhere, or the next entry had not been read: on from here.
        place = await placeOf(page.seq.value)
        time = place.now
      } else if (time < place.next) {
        const idle = (place.next - time) / speed.value
        if (idle > maxIdleMs) time = place.next - idleShownMs * speed.value
      } else {
        const { seq: reached } = await page.askApp('at', { now: Math.floor(time) })
        if (!isOn() || page.seq.value !== place.seq) continue
        page.go(Math.max(place.seq + 1, reached))
        place = await placeOf(page.seq.value)
      }
    }
  }

  /** The times of an entry and of the one after it, if they are known. */
  async function placeOf(seq: number) {
    const [row, next] = await page.askApp('rows', { from: seq, count: 2 })
    return { seq, now: row?.now ?? 0, next: next?.now }
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
