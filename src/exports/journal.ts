/** `jarcast/journal`: the gateway that runs any closed XState machine event-sourced. */
export type { CoreState, Rejection } from '../journal/core/core.ts'
export * from '../journal/journal.ts'
export type { Effect } from '../journal/core/outbox.ts'
export * from '../journal/replay/replay.ts'
export * from '../journal/runtime/runtime.ts'
export { fingerprintOf, hashOf } from '../journal/core/state-hash.ts'
export type { TimerState } from '../journal/core/timers.ts'
