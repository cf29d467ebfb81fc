/** The whole state of a machine as JSON. */
import { inKeyOrder } from './actor-tree.ts'
import type { TimerState } from './timers.ts'

/** A machine's snapshot with those of its children, its time, and the timers that are set. */
export interface CoreState {
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly snapshot: unknown
  /** In the order in which they fire. */
  readonly timers: readonly TimerState[]
}

/** The state as JSON text: equal for equal states. */
export function serializeState({ now, snapshot, timers }: CoreState): string {
  return JSON.stringify({ now, snapshot: inKeyOrder(snapshot), timers })
}
