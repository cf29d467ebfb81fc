/**
 * The command prompt of a cluster in a terminal shared with a shell: Ctrl-Z, `bg`, `fg`, and a
 * start with `&`.
 */
import { isatty } from 'node:tty'
import type { ClusterControl } from '../../local/control/cluster-control.ts'
import { isInForeground } from './foreground.ts'
import { startRepl, type Repl } from './repl.ts'

export interface TerminalReplOptions {
  readonly control: ClusterControl
  readonly onExit: () => void
}

/** Interval of checks: a process gets no signal when it comes to the foreground. */
const LOOK_MS = 300
/** Longer than a signal to this process takes. */
const STOP_MS = 100

/** True if a person can type. `process.stdin` would open the terminal. */
export function hasTerminal(): boolean {
  return isatty(0) && isatty(1)
}

/** Prompts while this process is in the foreground; does not use the terminal in the background. */
export function startTerminalRepl({ control, onExit }: TerminalReplOptions): {
  close(): void
} {
  const isDumb = process.env['TERM'] === 'dumb'
  let repl: Repl | undefined
  let isReading = false
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    clearTimeout(timer)
    if (isInForeground()) return read()
    if (isReading) repl?.pause()
    isReading = false
    timer = setTimeout(look, LOOK_MS)
  }

  function read(): void {
    if (isReading) return
    isReading = true
    if (repl === undefined) {
      const { stdin: input, stdout: output } = process
      repl = startRepl({ control, input, output, isDumb, onExit, onSuspend: suspend })
      return
    }
    // The shell used the terminal meanwhile, so Node may have a wrong idea of its mode.
    process.stdin.setRawMode(false)
    process.stdin.setRawMode(!isDumb)
    repl.resume()
  }

  /** Stops the whole group, such as npx with its child, as a terminal does outside raw mode. */
  function suspend(): void {
    repl?.pause()
    isReading = false
    process.stdin.setRawMode(false)
    process.kill(0, 'SIGTSTP')
    timer = setTimeout(look, STOP_MS)
  }

  /**
   * Stops reading, then this process; the terminal stops the rest of the group. Without the pause,
   * input that arrives after `bg`, before SIGCONT is handled, would be read in the background: the
   * system stops a process for that.
   */
  function stopWithTerminal(): void {
    repl?.pause()
    isReading = false
    process.kill(process.pid, 'SIGSTOP')
    timer = setTimeout(look, STOP_MS)
  }

  process.on('SIGCONT', look)
  if (isDumb) process.on('SIGTSTP', stopWithTerminal)
  look()
  return {
    close() {
      process.off('SIGCONT', look)
      process.off('SIGTSTP', stopWithTerminal)
      clearTimeout(timer)
      // `close` changes the mode of the terminal, which would stop a background process; Node does
      // it safely at exit.
      if (isInForeground()) repl?.close()
    },
  }
}
