import type { Command } from 'commander'
import { JarcastError } from '../../errors.ts'
import { checkJournal } from '../../journal/maintenance/check-journal.ts'
import type { JournalReport } from '../../journal/maintenance/check-journal.ts'
import { compactJournal } from '../../journal/maintenance/compact-journal.ts'
import type { JournalCompaction } from '../../journal/maintenance/compact-journal.ts'
import { exportJournal } from '../../journal/maintenance/export-journal.ts'
import type { JournalExport } from '../../journal/maintenance/export-journal.ts'
import { readJournal } from '../../journal/files/read-journal.ts'
import { repairJournal } from '../../journal/maintenance/repair-journal.ts'
import type { JournalRepair } from '../../journal/maintenance/repair-journal.ts'
import { createEncoder, encodeHeader } from '../../journal/files/record.ts'
import { fingerprintOf } from '../../journal/core/state-hash.ts'
import { findMachine } from '../../machines/known-machines.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { createLineWriter } from '../output/line-writer.ts'
import { count, formatBytes, shorten } from '../output/printable.ts'
import { headerText } from './replay-view.ts'
import { openTerminal } from '../output/terminal.ts'

interface JournalFlags {
  readonly json?: boolean
}

interface RepairFlags extends JournalFlags {
  readonly to?: string
  readonly yes?: boolean
}

const repairHelp = `
A run that goes on afterwards does not know what was lost: a task of which the end is lost may run again.
What is removed is kept in the folder, in removed-after-N.

Exit status: 0 when nothing is broken, or is any more; 1 when something is; 2 for wrong usage.`

const help = `
A journal is a folder of NDJSON files: a header, then an entry per line, each with a checksum.

Examples:
  $ jarcast journal check ./run-1
  $ jarcast journal compact ./run-1
  $ jarcast journal repair ./run-1
  $ jarcast journal export ./run-1 run-1.ndjson

Exit status: 0, or 1 when something in the journal is broken or cannot be written; 2 for wrong usage.`

/** Adds `jarcast journal check|compact|repair|export`. `done` is told the exit status. */
export function addJournalCommand(program: Command, done: (status: number) => void): void {
  const journal = program
    .command('journal')
    .summary('check, repair, compact or export a journal')
    .description('Looks after the journals that --journal makes.')
    .addHelpText('after', help)

  withOutput(journal.command('check'))
    .description('Reads every line and names all that is broken. Changes nothing.')
    .argument('<journal>', 'folder of --journal, or one file of it')
    .action((path: string, { json = false }: JournalFlags) => {
      const report = checkJournal(path)
      print(json ? JSON.stringify(report) : reportText(report))
      const isWhole = report.problems.length === 0 && report.payloads.problems.length === 0
      done(isWhole ? exitStatuses.ok : exitStatuses.failed)
    })

  withOutput(journal.command('compact'))
    .description(
      'Drops the files whose entries are all in the newest snapshot, and results that are no longer needed.',
    )
    .addHelpText(
      'after',
      '\nThe run goes on as before, but can no longer be replayed from its start.',
    )
    .argument('<journal>', 'folder of --journal, while no run uses it')
    .action(async (path: string, { json = false }: JournalFlags) => {
      const compaction = await compactJournal(path, fingerprintFor(path))
      print(json ? JSON.stringify(compaction) : compactionText(compaction))
      done(exitStatuses.ok)
    })

  withOutput(journal.command('repair'))
    .description('Lists what a broken journal would lose, and ends it before the damage.')
    .addHelpText('after', repairHelp)
    .argument('<journal>', 'folder of --journal, while no run uses it')
    .option('--to <entry>', 'number of the last entry to keep (default: the last whole one)')
    .option('--yes', 'change the journal; without this, only list what would be lost')
    .action(async (path: string, { json = false, to, yes = false }: RepairFlags) => {
      const toSeq = to === undefined ? undefined : parseEntry(to)
      const repair = await repairJournal(path, { toSeq, isConfirmed: yes })
      print(json ? JSON.stringify(repair) : repairText(path, repair))
      const isDone = repair.isWhole || repair.keptIn !== undefined
      done(isDone ? exitStatuses.ok : exitStatuses.failed)
    })

  withOutput(journal.command('export'))
    .description('Copies a journal into one file, to cut, to mail, to replay. It may be in use.')
    .argument('<journal>', 'folder of --journal')
    .argument('[file]', 'a new file (default: to stdout)')
    .action(async (path: string, file: string | undefined, { json = false }: JournalFlags) => {
      if (file === undefined) await exportToStdout(path, json)
      else {
        const exported = await exportJournal(path, file)
        print(json ? JSON.stringify(exported) : exportText(exported))
      }
      done(exitStatuses.ok)
    })
}

function withOutput(command: Command): Command {
  return command
    .option('--json', 'print one JSON object and nothing else')
    .option('--verbose', 'show where in the program an error came from')
}

function print(text: string): void {
  openTerminal(process.stdout).print(text)
}

/** Only a snapshot that this version can start from may take the place of entries. */
function fingerprintFor(path: string): { readonly fingerprint?: string } {
  const known = findMachine(readJournal(path).header.machine)
  return known === undefined ? {} : { fingerprint: fingerprintOf(known.machine) }
}

