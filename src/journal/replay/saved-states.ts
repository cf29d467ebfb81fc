/** States that a run has saved beside its journal: a replay can begin with each. */
import type { AnyStateMachine } from 'xstate'
import type { CoreState } from '../core/core-state.ts'
import { fingerprintOf } from '../core/state-hash.ts'
import type { ScheduledEvent } from '../core/timers.ts'
import type { JournalHeader } from '../files/record.ts'
import { readSnapshot } from '../files/snapshot-store.ts'
import { isFolder } from '../files/survey.ts'

export interface SavedState {
  /** Of the last entry before it. */
  readonly seq: number
  readonly state: CoreState
  /** Of each of its timers, when it is due and which entry set it. Default: unknown. */
  readonly timersBefore?: readonly Pick<ScheduledEvent, 'due' | 'setBy'>[]
}

/**
 * Returns the newest state of this machine after entry `maxSeq` at most; undefined if there is
 * none, as beside a single file. Throws JOURNAL_NOT_FOUND, JOURNAL_UNREADABLE.
 */
export function readSavedState(
  path: string,
  { id }: Pick<JournalHeader, 'id'>,
  machine: AnyStateMachine,
  maxSeq: number,
): SavedState | undefined {
  if (!isFolder(path)) return undefined
  const found = readSnapshot(path, id, maxSeq, fingerprintOf(machine))
  return found && { seq: found.seq, state: found.state as CoreState }
}
