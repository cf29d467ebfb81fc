/** The log of a run from its journal, which also has the events before this process started. */
import { setImmediate } from 'node:timers/promises'
import { createPublicFacts } from '../../../framework/facts/public-facts.ts'
import { replayJournal } from '../../../journal/replay/replay-journal.ts'
import { schedulerHistory } from '../../../machines/known-machines.ts'
import { toReportedEvent } from './reported-event.ts'
import { createRunLog } from './run-log.ts'
import type { RunLog } from './run-log.ts'

/** Entries per turn of the event loop. */
const entriesPerTurn = 1000

/**
 * The log of the run in a journal, with these tasks first. Undefined for a journal that is missing,
 * was compacted, or is of another version.
 */
export async function readRecordedLog(
  folder: string,
  taskIds: readonly string[],
): Promise<RunLog | undefined> {
  const log = createRunLog(taskIds)
  const toPublic = createPublicFacts()
  try {
    const { replay, startSeq } = replayJournal(folder, schedulerHistory)
    if (startSeq > 0) return undefined
    for (const { seq, now, facts } of replay) {
      for (const fact of facts) log.record(toReportedEvent(toPublic(fact, now)))
      if (seq % entriesPerTurn === 0) await setImmediate()
    }
    return log
  } catch {
    return undefined
  }
}
