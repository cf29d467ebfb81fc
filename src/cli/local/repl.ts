/** Reads commands for a cluster from a terminal, such as `kill agent-1`. */
import { createInterface } from 'node:readline'
import { JarcastError } from '../../errors.ts'
import {
  controlCommands,
  runLine,
  targetsOf,
  usageOf,
  type ControlCommand,
} from '../../local/control/control-commands.ts'
import type { ClusterControl } from '../../local/control/cluster-control.ts'
import { describeOutcome } from './control-text.ts'

export interface ReplOptions {
  readonly control: ClusterControl
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
  /** Called on `exit`, on Ctrl-C, and when the input ends or fails. */
  readonly onExit: () => void
  /** Called on Ctrl-Z. Default: stops the process. */
  readonly onSuspend?: () => void
  /**
   * True for a terminal without cursor movement. The system edits its lines and turns Ctrl-C and
   * Ctrl-Z into signals; Node's own editing would ignore Ctrl-Z. Default false.
   */
  readonly isDumb?: boolean
}

export interface Repl {
  /** Stops reading and prompting until `resume`. */
  pause(): void
  resume(): void
  close(): void
}

const OWN_WORDS = [
  ['status', 'show masters, agents, frameworks and the network'],
  ['help', 'show this'],
  ['exit', 'end the cluster, and every executor'],
] as const

/** Prompts until it is closed. Prints results and errors of commands as text. */
export function startRepl(options: ReplOptions): Repl {
  const { control, input, isDumb = false, onExit, onSuspend, output } = options
  const repl = createInterface({
    input,
    output,
    prompt: 'jarcast> ',
    ...(isDumb && { terminal: false }),
    completer: (line: string) => completeLine(control, line),
  })
  let isPaused = false
  let isClosed = false
  const end = (): void => {
    if (!isClosed) onExit()
    isClosed = true
  }
  // A prompt would start reading again.
  const prompt = (): void => {
    if (!isPaused) repl.prompt(true)
  }
  // One after another: a command may depend on the result of the one before.
  let last = Promise.resolve()
  repl.on('line', (line) => {
    last = last.then(async () => {
      if (line.trim() === 'exit') return repl.close()
      const text = await performLine(control, line)
      if (text !== '') output.write(`${text}\n`)
      prompt()
    })
  })
  repl.on('SIGINT', () => repl.close())
  if (onSuspend !== undefined) repl.on('SIGTSTP', onSuspend)
  repl.on('close', end)
  // A lost terminal cannot be read.
  input.on('error', end)
  prompt()
  return {
    pause() {
      isPaused = true
      repl.pause()
    },
    resume() {
      isPaused = false
      prompt()
    },
    close() {
      isClosed = true
      repl.close()
    },
  }
}

/** Runs a command and returns its output; empty for an empty line. */
export async function performLine(control: ClusterControl, line: string): Promise<string> {
  const words = line.trim()
  if (words === '') return ''
  if (words === 'help') return helpText()
  try {
    return describeOutcome(await runLine(control, words))
  } catch (error) {
    if (error instanceof JarcastError || isSystemError(error)) return `error: ${error.message}`
    throw error
  }
}

/** Completes a line, in the form of `node:readline`: first verbs, then names that fit the verb. */
export function completeLine(control: ClusterControl, line: string): [string[], string] {
  const [verb = '', ...rest] = line.trimStart().split(/\s+/u)
  if (rest.length === 0) return [matching(verbs(), verb), verb]
  const targets = controlCommands
    .filter((command) => command.verb === verb)
    .flatMap(({ target }) => (target === undefined ? [] : targetsOf(control, target)))
  return rest.length === 1 ? [matching(targets, rest[0] ?? ''), rest[0] ?? ''] : [[], '']
}

function verbs(): string[] {
  return [
    ...new Set([...controlCommands.map(({ verb }) => verb), ...OWN_WORDS.map(([word]) => word)]),
  ]
}

function matching(words: readonly string[], start: string): string[] {
  return words.filter((word) => word.startsWith(start))
}

function helpText(): string {
  const rows = [
    ...controlCommands.map((command: ControlCommand) => [usageOf(command), command.summary]),
    ...OWN_WORDS,
  ]
  const width = Math.max(...rows.map(([usage = '']) => usage.length))
  return rows.map(([usage = '', summary]) => `  ${usage.padEnd(width)}  ${summary}`).join('\n')
}

/** True for an error such as a port that is in use. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}
