/** Lines of a terminal that change in place, below those that stay. */
import { createLogUpdate } from 'log-update'
import type { Terminal } from './terminal.ts'

export interface LiveLines {
  /** Draws the lines soon, at most ten times a second. */
  changed(): void
  /** Prints a line that stays, above the others. */
  print(text: string): void
  /** The same; resolves once it is written, for a program that prints much. */
  write(text: string): Promise<void>
  /** Leaves the lines as they are and shows the cursor again. */
  close(): void
}

/** The space for the lines, in characters. */
export interface Space {
  readonly columns: number
  readonly rows: number
}

const frameMs = 100
/** Elapsed times change while nothing else does. */
const tickMs = 1000
const hideCursor = '\u001b[?25l'
const showCursor = '\u001b[?25h'

/** Shows what `linesIn` returns, once there are lines, until it is closed. */
export function openLiveLines(
  terminal: Terminal,
  linesIn: (space: Space) => readonly string[],
): LiveLines {
  const { stream } = terminal
  // The cursor is hidden here: log-update would listen to signals to show it again.
  const update = createLogUpdate(stream as NodeJS.WriteStream, { showCursor: true })
  let printed: string[] = []
  let written: (() => void)[] = []
  let isShown = false
  let isOpen = true
  let frame: NodeJS.Timeout | undefined
  const tick = setInterval(changed, tickMs)
  tick.unref()
  process.once('exit', close)

  function changed(): void {
    if (!isOpen || frame !== undefined) return
    frame = setTimeout(draw, frameMs)
    frame.unref()
  }

  function draw(): void {
    clearTimeout(frame)
    frame = undefined
    const lines = linesIn({ columns: terminal.columns, rows: terminal.rows })
    if (printed.length > 0) {
      if (isShown) update.clear()
      const waiting = written
      stream.write(printed.map((text) => `${text}\n`).join(''), () => {
        for (const done of waiting) done()
      })
      printed = []
      written = []
    }
    if (lines.length === 0) return
    if (!isShown) stream.write(hideCursor)
    isShown = true
    update(lines.join('\n'))
  }

  function close(): void {
    if (!isOpen) return
    draw()
    isOpen = false
    clearInterval(tick)
    process.off('exit', close)
    if (!isShown) return
    update.done()
    stream.write(showCursor)
  }

  function print(text: string): void {
    if (!isOpen) {
      terminal.print(text)
      return
    }
    printed.push(text)
    changed()
  }

  return {
    changed,
    print,
    write(text) {
      return new Promise((done) => {
        print(text)
        if (isOpen) written.push(done)
        // The callback comes after what was written before.
        else stream.write('', () => done())
      })
    },
    close,
  }
}
