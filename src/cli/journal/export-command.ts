import type { Command } from 'commander'
import { configInvalid } from '../../errors.ts'
import { exportJournal } from '../../journal/maintenance/export-journal.ts'
import type { JournalExport } from '../../journal/maintenance/export-journal.ts'
import { readJournal } from '../../journal/files/read-journal.ts'
import { createEncoder, encodeHeader } from '../../journal/files/record.ts'
import { createLineWriter } from '../output/line-writer.ts'
import { count, formatBytes } from '../output/printable.ts'
import { exitStatuses } from '../process/exit-status.ts'
import { noteOf, printResult, withOutputFlags } from './output.ts'
import type { JournalFlags } from './output.ts'

/** Adds `export` to `journal`. Calls `done` with the exit status. */
export function addExportCommand(journal: Command, done: (status: number) => void): void {
  withOutputFlags(journal.command('export'))
    .description('Copies a journal, also of a running framework, into one file.')
    .argument('<journal>', 'folder of --journal')
    .argument('[file]', 'a new file (default: stdout)')
    .action(async (path: string, file: string | undefined, flags: JournalFlags) => {
      if (file === undefined) await exportToStdout(path, flags)
      else printResult('journal.export', await exportJournal(path, file), flags, exportText)
      done(exitStatuses.ok)
    })
}

async function exportToStdout(path: string, { json }: JournalFlags): Promise<void> {
  if (json === true) throw configInvalid('json', '--json of an export needs a file to write to')
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

function exportText({ file, firstSeq, lastSeq, sizeBytes, payloads, torn }: JournalExport): string {
  const compacted = 'the entries before it were removed, so this file cannot be replayed'
  const results = `it lacks ${count(payloads.length, 'large result')} of payloads/, which a replay does not need`
  return [
    `${file}: entries ${firstSeq} to ${lastSeq}, ${formatBytes(sizeBytes)}`,
    ...noteOf(firstSeq === 1 ? undefined : compacted),
    ...noteOf(payloads.length === 0 ? undefined : results),
    ...noteOf(torn && `it lacks ${torn.cutBytes} bytes of an unfinished write`),
  ].join('\n')
}
