/** A progress bar per library that is staged, or downloaded by an agent. */
import type { Bar } from '../../output/bar.ts'
import { formatBytes, formatElapsed } from '../../output/printable.ts'
import { createRate } from '../../output/rate.ts'
import type { Rate } from '../../output/rate.ts'

export interface LibraryProgress {
  readonly label: string
  readonly doneBytes: number
  readonly sizeBytes: number
  /** Ms since the epoch. */
  readonly at: number
  /** Follows the size, such as `cached`. */
  readonly note?: string | undefined
}

interface Row extends LibraryProgress {
  readonly rate: Rate
}

/** Rows that are kept to be shown: downloads end, and others begin. */
const maxRows = 1000

export class LibraryBars {
  readonly #rows = new Map<string, Row>()

  /** `key` tells bars apart: several agents of one host share their label. */
  show(key: string, progress: LibraryProgress): void {
    const rate = this.#rows.get(key)?.rate ?? createRate()
    rate.add(progress.doneBytes, progress.at)
    this.#rows.set(key, { ...progress, rate })
    if (this.#rows.size > maxRows) this.#dropOne()
  }

  /** Puts a bar back to its start. */
  restart(key: string): void {
    const row = this.#rows.get(key)
    if (row !== undefined) this.#rows.set(key, { ...row, doneBytes: 0, rate: createRate() })
  }

  /** At most `limit`: those under way first. */
  bars(limit: number): readonly Bar[] {
    const rows = [...this.#rows.values()]
    const active = rows.filter((row) => !isDone(row))
    const ended = rows.filter(isDone)
    return [...active.slice(0, limit), ...ended.slice(active.length - limit)]
      .slice(0, limit)
      .map(toBar)
  }

  #dropOne(): void {
    const [oldest] = this.#rows.keys()
    const [done = oldest] = [...this.#rows].find(([, row]) => isDone(row)) ?? []
    if (done !== undefined) this.#rows.delete(done)
  }
}

function isDone({ doneBytes, sizeBytes }: LibraryProgress): boolean {
  return doneBytes >= sizeBytes
}

function toBar(row: Row): Bar {
  const { label, doneBytes: done, sizeBytes: total } = row
  return { label, progress: { done, total }, figure: figureOf(row) }
}

/** `14.0 MB, 5.2 MB/s, 2 s left`. */
function figureOf(row: Row): string {
  const { sizeBytes, doneBytes, rate, note } = row
  const parts = [formatBytes(sizeBytes)]
  const speed = rate.perSecond
  if (!isDone(row) && speed !== undefined && speed > 0) {
    const leftMs = ((sizeBytes - doneBytes) / speed) * 1000
    parts.push(`${formatBytes(Math.round(speed))}/s`, `${formatElapsed(leftMs)} left`)
  }
  return [...parts, ...(note === undefined ? [] : [note])].join(', ')
}
