/** The entries of a journal that another process may be writing, read as they come. */
import type { EventObject } from 'xstate'
import { isFolder, surveyJournal } from '../files/survey.ts'
import { readRecords } from '../files/read-records.ts'
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
  return {
    readAfter(seq) {
      const { header, sources, lastSeq } = surveyJournal(path)
      if (lastSeq <= seq) return []
      const records = readRecords<EventObject>(header, sources, seq + 1)
      return upcastAll(records, header.version, upcasters)
    },
    lastSeq: () => surveyJournal(path).lastSeq,
    isOver: () => !isFolder(path) || !isLocked(path),
  }
}
