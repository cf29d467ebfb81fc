/** One step of a run, live or replayed. */
import type { AnyStateMachine, EventFromLogic, SnapshotFrom } from 'xstate'
import type { Entry } from '../journal.ts'
import type { Outcome } from './outcome.ts'

export interface Transition<M extends AnyStateMachine> extends Outcome<M> {
  /** Undefined for the first one: the state that the run or the replay starts with. */
  readonly entry: Entry<EventFromLogic<M>> | undefined
  /** `seq` of the entry; of the last entry before the start for the first one, 0 in a new run. */
  readonly seq: number
  /** Milliseconds since the epoch, as the machine sees it. */
  readonly now: number
  /**
   * The state after the entry. It never changes, but the actors in its `children` do: read theirs
   * before the next transition.
   */
  readonly snapshot: SnapshotFrom<M>
}
