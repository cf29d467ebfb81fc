/** The commands of a cluster in a terminal that is shared with a shell: Ctrl-Z, `bg`, `fg`, and a start with `&`. */
import { isatty } from 'node:tty'
import type { ClusterControl } from '../local/control/control.ts'
import { isInForeground } from './foreground.ts'
import { startRepl, type Repl } from './local-repl.ts'

export interface TerminalReplOptions {
  readonly control: ClusterControl
  readonly onExit: () => void
}

/** Nobody tells a process that it has come to the foreground while it ran. */
const LOOK_MS = 300
/** Longer than a signal to oneself takes. */
const STOP_MS = 100

/** True where people can type. Asking `process.stdin` would open the terminal. */
export function hasTerminal(): boolean {
  return isatty(0) && isatty(1)
}

/** Prompts while this process is in the foreground; in the background it leaves the terminal alone. */
export function startTerminalRepl({ control, onExit }: TerminalReplOptions): {
  close(): void
} {
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
      repl = startRepl({ control, input, output, onExit, onSuspend: suspend })
      return
    }
    // The shell had it in between: what Node believes of its mode need not be so.
    process.stdin.setRawMode(false)
    process.stdin.setRawMode(true)
    repl.resume()
  }

  /** As the terminal does it where it is not raw: the whole group stops, such as npx with its child. */
  function suspend(): void {
    repl?.pause()
    isReading = false
    process.stdin.setRawMode(false)
    process.kill(0, 'SIGTSTP')
    timer = setTimeout(look, STOP_MS)
  }

  process.on('SIGCONT', look)
  look()
  return {
    close() {
      process.off('SIGCONT', look)
      clearTimeout(timer)
      // It changes the mode of the terminal, which stops a process in the background; Node does so at the exit, safely.
      if (isInForeground()) repl?.close()
    },
  }
}
