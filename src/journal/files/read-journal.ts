/** A journal to look at: a folder, or one file, perhaps mailed by somebody, perhaps written to right now. */
import type { EventObject } from 'xstate'
import type { JournalRecord } from '../journal.ts'
import { readRecords } from './read-records.ts'
import type { JournalHeader } from './record.ts'
import { surveyJournal } from './survey.ts'
import type { TornTail } from './survey.ts'

export interface JournalReading<Event extends EventObject = EventObject> {
  /** Of the first segment: `firstSeq` > 1 when what was before is not there. */
  readonly header: JournalHeader
  /** Seq of the last whole entry; `header.firstSeq - 1` when there is none. */
  readonly lastSeq: number
  /** All of them, a check of the state before the first entry too, read as they are asked for. Throws JOURNAL_CORRUPT. */
  readonly records: Generator<JournalRecord<Event>, void>
  /** What stands at the end and is no whole line: of a file that was cut, or is being written. It is left out. */
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
