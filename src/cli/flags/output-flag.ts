/** `--no-output`: whether what tasks write is shown. */
import type { Command } from 'commander'

export interface OutputFlag {
  /** False with `--no-output`. */
  readonly output: boolean
}

/** Adds the option to `command`. */
export function addOutputFlag(command: Command): Command {
  return command.optionsGroup('Options:').option('--no-output', 'do not show what tasks write')
}
