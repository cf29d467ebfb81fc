/** What the commands below `jarcast journal` share. */
import type { Command } from 'commander'
import { jsonEvent } from '../output/json-event.ts'
import { openTerminal } from '../output/terminal.ts'

export interface JournalFlags {
  readonly json?: boolean
}

/** Adds `--json` and `--verbose`. */
export function withOutputFlags(command: Command): Command {
  return command
    .option('--json', 'print one JSON object and nothing else')
    .option('--verbose', 'show the stack of an error')
}

/** Prints `value` as JSON, the event of this name, or its text. */
export function printResult<Value extends object>(
  event: `journal.${string}`,
  value: Value,
  { json = false }: JournalFlags,
  toText: (value: Value) => string,
): void {
  openTerminal(process.stdout).print(json ? jsonEvent(event, value) : toText(value))
}

/** Undefined becomes no line. */
export function noteOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [`note: ${text}`]
}
