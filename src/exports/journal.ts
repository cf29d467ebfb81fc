/** `jarcast/journal`: the gateway that runs any closed XState machine event-sourced. */
export * from '../journal/journal.ts'
export type { Effect } from '../journal/outbox.ts'
export * from '../journal/runtime.ts'
