import { shorten } from './printable.ts'
import type { Terminal } from './terminal.ts'

export interface Bar {
  readonly label: string
  /** Without a total there is a figure and no bar. */
  readonly progress?: { readonly done: number; readonly total: number }
  readonly figure: string
}

const maxLabel = 34
const minLabel = 12
const figureRoom = 32
const wideColumns = 90

/** A progress bar in one line of at most `columns`. */
export function barLine(
  { label, progress, figure }: Bar,
  columns: number,
  { cyan }: Terminal['colours'],
): string {
  const width = columns < wideColumns ? 12 : 24
  const labelWidth = Math.max(minLabel, Math.min(maxLabel, columns - width - figureRoom))
  const head = ` ${shorten(label, labelWidth).padEnd(labelWidth)} `
  const rest = Math.max(1, columns - head.length - width - 1)
  return `${head}${cyan(blocks(progress, width))} ${shorten(figure, rest)}`
}

function blocks(progress: Bar['progress'], width: number): string {
  if (progress === undefined) return '░'.repeat(width)
  const { done, total } = progress
  const share = total <= 0 ? 1 : Math.min(1, Math.max(0, done / total))
  const full = Math.floor(share * width)
  return '█'.repeat(full) + '░'.repeat(width - full)
}
