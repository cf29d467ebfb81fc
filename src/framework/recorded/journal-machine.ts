import { configInvalid } from '../../errors.ts'
import { readJournal } from '../../journal/files/read-journal.ts'
import { findMachine } from '../../machines/known-machines.ts'
import type { KnownMachine } from '../../machines/known-machines.ts'

/**
 * The machine of a journal. Throws CONFIG_INVALID for a machine that is not jarcast's, and what
 * `readJournal` throws.
 */
export function machineOf(path: string): KnownMachine {
  const { machine } = readJournal(path).header
  const known = findMachine(machine)
  if (known !== undefined) return known
  const message = `${path} is the journal of a machine "${machine}", which jarcast does not have: --machine FILE of jarcast replay and inspect takes it from a module`
  throw configInvalid('journal', message)
}
