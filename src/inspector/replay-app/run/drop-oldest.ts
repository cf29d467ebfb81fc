import type { AnyStateMachine } from 'xstate'
import type { EntryStore } from './entry-store.ts'
import type { RunIndex } from './run-index.ts'
import type { TimeTravel } from './time-travel.ts'

/**
 * Drops the oldest entries beyond a size, at least a tenth of all at once, up to a checkpoint from
 * which the others can be replayed.
 */
export function dropOldest<M extends AnyStateMachine>(
  store: EntryStore,
  index: RunIndex,
  travel: TimeTravel<M>,
  maxChars: number,
): void {
  if (store.chars <= maxChars) return
  const wanted = store.firstSeq + Math.ceil((store.lastSeq - store.firstSeq) / 10)
  const checkpoint = travel.firstAfter(wanted)
  if (checkpoint === undefined) return
  store.dropTo(checkpoint.seq)
  index.forgetBefore(checkpoint.seq + 1)
  travel.forgetBefore(checkpoint.seq)
}
