import type { Command } from 'commander'
import { configInvalid } from '../../errors.ts'
import { repairJournal } from '../../journal/maintenance/repair-journal.ts'
import type { JournalRepair } from '../../journal/maintenance/repair-journal.ts'
import { count, formatBytes, shorten } from '../output/printable.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { printResult, withOutputFlags } from './output.ts'
import type { JournalFlags } from './output.ts'

interface RepairFlags extends JournalFlags {
  readonly to?: string
  readonly yes?: boolean
}

const help = `
A run that continues does not know the removed entries: if the end of a task is among them, the task may run again.
The removed part is kept in the folder, in removed-after-N.

Exit status: 0 if nothing is damaged, or the damage was removed; 1 if there is damage; 2 for wrong usage.`

/** Adds `repair` to `journal`. Calls `done` with the exit status: 1 if there is damage still. */
export function addRepairCommand(journal: Command, done: (status: number) => void): void {
  withOutputFlags(journal.command('repair'))
    .description('Lists what a damaged journal would lose; with --yes, ends it before the damage.')
    .addHelpText('after', help)
    .argument('<journal>', 'folder of --journal, while no run uses it')
    .option('--to <entry>', 'number of the last entry to keep (default: the last whole one)')
    .option('--yes', 'change the journal; without it, only list what would be lost')
    .action(async (path: string, flags: RepairFlags) => {
      const { to, yes = false } = flags
      const toSeq = to === undefined ? undefined : parseEntry(to)
      const repair = await repairJournal(path, { toSeq, isConfirmed: yes })
      printResult('journal.repair', repair, flags, () => repairText(path, repair))
      const isDone = repair.isWhole || repair.keptIn !== undefined
      done(isDone ? exitStatuses.ok : exitStatuses.failed)
    })
}

function parseEntry(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw configInvalid('to', `--to takes the number of an entry, not "${text}"`)
}

const maxListed = 20

function repairText(path: string, repair: JournalRepair): string {
  const { isWhole, toSeq, wholeSeq, snapshots, keptIn } = repair
  if (isWhole) return `whole: the journal ends with entry ${wholeSeq}`
  return [
    ...lostLines(repair),
    ...snapshots.map((file) => `the snapshot ${file} is removed too`),
    'A run that continues does not know these entries: if the end of a task is lost, the task may run again.',
    keptIn === undefined
      ? `To continue after entry ${toSeq}: jarcast journal repair ${path} --to ${toSeq} --yes`
      : `The journal now ends with entry ${toSeq}. The removed part is in ${keptIn}`,
  ].join('\n')
}

function lostLines({ keptIn, lost, toSeq, wholeSeq }: JournalRepair): readonly string[] {
  const { entries, lines, sizeBytes, taskIds } = lost
  const amount = `${count(lines, 'line')} of ${formatBytes(sizeBytes)}`
  const isLost = keptIn === undefined ? 'would be lost' : 'are lost'
  return [
    `entries up to ${wholeSeq} are whole; ${amount} after entry ${toSeq} ${isLost}`,
    ...listed(entries, ({ file, line, seq, type = 'time only' }) => {
      return `entry ${seq}, ${shorten(type, 40)} (${file}, line ${line})`
    }),
    ...(taskIds.length === 0 ? [] : ['tasks in these entries:']),
    ...listed(taskIds, (id) => shorten(id, 80)),
  ]
}

/** The first lines of a list, indented, and how many more there are. */
function listed<Item>(items: readonly Item[], toText: (item: Item) => string): readonly string[] {
  const more = items.length - maxListed
  return [
    ...items.slice(0, maxListed).map((item) => `  ${toText(item)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ]
}
