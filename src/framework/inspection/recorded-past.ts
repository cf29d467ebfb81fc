/** What a run has written to its journal, for a page that is opened later. */
import { messageOf } from '../../errors.ts'
import { openJournalPages } from '../../journal/replay/journal-pages.ts'
import { openReplaySource } from '../../journal/replay/replay-journal.ts'
import type { ReplaySource } from '../../journal/replay/replay-journal.ts'
import type { ReadEntries } from '../../inspector/replay-app/run/entry-store.ts'
import { schedulerHistory } from '../../machines/known-machines.ts'
import type { schedulerMachine } from '../../machines/scheduler/scheduler.ts'

export interface RecordedPast {
  /** Undefined if it cannot be read. */
  readonly readEntries?: ReadEntries
  /** The state that the first entry follows, if the journal was compacted. */
  readonly from?: ReplaySource<typeof schedulerMachine>['from']
  readonly notes: readonly string[]
}

/** Opens the journal of a run that goes on. A page needs it, the run does not: nothing is thrown. */
export function openRecordedPast(folder: string | undefined): RecordedPast {
  if (folder === undefined) return { notes: [] }
  try {
    const { from } = openReplaySource(folder, schedulerHistory)
    const { read } = openJournalPages(folder, schedulerHistory.upcasters)
    if (from === undefined) return { readEntries: read, notes: [] }
    const note = `The journal was compacted: it begins after entry ${from.seq}.`
    return { readEntries: read, from, notes: [note] }
  } catch (error) {
    return { notes: [`The journal cannot be read: ${messageOf(error)}`] }
  }
}
