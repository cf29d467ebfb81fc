import type { Command } from 'commander'
import { addCheckCommand } from './check-command.ts'
import { addCompactCommand } from './compact-command.ts'
import { addExportCommand } from './export-command.ts'
import { addRepairCommand } from './repair-command.ts'

const help = `
A journal is a folder of NDJSON files: a header, then one entry per line, each with a checksum.

Examples:
  $ jarcast journal check ./run-1
  $ jarcast journal compact ./run-1
  $ jarcast journal repair ./run-1
  $ jarcast journal export ./run-1 run-1.ndjson

Exit status: 0; 1 if the journal is damaged or cannot be written; 2 for wrong usage.`

/** Adds `jarcast journal check|compact|repair|export`. Calls `done` with the exit status. */
export function addJournalCommand(program: Command, done: (status: number) => void): void {
  const journal = program
    .command('journal')
    .summary('check, repair, compact or export a journal')
    .description('Checks, repairs, compacts and exports the journals that --journal writes.')
    .addHelpText('after', help)
  addCheckCommand(journal, done)
  addCompactCommand(journal, done)
  addRepairCommand(journal, done)
  addExportCommand(journal, done)
}
