import type { Command } from 'commander'
import { defined } from '../../defined.ts'
import { compactJournal } from '../../journal/maintenance/compact-journal.ts'
import type { JournalCompaction } from '../../journal/maintenance/compact-journal.ts'
import { readJournal } from '../../journal/files/read-journal.ts'
import { fingerprintOf } from '../../journal/core/state-hash.ts'
import { findMachine } from '../../machines/known-machines.ts'
import { formatBytes } from '../output/printable.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { printResult, withOutputFlags } from './output.ts'
import type { JournalFlags } from './output.ts'

/** Adds `compact` to `journal`. Calls `done` with the exit status. */
export function addCompactCommand(journal: Command, done: (status: number) => void): void {
  withOutputFlags(journal.command('compact'))
    .description('Removes files whose entries are all in the newest snapshot, and unused results.')
    .addHelpText(
      'after',
      '\nThe run continues as before, but can no longer be replayed from its start.',
    )
    .argument('<journal>', 'folder of --journal, while no run uses it')
    .action(async (path: string, flags: JournalFlags) => {
      printResult(
        'journal.compact',
        await compactJournal(path, fingerprintFor(path)),
        flags,
        compactionText,
      )
      done(exitStatuses.ok)
    })
}

/** Only a snapshot that this version can start from may replace entries. */
function fingerprintFor(path: string): { readonly fingerprint?: string } {
  const known = findMachine(readJournal(path).header.machine)
  return defined({ fingerprint: known && fingerprintOf(known.machine) })
}

function compactionText({ snapshotSeq, dropped, firstSeq, lastSeq }: JournalCompaction): string {
  if (dropped.length === 0) {
    return snapshotSeq === undefined
      ? 'nothing to remove: there is no snapshot that this version can start from'
      : `nothing to remove: no file ends before snapshot ${snapshotSeq}`
  }
  const freed = formatBytes(dropped.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))
  const snapshot = snapshotSeq === undefined ? '' : `, with the snapshot after ${snapshotSeq}`
  return [
    ...dropped.map(({ file }) => `removed ${file}`),
    `freed ${freed}; entries ${firstSeq} to ${lastSeq} remain${snapshot}`,
  ].join('\n')
}
