/** A progress bar per library that is staged, or downloaded by an agent. */
import type { MultiBar, SingleBar } from 'cli-progress'
import { padLabel } from '../output/multi-bar.ts'
import { formatBytes } from '../output/printable.ts'

export interface LibraryProgress {
  readonly doneBytes: number
  readonly sizeBytes: number
  /** Follows the size, such as `, cached`. */
  readonly note?: string
}

export interface LibraryBars {
  /** `key` tells bars apart: several agents of one host share their label. */
  show(key: string, label: string, progress: LibraryProgress): void
  /** Puts a bar back to its start. */
  restart(key: string): void
}

/** Many agents with many libraries would fill more than a screen. */
const maxBars = 12

/** Makes each bar when there is something to show, at most 12. */
export function createLibraryBars(bars: MultiBar): LibraryBars {
  const byKey = new Map<string, SingleBar>()
  return {
    show(key, label, { doneBytes, sizeBytes, note = '' }) {
      const total = Math.max(1, sizeBytes)
      const value = sizeBytes === 0 ? total : doneBytes
      const payload = { label: padLabel(label), figure: `${formatBytes(sizeBytes)}${note}` }
      const bar = byKey.get(key)
      if (bar !== undefined) {
        bar.setTotal(total)
        bar.update(value, payload)
      } else if (byKey.size < maxBars) {
        byKey.set(key, bars.create(total, value, payload))
      }
    },
    restart: (key) => byKey.get(key)?.update(0),
  }
}
