import type { Command } from 'commander'
import { checkJournal } from '../../journal/maintenance/check-journal.ts'
import type { JournalReport } from '../../journal/maintenance/check-journal.ts'
import { count, formatBytes } from '../output/printable.ts'
import { openTerminal } from '../output/terminal.ts'
import type { Colours } from '../output/terminal.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { printResult, withOutputFlags } from './output.ts'
import type { JournalFlags } from './output.ts'
import { headerText } from './header-text.ts'

/** Adds `check` to `journal`. Calls `done` with the exit status: 1 if there is damage. */
export function addCheckCommand(journal: Command, done: (status: number) => void): void {
  withOutputFlags(journal.command('check'))
    .description('Reads every line and lists all damage. Changes nothing.')
    .argument('<journal>', 'folder of --journal, or one file of it')
    .action((path: string, flags: JournalFlags) => {
      const report = checkJournal(path)
      const { colours } = openTerminal(process.stdout)
      printResult('journal.check', report, flags, () => checkText(report, colours))
      const isWhole = report.problems.length === 0 && report.payloads.problems.length === 0
      done(isWhole ? exitStatuses.ok : exitStatuses.failed)
    })
}

function checkText(report: JournalReport, colours: Colours): string {
  const { header } = report
  return [
    ...(header === undefined ? [] : [headerText(header)]),
    sizeText(report),
    ...snapshotLines(report, colours),
    ...tornLines(report, colours),
    ...report.problems.map(({ file, line, seq, byte, reason }) =>
      colours.red(`${file}, line ${line} (entry ${seq}, byte ${byte}) ${reason}`),
    ),
    ...payloadLines(report, colours),
    verdict(report, colours),
  ].join('\n')
}

function sizeText({ checks, entries, files, lastSeq, sizeBytes }: JournalReport): string {
  return (
    `${count(entries, 'entry', 'entries')} up to ${lastSeq}, ` +
    `${count(checks, 'recorded hash', 'recorded hashes')}, ` +
    `in ${count(files.length, 'file')} of ${formatBytes(sizeBytes)}`
  )
}

function snapshotLines({ snapshots }: JournalReport, { yellow }: Colours): readonly string[] {
  return snapshots.map(({ seq, isWhole }) =>
    isWhole
      ? `snapshot after entry ${seq}`
      : yellow(`note: the snapshot after entry ${seq} is damaged and not used`),
  )
}

function tornLines({ torn }: JournalReport, { yellow }: Colours): readonly string[] {
  if (torn === undefined) return []
  const { cutBytes, file } = torn
  const text = `${file} ends with ${cutBytes} bytes of an unfinished write; the next run removes them`
  return [yellow(`note: ${text}`)]
}

function payloadLines({ payloads }: JournalReport, { red }: Colours): readonly string[] {
  const { named, problems, unnamed } = payloads
  return [
    ...(named === 0 ? [] : [`${count(named, 'large result')} in payloads/`]),
    ...(unnamed === 0
      ? []
      : [
          `note: no entry refers to ${count(unnamed, 'file')} in payloads/; ` +
            '`jarcast journal compact` removes them',
        ]),
    ...problems.map(({ sha256, seq, reason }) =>
      red(
        `payloads/${sha256} (entry ${seq}) ${reason}: restore it from a copy, ` +
          'or the result of that task stays unavailable',
      ),
    ),
  ]
}

function verdict({ payloads, problems }: JournalReport, { green, red }: Colours): string {
  if (problems.length > 0) {
    return red(
      `damaged: ${count(problems.length, 'problem')}; restore the files from a copy, ` +
        'or see what `jarcast journal repair` would remove',
    )
  }
  const lost = payloads.problems.length
  return lost === 0 ? green('whole') : red(`all entries are whole, ${count(lost, 'result')} lost`)
}
