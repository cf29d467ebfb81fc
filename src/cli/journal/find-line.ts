/** Finds the file and line of a record, for messages: a record does not have its place. */
import { isEntry } from '../../journal/journal.ts'
import type { JournalRecord } from '../../journal/journal.ts'
import { readLines } from '../../journal/files/read-lines.ts'
import { parseRecord } from '../../journal/files/record.ts'
import { listSegments } from '../../journal/files/segments.ts'
import { isFolder } from '../../journal/files/survey.ts'

/** `FILE, line 17` of the first record that `isMeant` accepts; `path` if there is none. */
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

/** Accepts the record of this hash of the state after entry `seq`. */
export function isCheckOf(seq: number, hash: string): (record: JournalRecord) => boolean {
  return (record) => !isEntry(record) && record.after === seq && record.hash === hash
}
