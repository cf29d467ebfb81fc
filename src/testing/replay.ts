/** Replays a whole journal in a test and compares every recorded state. */
import { AssertionError } from 'node:assert'
import type { AnyStateMachine, SnapshotFrom } from 'xstate'
import type { CoreState } from '../journal/core/core-state.ts'
import type { Effect } from '../journal/core/outbox.ts'
import { replay as replayRecords } from '../journal/replay/replay.ts'
import type { ReplayStep } from '../journal/replay/replay-step.ts'
import { schedulerMachine } from '../machines/scheduler/scheduler.ts'
import { openSource } from './journal-source.ts'
import type { JournalSource } from './journal-source.ts'

export interface ReplayedJournal<M extends AnyStateMachine> {
  /** What each entry did; the first step is the initial state. */
  readonly steps: readonly ReplayStep<M>[]
  /** The effects of all steps. */
  readonly effects: readonly Effect[]
  readonly snapshot: SnapshotFrom<M>
  /** The whole state as JSON: snapshot, time and timers. */
  readonly state: CoreState
  readonly hash: string
}

/**
 * Replays a journal of the scheduler, or of `machine`. Throws AssertionError at the first state
 * that is not the recorded one; CONFIG_INVALID for a journal of another machine. An event that
 * makes the machine throw is in `rejections` of its step.
 */
export function replay(
  source: JournalSource<typeof schedulerMachine>,
): ReplayedJournal<typeof schedulerMachine>
export function replay<M extends AnyStateMachine>(
  source: JournalSource<M>,
  machine: M,
): ReplayedJournal<M>
export function replay(
  source: JournalSource<AnyStateMachine>,
  machine: AnyStateMachine = schedulerMachine,
): ReplayedJournal<AnyStateMachine> {
  const { input, startedAt, records, from } = openSource(source, machine)
  const replayed = replayRecords(machine, input, startedAt, records, { from })
  const steps: ReplayStep<AnyStateMachine>[] = []
  for (const step of replayed) {
    assertRecorded(step)
    steps.push(step)
  }
  return {
    steps,
    effects: steps.flatMap(({ effects }) => effects),
    snapshot: replayed.snapshot,
    state: replayed.state(),
    hash: replayed.hash(),
  }
}

function assertRecorded({ seq, entry, mismatches: [mismatch] }: ReplayStep<AnyStateMachine>): void {
  if (mismatch === undefined) return
  const { recorded: expected, replayed: actual } = mismatch
  const type = (entry?.event as { readonly type: string } | undefined)?.type ?? 'no event'
  throw new AssertionError({
    message: `after entry ${seq} (${type}) the recorded hash is ${expected}, that of the replay ${actual}`,
    actual,
    expected,
    operator: 'replay',
  })
}
