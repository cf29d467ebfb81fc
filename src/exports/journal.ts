/** `jarcast/journal`: the gateway that runs any closed XState machine event-sourced. */
export type { CoreState, Rejection } from '../journal/core.ts'
export * from '../journal/journal.ts'
export type { Effect } from '../journal/outbox.ts'
export * from '../journal/replay.ts'
export * from '../journal/runtime.ts'
export { fingerprintOf, hashOf } from '../journal/state-hash.ts'
export type { TimerState } from '../journal/timers.ts'