async function exportToStdout(path: string, json: boolean): Promise<void> {
  if (json) throw new JarcastError('CONFIG_INVALID', '--json of an export needs a file to write to')
  const { header, records } = readJournal(path)
  const writer = createLineWriter(process.stdout)
  await writer.write(encodeHeader(header).trimEnd())
  const encode = createEncoder(header)
  for (const record of records) {
    await writer.write(encode(record).trimEnd())
    if (!writer.isOpen) break
  }
  await writer.flush()
}

function reportText(report: JournalReport): string {
  const {
    header,
    files,
    sizeBytes,
    entries,
    checks,
    lastSeq,
    problems,
    torn,
    snapshots,
    payloads,
  } = report
  const { colours } = openTerminal(process.stdout)
  return [
    ...(header === undefined ? [] : [headerText(header)]),
    `${count(entries, 'entry', 'entries')} up to ${lastSeq}, ` +
      `${count(checks, 'recorded hash', 'recorded hashes')}, ` +
      `in ${count(files.length, 'file')} of ${formatBytes(sizeBytes)}`,
    ...snapshots.map(({ seq, isWhole }) => {
      return isWhole
        ? `snapshot after entry ${seq}`
        : colours.yellow(`note: the snapshot after entry ${seq} is broken, and passed over`)
    }),
    ...(torn === undefined
      ? []
      : [
          colours.yellow(
            `note: ${torn.file} ends in ${torn.cutBytes} bytes of a write that was never finished: ` +
              'the next run cuts them off',
          ),
        ]),
    ...problems.map(({ file, line, seq, byte, reason }) =>
      colours.red(`${file}, line ${line} (entry ${seq}, byte ${byte}) ${reason}`),
    ),
    ...(payloads.named === 0 ? [] : [`${count(payloads.named, 'large result')} in payloads/`]),
    ...(payloads.unnamed === 0
      ? []
      : [
          `note: no entry names ${count(payloads.unnamed, 'file')} in payloads/, ` +
            'which `jarcast journal compact` removes',
        ]),
    ...payloads.problems.map(({ sha256, seq, reason }) =>
      colours.red(
        `payloads/${sha256} (entry ${seq}) ${reason}: restore it from a copy, ` +
          'or the result of that task stays unavailable',
      ),
    ),
    problems.length === 0
      ? payloads.problems.length === 0
        ? colours.green('whole')
        : colours.red(`the entries are whole, ${count(payloads.problems.length, 'result')} lost`)
      : colours.red(
          `broken: ${count(problems.length, 'problem')}; restore the files from a copy, ` +
            'or see what `jarcast journal repair` would lose',
        ),
  ].join('\n')
}

const shownLost = 20

function repairText(path: string, repair: JournalRepair): string {
  const { isWhole, toSeq, wholeSeq, lost, snapshots, keptIn } = repair
  if (isWhole) return `whole: the journal ends with entry ${wholeSeq}`
  const { entries, taskIds, lines, sizeBytes } = lost
  const more = (length: number) => (length > shownLost ? [`  and ${length - shownLost} more`] : [])
  return [
    `the entries up to ${wholeSeq} are whole; behind entry ${toSeq}, ` +
      `${count(lines, 'line')} of ${formatBytes(sizeBytes)} ${keptIn === undefined ? 'would be' : 'are'} lost`,
    ...entries.slice(0, shownLost).map(({ file, line, seq, type = 'time alone' }) => {
      return `  entry ${seq}, ${shorten(type, 40)} (${file}, line ${line})`
    }),
    ...more(entries.length),
    ...(taskIds.length === 0 ? [] : ['tasks that are named there:']),
    ...taskIds.slice(0, shownLost).map((id) => `  ${shorten(id, 80)}`),
    ...more(taskIds.length),
    ...snapshots.map((file) => `the snapshot ${file} is removed too`),
    'A run that continues does not know these entries: if the end of a task is lost, the task may run again.',
    keptIn === undefined
      ? `To go on after entry ${toSeq}: jarcast journal repair ${path} --to ${toSeq} --yes`
      : `The journal ends with entry ${toSeq} now. What was removed is in ${keptIn}`,
  ].join('\n')
}

function parseEntry(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new JarcastError('CONFIG_INVALID', `--to takes the number of an entry, not "${text}"`, {
    details: { setting: 'to' },
  })
}

function compactionText({ snapshotSeq, dropped, firstSeq, lastSeq }: JournalCompaction): string {
  if (dropped.length === 0) {
    return snapshotSeq === undefined
      ? 'nothing was dropped: there is no snapshot that this version can start from'
      : `nothing to drop: no file ends before snapshot ${snapshotSeq}`
  }
  const freed = formatBytes(dropped.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))
  return [
    ...dropped.map(({ file }) => `dropped ${file}`),
    `freed ${freed}: entries ${firstSeq} to ${lastSeq} are left` +
      (snapshotSeq === undefined ? '' : `, with the snapshot after ${snapshotSeq}`),
  ].join('\n')
}

function exportText({ file, firstSeq, lastSeq, sizeBytes, payloads, torn }: JournalExport): string {
  return [
    `${file}: entries ${firstSeq} to ${lastSeq}, ${formatBytes(sizeBytes)}`,
    ...(firstSeq === 1
      ? []
      : ['note: what was before is not there, so that it can be read, but not replayed']),
    ...(payloads.length === 0
      ? []
      : [
          `note: ${count(payloads.length, 'large result')} in payloads/ of the journal are not in it; ` +
            'a replay needs none',
        ]),
    ...(torn === undefined
      ? []
      : [`note: ${torn.cutBytes} bytes of a write that was never finished are left out`]),
  ].join('\n')
}
