/** Progress bars of a terminal, and lines above them. */
import { MultiBar } from 'cli-progress'
import { printable, shorten } from './printable.ts'
import type { Terminal } from './terminal.ts'

const labelWidth = 34
/** The line may still show a longer text. */
const clearLine = '\u001b[2K'

/** Starts without bars. Each bar needs a `label` (see `padLabel`) and a `figure`. */
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
    // Lines printed above would push away the bars that have not changed.
    forceRedraw: true,
    // Our own signal handlers stop the framework first.
    gracefulExit: false,
  })
}

/** Prints a line above the bars. */
export function printAbove(bars: MultiBar, terminal: Terminal, text: string): void {
  if (bars.isActive) bars.log(`${clearLine}${text}\n`)
  else terminal.print(text)
}

/** Leaves the bars as they are and shows the cursor again. */
export function closeBars(bars: MultiBar): void {
  // An update writes the lines that wait.
  if (bars.isActive) bars.update()
  if (bars.isActive) bars.stop()
}

/** Pads a label so that all bars start in the same column. */
export function padLabel(label: string): string {
  return shorten(printable(label), labelWidth).padEnd(labelWidth)
}
