import type { AnyStateMachine } from 'xstate'
import type { Transition } from '../core/transition.ts'
import type { StateChange } from './state-changes.ts'

/** A transition, compared with the state recorded after it. */
export interface ReplayStep<M extends AnyStateMachine> extends Transition<M> {
  /** Machines whose state changed, the root first. */
  readonly changes: readonly StateChange[]
  /** Number of hashes recorded after this entry. */
  readonly checks: number
  /** Those that are not the hash of the replayed state. */
  readonly mismatches: readonly Mismatch[]
  /** Only the checks of a step that was given before they came. */
  readonly isLate?: true
}

export interface Mismatch {
  readonly recorded: string
  readonly replayed: string
}
