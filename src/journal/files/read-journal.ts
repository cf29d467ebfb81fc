/** Reads a journal, a folder or one file, that another process may be writing. */
import type { EventObject } from 'xstate'
import type { JournalRecord } from '../journal.ts'
import { readRecords } from './read-records.ts'
import type { JournalHeader } from './record.ts'
import { surveyJournal } from './survey.ts'
import type { TornTail } from './survey.ts'

export interface JournalReading<Event extends EventObject = EventObject> {
  /** Of the first segment: `firstSeq` > 1 if earlier entries are missing. */
  readonly header: JournalHeader
  /** Seq of the last whole entry; `header.firstSeq - 1` if there is none. */
  readonly lastSeq: number
  /** All records, read while they are iterated. Throws JOURNAL_CORRUPT. */
  readonly records: Generator<JournalRecord<Event>, void>
  /** An unfinished write at the end, which is left out. */
  readonly torn: TornTail | undefined
}

/**
 * Reads a journal without locking or changing it.
 * Throws JOURNAL_NOT_FOUND, JOURNAL_UNREADABLE, JOURNAL_CORRUPT, JOURNAL_UNSUPPORTED.
 */
export function readJournal<Event extends EventObject = EventObject>(
  path: string,
): JournalReading<Event> {
  const { header, sources, lastSeq, torn } = surveyJournal(path)
  const records = readRecords<Event>(header, sources, header.firstSeq - 1)
  return { header, lastSeq, records, torn }
}
