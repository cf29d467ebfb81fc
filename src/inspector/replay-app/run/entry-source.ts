import type { JournalRecord } from '../../../journal/journal.ts'

/** Where the entries of a run are read: a journal, or a list. */
export interface EntrySource {
  /** The records after those that it returned before, as far as there are any. */
  read(): Iterable<JournalRecord>
  /** True once no more will come. */
  isOver(): boolean
  /** `seq` of the last entry that is there now, if it is known before all are read. */
  readonly lastSeq?: number
}
