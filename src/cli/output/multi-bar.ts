/** Bars of a terminal, and lines above them. */
import { MultiBar } from 'cli-progress'
import { printable, shorten } from './printable.ts'
import type { Terminal } from './terminal.ts'

const labelWidth = 34
/** What was on the line before may be longer. */
const clearLine = '\u001b[2K'

/** No bar yet. Each one made has a `label` (see `padLabel`) and a `figure`. */
export function openBars({ stream, colours }: Terminal): MultiBar {
  return new MultiBar({
    stream,
    format: ` {label} ${colours.cyan('{bar}')} {figure}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    linewrap: false,
    emptyOnZero: true,
    // Else lines printed above move away the bars that have not changed.
    forceRedraw: true,
    // The signals are handled in one place, which stops the framework first.
    gracefulExit: false,
  })
}

/** Prints a line above the bars. */
export function printAbove(bars: MultiBar, terminal: Terminal, text: string): void {
  if (bars.isActive) bars.log(`${clearLine}${text}\n`)
  else terminal.print(text)
}

/** Leaves the bars as they are and gives the cursor back. */
export function closeBars(bars: MultiBar): void {
  // Lines that wait are only written by an update.
  if (bars.isActive) bars.update()
  if (bars.isActive) bars.stop()
}

/** All bars begin in the same column. */
export function padLabel(label: string): string {
  return shorten(printable(label), labelWidth).padEnd(labelWidth)
}
