/** The entries of a journal that another process may be writing, read as they come. */
import { isFolder, surveyJournal } from '../files/survey.ts'
import type { Survey } from '../files/survey.ts'
import { readRecordLines } from '../files/read-records.ts'
import type { ReadPosition } from '../files/read-records.ts'
import type { JournalRecord } from '../journal.ts'
import { isLocked } from '../writer/lock.ts'
import { upcastAll } from './upcast.ts'
import type { Upcaster } from './upcast.ts'

export interface GrowingJournal {
  /** The records after entry `seq`, as far as they are on disk. Throws what `readJournal` throws. */
  readAfter(seq: number): Iterable<JournalRecord>
  /** Seq of the last whole entry on disk. */
  lastSeq(): number
  /** True once no process writes it. One file is never written again. */
  isOver(): boolean
}

export function followJournal(path: string, upcasters: readonly Upcaster[]): GrowingJournal {
  let reached: ReadPosition | undefined

  /** Goes on where the last reading ended: a long journal is read once. */
  function* recordsAfter({ header, sources }: Survey, seq: number): Generator<JournalRecord, void> {
    const from = reached?.seq === seq + 1 ? reached : undefined
    // Behind entry `seq`, checks of its state may have come since.
    const fromSeq = from === undefined ? seq + 1 : seq
    for (const { record, after } of readRecordLines(header, sources, fromSeq, from)) {
      reached = after
      yield record
    }
  }

  return {
    readAfter(seq) {
      const survey = surveyJournal(path)
      if (survey.lastSeq <= seq) return []
      return upcastAll(recordsAfter(survey, seq), survey.header.version, upcasters)
    },
    lastSeq: () => surveyJournal(path).lastSeq,
    isOver: () => !isFolder(path) || !isLocked(path),
  }
}
