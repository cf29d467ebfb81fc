/** The columns of a replay, as wide as the terminal lets them be. */
import { printable, shorten } from '../output/printable.ts'

export interface ColumnOptions {
  /** Of the first column of times; default relative to the start. */
  readonly times?: 'relative' | 'wall clock'
  /** Of the terminal. Default: as many as the text has. */
  readonly columns?: number
}

/** Widths of number, time, actor, event, transition and effects, and of the blanks between them. */
export interface RowWidths {
  readonly cells: readonly number[]
  readonly gap: number
}

const wide = { seq: 7, time: 11, wallClock: 24, actor: 23, event: 40, transition: 48 }
/** With fewer columns, everything is cut; with more, only the event. */
const wideColumns = 150
/** With fewer, times have no date, and one blank is between columns. */
const narrowColumns = 100
const narrow = { seq: 5, time: 9, wallClock: 13 }
/** Of what the number and the time leave. */
const shares = { actor: 0.18, event: 0.3, transition: 0.34 }

export function widthsFor({ columns = Infinity, times }: ColumnOptions): RowWidths {
  const isWallClock = times === 'wall clock'
  if (columns >= wideColumns) {
    const { seq, time, wallClock, actor, event, transition } = wide
    const cells = [seq, isWallClock ? wallClock : time, actor, event, transition, Infinity]
    return { cells, gap: 2 }
  }
  const isNarrow = columns < narrowColumns
  const { seq, time, wallClock } = isNarrow ? narrow : wide
  const gap = isNarrow ? 1 : 2
  const ends = [seq, isWallClock ? wallClock : time]
  const room = Math.max(20, columns - ends.reduce((sum, width) => sum + width, 5 * gap))
  const [actor, event, transition] = [shares.actor, shares.event, shares.transition].map((share) =>
    Math.floor(room * share),
  ) as [number, number, number]
  return { cells: [...ends, actor, event, transition, room - actor - event - transition], gap }
}

/** One row; number and time stand at the right of their columns. */
export function rowText(cells: readonly string[], { cells: widths, gap }: RowWidths): string {
  const isWide = widths.at(-1) === Infinity
  const line = cells.map((cell, index) => {
    const width = widths[index] ?? 0
    if (index < 2) return timeIn(cell, width).padStart(width)
    const isCut = !isWide || index === 3
    const text = isCut ? shorten(cell, width) : cell
    return Number.isFinite(width) ? text.padEnd(width) : text
  })
  return printable(line.join(' '.repeat(gap))).trimEnd()
}

/** Where the date has no room, the time of the day stays. */
function timeIn(cell: string, width: number): string {
  return cell.length <= width ? cell : cell.replace(/^\d{4}-\d\d-\d\dT/, '')
}
