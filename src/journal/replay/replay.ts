/** Replay: recorded entries applied to a fresh machine, with nothing performed. */
import type { AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate'
import { createCore } from '../core/core.ts'
import type { Core, CoreOptions } from '../core/core.ts'
import type { CoreState } from '../core/core-state.ts'
import { hashOf } from '../core/state-hash.ts'
import type { JournalRecord } from '../journal.ts'
import type { ReplayStep } from './replay-step.ts'
import { createStepper } from './stepper.ts'

export interface Replay<M extends AnyStateMachine> extends Iterable<ReplayStep<M>> {
  readonly snapshot: SnapshotFrom<M>
  state(): CoreState
  /** Time of the next timer, ms since the epoch; undefined while none is set. */
  nextDue(): number | undefined
  /** Hash of the present state. */
  hash(): string
}

export interface ReplayOptions<M extends AnyStateMachine> {
  /** State after entry `seq`, to start from. Default: the initial state, before entry 1. */
  readonly from?: { readonly seq: number; readonly state: CoreState } | undefined
  /** Standard XState inspection, for every actor. */
  readonly inspect?: CoreOptions<M>['inspect']
}

/**
 * Replays one step each time the next one is asked for, once. `startedAt` is the journal's, ms
 * since the epoch. Iterating throws REPLAY_FAILED when the machine throws in its initial state.
 */
export function replay<M extends AnyStateMachine>(
  machine: M,
  input: InputFrom<M>,
  startedAt: number,
  records: Iterable<JournalRecord<EventFromLogic<M>>>,
  { from, inspect }: ReplayOptions<M> = {},
): Replay<M> {
  const core = createCore(machine, { input, startMs: startedAt, state: from?.state, inspect })
  return {
    [Symbol.iterator]: () => stepsOf(core, records, from?.seq ?? 0),
    get snapshot() {
      return core.snapshot
    },
    state: () => core.state(),
    nextDue: () => core.nextDue(),
    hash: () => hashOf(core.serialize()),
  }
}

function* stepsOf<M extends AnyStateMachine>(
  core: Core<M>,
  records: Iterable<JournalRecord<EventFromLogic<M>>>,
  startSeq: number,
): Generator<ReplayStep<M>> {
  const stepper = createStepper(core, startSeq)
  for (const record of records) yield* stepper.take(record)
  yield* stepper.finish()
}
