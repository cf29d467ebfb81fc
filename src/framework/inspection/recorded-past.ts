/** What a run has written to its journal, for a page that is opened later. */
import { messageOf } from '../../errors.ts'
import { openJournalPages } from '../../journal/replay/journal-pages.ts'
import { openReplaySource } from '../../journal/replay/replay-journal.ts'
import type { ReplaySource } from '../../journal/replay/replay-journal.ts'
import type { ReadEntries } from '../../inspector/replay-app/run/entry-store.ts'
import { readSavedState } from '../../journal/replay/saved-states.ts'
import type { SavedState } from '../../journal/replay/saved-states.ts'
import { schedulerHistory } from '../../machines/known-machines.ts'
import type { schedulerMachine } from '../../machines/scheduler/scheduler.ts'

export interface RecordedPast {
  /** Undefined if it cannot be read. */
  readonly readEntries?: ReadEntries
  /** The state that the first entry follows, if the journal was compacted. */
  readonly from?: ReplaySource<typeof schedulerMachine>['from']
  readonly savedStateAt?: (seq: number) => SavedState | undefined
  readonly notes: readonly string[]
}

/** Opens the journal of a live run. It never throws: the run continues without its page. */
export function openRecordedPast(folder: string | undefined): RecordedPast {
  if (folder === undefined) return { notes: [] }
  try {
    const { from, header } = openReplaySource(folder, schedulerHistory)
    const { read } = openJournalPages(folder, schedulerHistory.upcasters)
    const savedStateAt = (seq: number) =>
      readSavedState(folder, header, schedulerHistory.machine, seq)
    if (from === undefined) return { readEntries: read, savedStateAt, notes: [] }
    const note = `The journal was compacted: it begins after entry ${from.seq}.`
    return { readEntries: read, savedStateAt, from, notes: [note] }
  } catch (error) {
    return { notes: [`The journal cannot be read: ${messageOf(error)}`] }
  }
}
