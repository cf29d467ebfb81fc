/** The replay of a journal that is still being written. */
import { setTimeout } from 'node:timers/promises'
import type { AnyStateMachine, EventFromLogic, SnapshotFrom } from 'xstate'
import { createCore } from '../core/core.ts'
import { hashOf } from '../core/state-hash.ts'
import { isEntry } from '../journal.ts'
import type { JournalRecord } from '../journal.ts'
import { followJournal } from './growing-journal.ts'
import { openReplaySource } from './replay-journal.ts'
import type { MachineHistory } from './replay-journal.ts'
import type { ReplayStep } from './replay-step.ts'
import { createStepper } from './stepper.ts'

export interface FollowedReplay<M extends AnyStateMachine> extends AsyncIterable<ReplayStep<M>> {
  readonly snapshot: SnapshotFrom<M>
  /** Hash of the present state. */
  hash(): string
}

export interface FollowOptions {
  /** Ends the steps. */
  readonly signal?: AbortSignal | undefined
  /** Time between two looks at the journal. */
  readonly pollMs?: number
}

/**
 * Replays a journal once, each entry as soon as it is written; ends when no process writes the
 * journal any more. Throws what `openReplaySource` and the replay throw.
 */
export function followReplay<M extends AnyStateMachine>(
  path: string,
  history: MachineHistory<M>,
  { signal, pollMs = 200 }: FollowOptions = {},
): FollowedReplay<M> {
  const { header, input, from } = openReplaySource(path, history)
  const core = createCore(history.machine, {
    input,
    startMs: header.createdAt,
    state: from?.state,
  })

  async function* steps(): AsyncGenerator<ReplayStep<M>> {
    let seq = from?.seq ?? 0
    const growing = followJournal(path, history.upcasters)
    const stepper = createStepper(core, seq)
    const isAborted = () => signal?.aborted === true
    while (!isAborted()) {
      // Asked before the entries are read: an entry may be written in between.
      const isOver = growing.isOver()
      for (const record of growing.readAfter(seq)) {
        if (isEntry(record)) seq = record.seq
        yield* stepper.take(record as JournalRecord<EventFromLogic<M>>)
      }
      yield* stepper.finish()
      if (isOver) return
      await setTimeout(pollMs, undefined, signal && { signal }).catch(() => undefined)
    }
  }

  return {
    [Symbol.asyncIterator]: steps,
    get snapshot() {
      return core.snapshot
    },
    hash: () => hashOf(core.serialize()),
  }
}
