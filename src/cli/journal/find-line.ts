/** Where in a journal's files something stands, for messages: entries themselves do not know. */
import { isEntry } from '../../journal/journal.ts'
import type { JournalRecord } from '../../journal/journal.ts'
import { readLines } from '../../journal/files/read-lines.ts'
import { parseRecord } from '../../journal/files/record.ts'
import { listSegments } from '../../journal/files/segments.ts'
import { isFolder } from '../../journal/files/survey.ts'

/** `FILE, line 17` of the first record that is meant; the journal's path when there is none. */
export function findLine(path: string, isMeant: (record: JournalRecord) => boolean): string {
  const files = isFolder(path) ? listSegments(path).map(({ file }) => file) : [path]
  for (const file of files) {
    for (const { bytes, line } of readLines(file)) {
      const record = parseRecord(bytes)
      if (record !== undefined && isMeant(record)) return `${file}, line ${line}`
    }
  }
  return path
}

/** A record that checks the state after entry `seq`, with this hash. */
export function isCheckOf(seq: number, hash: string): (record: JournalRecord) => boolean {
  return (record) => !isEntry(record) && record.after === seq && record.hash === hash
}
